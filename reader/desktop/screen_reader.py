"""Whether a screen reader runs on a Linux desktop, and whether it speaks programs' announcements.

The desktop's own switch (org.a11y.Status, ScreenReaderEnabled) is on only if the desktop started it. So the
accessibility bus is also asked who listens to what: every screen reader listens to the focus and the caret, and those
that speak announcements listen to them; Orca has since version 45.

Orca speaks through speech-dispatcher, which can be told to stop: speech caused by a key press, such as the key's name,
must not continue over a reading.

Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from typing import Any

from jeepney import MatchRule, Message

from reader import tasks
from reader.dbus import STARTING_LIMIT_S, Bus, open_bus
from reader.errors import DesktopError
from reader.flow import Event, ScreenReader, State, StateChanged
from reader.support import unix

log = logging.getLogger(__name__)

_STATUS = "org.a11y.Bus", "/org/a11y/bus"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_REGISTRY = "org.a11y.atspi.Registry"
_REGISTRY_PATH = "/org/a11y/atspi/registry"
# A screen reader that comes or goes changes some thirty registrations at once.
_SETTLED_S = 0.05
_FIRST_LIMIT_S = 1.0
_HUSH_LIMIT_S = 0.5
# How many registrations are looked at.
_MOST = 10_000


class BusWatch:
    """Implements ScreenReaderWatch."""

    def __init__(self, on_change: Callable[[ScreenReader], None]) -> None:
        """`on_change` gets the screen reader's state each time it changes."""
        self.found = ScreenReader()
        self._on_change = on_change
        self._news = asyncio.Event()
        self._is_known = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self._hushing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start watching. Waits briefly for the first answer, which anything said at once depends on."""
        self._watching = tasks.keep(self._watch, "watch for a screen reader")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._is_known.wait(), _FIRST_LIMIT_S)

    async def close(self) -> None:
        """Stop watching."""
        running = [task for task in (self._watching, self._hushing) if task]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    def on_event(self, event: Event) -> None:
        """Receives events as they are published: two voices at once can't be understood."""
        is_begun = isinstance(event, StateChanged) and event.state in (State.PREPARING, State.SPEAKING)
        if is_begun and self.found.is_running and (self._hushing is None or self._hushing.done()):
            self._hushing = tasks.start(_hush(), "hush the screen reader")

    # ---- who listens ----

    async def _watch(self) -> None:
        session: Bus | None = None
        bus: Bus | None = None
        try:
            session = await open_bus()
            (address,) = await session.call(*_STATUS, "org.a11y.Bus", "GetAddress", limit_s=STARTING_LIMIT_S)
            bus = await open_bus(str(address))
            for on, sender, path, interface in (
                (session, _STATUS[0], _STATUS[1], _PROPERTIES),
                (bus, _REGISTRY, _REGISTRY_PATH, _REGISTRY),
            ):
                on.listen(MatchRule(type="signal", path=path, interface=interface), self._on_news)
                # The bus knows the sender, and passes on nothing from others.
                await on.follow(MatchRule(type="signal", sender=sender, path=path, interface=interface))
            gone = [tasks.start(each.wait_until_gone(), "end of a bus") for each in (session, bus)]
            try:
                while not any(task.done() for task in gone):
                    self._news.clear()
                    self._note(await _look(session, bus))
                    await self._wait_for_news(gone)
            finally:
                for task in gone:
                    task.cancel()
        except (DesktopError, ValueError) as error:
            log.debug("whether a screen reader runs is not known: %s", error)
        finally:
            self._note(ScreenReader())
            for each in (session, bus):
                if each:
                    await each.close()

    def _on_news(self, _message: Message) -> None:
        self._news.set()

    async def _wait_for_news(self, gone: list[asyncio.Task[None]]) -> None:
        news = tasks.start(self._wait(), "news of screen readers")
        try:
            await asyncio.wait({news, *gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
        await asyncio.sleep(_SETTLED_S)  # changes that arrive meanwhile need only one look

    async def _wait(self) -> None:
        await self._news.wait()

    def _note(self, found: ScreenReader) -> None:
        self._is_known.set()
        if found != self.found:
            log.info("screen reader: %s", found)
            self.found = found
            self._on_change(found)


async def _look(session: Bus, bus: Bus) -> ScreenReader:
    """Ask the desktop, and who listens to what. Raises DesktopError."""
    answer = await session.call(*_STATUS, _PROPERTIES, "Get", "ss", "org.a11y.Status", "ScreenReaderEnabled")
    is_enabled = answer[:1] == (("b", True),)
    listeners = _listeners(await bus.call(_REGISTRY, _REGISTRY_PATH, _REGISTRY, "GetRegisteredEvents"))
    hears = any("announcement" in events for events in listeners.values())
    follows = any({"statechanged", "textcaretmoved"} <= events for events in listeners.values())
    return ScreenReader(is_enabled or hears or follows, hears)


def _listeners(answer: tuple[Any, ...]) -> dict[str, set[str]]:
    """Which object events each program listens to: the second part of "object:announcement:"."""
    found: dict[str, set[str]] = {}
    entries = answer[0] if answer and isinstance(answer[0], list) else []
    for entry in entries[:_MOST]:
        if not (isinstance(entry, tuple) and len(entry) >= 2 and all(isinstance(part, str) for part in entry[:2])):
            continue
        kind, _, rest = entry[1].lower().replace("-", "").partition(":")  # the registry writes "Object:TextCaretMoved:"
        if kind == "object" and rest:
            found.setdefault(entry[0], set()).add(rest.partition(":")[0])
    return found


async def _hush() -> None:
    """Make speech-dispatcher stop speaking, if it runs. Uses SSIP, its socket's protocol."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    path = os.path.join(runtime, "speech-dispatcher", "speechd.sock")
    kind, _, place = os.environ.get("SPEECHD_ADDRESS", "").partition(":")
    if kind == "unix_socket" and place:
        path = place
    try:
        async with asyncio.timeout(_HUSH_LIMIT_S):
            reader, writer = await unix.connect(path)
            try:
                writer.write(b"SET SELF CLIENT_NAME user:harken:hush\r\nCANCEL ALL\r\nQUIT\r\n")
                await writer.drain()
                while await reader.read(4096):
                    pass
            finally:
                writer.close()
    except (OSError, TimeoutError) as error:
        log.debug("speech-dispatcher does not answer: %s", type(error).__name__)
