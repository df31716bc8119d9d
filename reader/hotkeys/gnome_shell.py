"""Keys from GNOME Shell itself, through Harken's extension: without a dialog, and with Esc while reading.

The extension comes and goes. While the screen is locked, this remains the way to take keys. If the user disables the
extension, `choose.py` has another way until it is back. Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from reader import tasks
from reader.errors import DesktopError, HotkeyError
from reader.flow import BoundKeys, Command
from reader.gnome_shell.extension import ShellExtension
from reader.hotkeys import gnome_settings
from reader.hotkeys.base import REPEATING, Held, OnChange, OnCommand
from reader.hotkeys.chord import Chord
from reader.support import foreign
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# GNOME applies changes of its settings in the background without reporting it: ask again for this long.
_LET_GO_S, _ASK_AGAIN_S = 2.0, 0.05
_GTK_MODIFIERS = {"Ctrl": "<Control>", "Super": "<Super>", "Alt": "<Alt>", "Shift": "<Shift>"}


class GnomeShellHotkeys:
    """Implements HotkeyBackend."""

    name = "gnome shell"
    swallows = True
    asks_user = False
    sees_conflicts = True
    has_escape = True

    def __init__(self, on_command: OnCommand) -> None:
        self.on_change: OnChange = lambda _: None
        self._on_command = on_command
        self._held = Held()
        self._extension = ShellExtension(self._on_presence, self._on_signal)
        self._wanted: dict[Command, Chord] = {}
        self._escape: Command | None = None
        self._has_escape = False
        self._has_let_go = False
        self._turn = asyncio.Lock()
        self._following: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def start(self) -> None:
        """Start. Raises DesktopError, with the reason, if the extension is not available."""
        await self._extension.start()
        if self._extension.absence:
            raise DesktopError(self._extension.absence)

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        self._wanted = dict(wanted)
        async with self._turn:
            return await self._bind()

    def bind_escape(self, command: Command | None) -> None:
        if command is not self._escape and not self._is_closed:
            self._escape = command
            self._do(self._follow_escape(), "take Esc")

    def spare_focus(self, is_wanted: bool) -> None:
        """Nothing to do: the shell's keys don't take the focus."""

    async def close(self) -> None:
        self._is_closed = True
        self._escape = None
        self.on_change = lambda _: None
        for task in [*self._following]:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        async with self._turn:
            # Closing the connection would free them too, but a moment later.
            try:
                await self._extension.ask("Bind", "a(ssb)", [])
                await self._apply_escape()
            except DesktopError as error:
                log.debug("no keys to let go of: %s", error)
            await self._extension.close()

    async def _bind(self) -> BoundKeys:
        """Bind exactly what is wanted now. Raises HotkeyError."""
        wanted = dict(self._wanted)
        if self._extension.is_paused:  # nobody presses Harken's keys while the screen is locked
            return _keys(wanted, {})
        keys = [(str(command), accelerator(chord), command in REPEATING) for command, chord in wanted.items()]
        try:
            (refused,) = await self._extension.ask("Bind", "a(ssb)", keys)
            if refused and await self._let_go_of_older():
                until_s = time.monotonic() + _LET_GO_S
                while refused and time.monotonic() < until_s:
                    await asyncio.sleep(_ASK_AGAIN_S)
                    (refused,) = await self._extension.ask("Bind", "a(ssb)", keys)
            await self._apply_escape()
        except (DesktopError, ValueError) as error:
            raise HotkeyError(self._extension.absence or str(error)) from error
        return _keys(wanted, read_refusals(refused, wanted))

    async def _let_go_of_older(self) -> bool:
        """Remove, once, what a killed Harken left in GNOME's list, for which keys may be refused. Whether it had."""
        if self._has_let_go:
            return False
        self._has_let_go = True
        with contextlib.suppress(DesktopError):
            return await gnome_settings.let_go()
        return False

    async def _follow_escape(self) -> None:
        async with self._turn:
            try:
                await self._apply_escape()
            except DesktopError as error:
                log.debug("no Esc: %s", error)

    async def _apply_escape(self) -> None:
        """Take or release Esc, as wanted now. Raises DesktopError."""
        is_wanted = self._escape is not None
        if is_wanted is not self._has_escape:
            self._has_escape = is_wanted
            await self._extension.ask("BindEscape", "b", is_wanted)

    # ---- what the extension does ----

    def _on_presence(self) -> None:
        """The extension has come or gone. A new one has no keys yet; if it is gone for good, other ways are tried."""
        if self._extension.is_here and not self._is_closed:
            self._do(self._bind_again(), "bind again")

    async def _bind_again(self) -> None:
        async with self._turn:
            self._has_escape = False
            try:
                keys = await self._bind()
            except HotkeyError as error:
                log.info("no keys of GNOME Shell: %s", error)
                return
        self.on_change(keys)

    def _on_signal(self, name: str, body: tuple[Any, ...]) -> None:
        if self._is_closed:
            return
        if name == "Escape":
            if self._escape:
                self._on_command(self._escape)
            return
        word = body[0] if body else ""
        command = Command(word) if word in {str(command) for command in self._wanted} else None
        if command and name == "Released":
            self._held.release(command)
        elif command and name == "Pressed" and (command not in REPEATING or self._held.press(command)):
            self._on_command(command)

    def _do(self, work: Any, name: str) -> None:
        task = tasks.start(work, name)
        self._following.add(task)
        task.add_done_callback(self._following.discard)


