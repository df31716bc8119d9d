"""Calls the running extension over the session bus. Core thread only.

The extension owns the bus name and the object; Harken is the client. So a selection is passed only to a program that
asks for it, and when Harken exits, for whatever reason, the shell sees its connection close and releases its keys.

A program that only pretends to be the extension is not trusted: the real one runs in GNOME Shell, so it shares the
shell's connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, message_bus, new_method_call

from reader import tasks
from reader.dbus import LIMIT_S, Bus, open_bus
from reader.errors import DesktopError
from reader.gnome_shell.state import EXTENSIONS, SHELL, UUID, Status, ask_state
from reader.support import foreign

log = logging.getLogger(__name__)

NAME = "example.harken.Shell"
_PATH = "/example/harken/Shell"
# The version of the interface that Harken and the extension must agree on: see extension.js.
PROTOCOL = 1
# How long it may be running without its name: it requests the name as the shell starts it.
_BETWEEN_S = 2.0

OnSignal = Callable[[str, tuple[Any, ...]], None]
OnChange = Callable[[], None]


class ShellExtension:
    """`absence` says why it can't be called now, "" if it can.

    `on_change` is called whenever that changes, and when the extension was gone for a moment: it has then forgotten
    everything it was asked. `is_paused`: it is not there now, but will be back by itself: while the screen is locked,
    GNOME disables all extensions.
    """

    def __init__(self, on_change: OnChange = lambda: None, on_signal: OnSignal = lambda _name, _body: None) -> None:
        """`on_signal` gets the names and contents of its signals."""
        self.absence = "it was not looked for yet"
        self.is_paused = False
        self.version = ""
        self._on_change = on_change
        self._on_signal = on_signal
        self._bus: Bus | None = None
        self._seen = 0  # how many changes `absence` covers
        self._owner = ""  # the shell's unique name, while it owns the extension's name
        self._news = asyncio.Event()
        self._changes = 0  # of the name's owner
        self._is_between = False  # it is about to appear or disappear
        self._task: asyncio.Task[None] | None = None

    @property
    def is_here(self) -> bool:
        """Whether it can be called."""
        return not self.absence

    async def start(self) -> None:
        """Look for it, and from then on notice when it comes and goes. Raises DesktopError if there is no bus."""
        self._bus = bus = await open_bus()
        try:
            for rule in _changes():
                bus.listen(rule, self._take_news)
                await bus.follow(rule)
            signals = MatchRule(type="signal", interface=NAME, path=_PATH)
            bus.listen(signals, self._take_signal)
            await bus.follow(signals)
            await self._look()
        except BaseException:
            await self.close()
            raise
        self._task = tasks.start(self._follow(bus), "the extension of GNOME Shell")

    async def ask(self, method: str, signature: str = "", *values: object, limit_s: float = LIMIT_S) -> tuple[Any, ...]:
        """Its answer: untrusted, of any types. Raises DesktopError, also if it is not there."""
        if self._bus is None or self.absence:
            raise DesktopError(f"{method}: {self.absence}")
        address = DBusAddress(_PATH, self._owner, NAME)
        return await self._bus.ask(new_method_call(address, method, signature or None, values), limit_s)

    async def close(self) -> None:
        """Stop using it: it releases what it holds for this connection. May be called twice."""
        self._on_change = lambda: None
        self._on_signal = lambda _name, _body: None
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._bus:
            await self._bus.close()
            self._bus = None
        self.absence = "it is not asked any more"

    def _take_news(self, message: Message) -> None:
        self._changes += message.body[0] == NAME
        self._news.set()

    def _take_signal(self, message: Message) -> None:
        if message.header.fields.get(HeaderFields.sender) == self._owner:
            self._on_signal(message.header.fields[HeaderFields.member], message.body)

    async def _follow(self, bus: Bus) -> None:
        gone = tasks.start(bus.wait_until_gone(), "the bus of the extension")
        try:
            while not gone.done():
                news = tasks.start(self._news.wait(), "news of the extension")
                try:
                    limit_s = _BETWEEN_S if self._is_between else None
                    await asyncio.wait({gone, news}, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    news.cancel()
                is_late = self._is_between and not self._news.is_set()
                self._news.clear()
                before = self._known
                await self._look(is_late=is_late)
                if before != self._known:
                    log.info("the extension of GNOME Shell: %s", self.absence or "here")
                    self._on_change()
        finally:
            gone.cancel()

    @property
    def _known(self) -> tuple[object, ...]:
        return self.absence, self.is_paused, self._seen

    async def _look(self, *, is_late: bool = False) -> None:
        """Find out whether it is there.

        If it runs without its name, it is about to come or go. So is one that was paused and is disabled: on GNOME 45
        there is no other sign between unlocking the screen and its start. Another report follows; `is_late` means
        that none came in time.
        """
        assert self._bus
        comes_or_goes = {Status.RUNS, Status.OFF} if self.is_paused and not self._is_between else {Status.RUNS}
        self._is_between = False
        owner, absence, is_paused, changes = "", "", False, self._changes
        try:
            (shell,) = await self._bus.ask(message_bus.GetNameOwner(SHELL))
            with contextlib.suppress(DesktopError):
                (owner,) = await self._bus.ask(message_bus.GetNameOwner(NAME))
            if owner != shell:
                state = await ask_state(self._bus)
                self._is_between = not owner and state.status in comes_or_goes and not is_late
                owner, absence = "", state.why_not or "the extension is not responding"
                is_paused = state.status is Status.PAUSED or self._is_between
            else:
                absence = await self._greet(owner)
        except DesktopError as error:
            log.debug("no extension: %s", error)
            absence = "GNOME Shell is not responding"
        self._owner, self.absence, self.is_paused, self._seen = owner, absence, is_paused, changes

    async def _greet(self, owner: str) -> str:
        """Why it can't be used, "" when it can."""
        assert self._bus
        protocol, version = (*await self._bus.call(owner, _PATH, NAME, "Hello"), None, None)[:2]
        self.version = foreign.shown(version)
        if protocol != PROTOCOL:
            return f"version {self.version} of the extension is running, not this Harken's: log out and in again"
        return ""


def _changes() -> list[MatchRule]:
    """The signals that say that it may have come or gone."""
    rules = []
    for name in (NAME, SHELL):
        rule = MatchRule(
            type="signal", sender=message_bus.bus_name, interface=message_bus.interface, member="NameOwnerChanged"
        )
        rule.add_arg_condition(0, name)
        rules.append(rule)
    state = MatchRule(type="signal", interface=EXTENSIONS, member="ExtensionStateChanged")
    state.add_arg_condition(0, UUID)
    return [*rules, state]