class Presence:
    """Implements hotkeys/base.py: Presence. While the screen is locked, the extension counts as present."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._extension = ShellExtension(self._tell)
        self.is_here = False

    async def start(self) -> None:
        """Raises DesktopError."""
        await self._extension.start()
        self._note()

    def _note(self) -> None:
        # If it is paused when Harken starts, wait for it, but don't treat it as a way to take keys yet.
        self.is_here = self._extension.is_here or (self.is_here and self._extension.is_paused)

    def _tell(self) -> None:
        before = self.is_here
        self._note()
        if self.is_here is not before:
            self._on_change()

    async def close(self) -> None:
        await self._extension.close()


def accelerator(chord: Chord) -> str:
    """A chord in the notation of GTK and mutter."""
    return "".join(_GTK_MODIFIERS[modifier] for modifier in sorted(chord.modifiers)) + chord.keysym


def read_refusals(refused: object, wanted: Mapping[Command, Chord]) -> dict[Command, str]:
    """A sentence for each command whose key was refused, from Bind's answer, which is untrusted and of any types."""
    found = {}
    by_name = {str(command): (command, chord) for command, chord in wanted.items()}
    for entry in refused if isinstance(refused, list) else ():
        if not (isinstance(entry, tuple) and len(entry) == 3 and all(isinstance(part, str) for part in entry)):
            continue
        name, kind, user = entry
        if name not in by_name:
            continue
        command, chord = by_name[name]
        if kind == "taken":
            sentence = translate("reader", "GNOME uses {chord} for “{action}”.")
            found[command] = sentence.format(chord=chord, action=foreign.shown(user))
        else:
            owner = translate("reader", "another program")
            found[command] = translate("reader", "{chord} is taken by {owner}.").format(chord=chord, owner=owner)
    return found


def _keys(wanted: Mapping[Command, Chord], refused: Mapping[Command, str]) -> BoundKeys:
    return BoundKeys({command: str(chord) for command, chord in wanted.items() if command not in refused}, refused)


async def watch(on_change: Callable[[], None]) -> Presence:
    """Watch the extension for `HotkeyEntry` in choose.py. Raises HotkeyError if there is no bus."""
    presence = Presence(on_change)
    try:
        await presence.start()
    except DesktopError as error:
        raise HotkeyError(str(error)) from error
    return presence


async def open_hotkeys(on_command: OnCommand) -> GnomeShellHotkeys:
    """Open the back end. `HotkeyEntry` in choose.py says what is raised."""
    backend = GnomeShellHotkeys(on_command)
    try:
        await backend.start()
    except DesktopError as error:
        await backend._extension.close()
        raise HotkeyError(str(error)) from error
    return backend
