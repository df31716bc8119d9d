"""Keys by listening, through pynput: Windows and macOS.

The program in front gets the keys as well, and conflicts are not seen. On macOS the user has to allow it
under Privacy & Security, Accessibility. Never run on Windows or macOS by us.

pynput calls back on its own thread.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from reader.errors import HotkeyError
from reader.flow import BoundKeys, Command
from reader.hotkeys.base import OnChange, OnCommand, Repeats
from reader.hotkeys.chord import Chord

log = logging.getLogger(__name__)

_MODIFIERS = {
    "ctrl": "Ctrl", "ctrl_l": "Ctrl", "ctrl_r": "Ctrl", "alt": "Alt", "alt_l": "Alt", "alt_r": "Alt",
    "shift": "Shift", "shift_l": "Shift", "shift_r": "Shift", "cmd": "Super", "cmd_l": "Super", "cmd_r": "Super",
}  # fmt: skip
_KEYS = {
    "esc": "Escape", "enter": "Return", "print_screen": "Print",
    ",": "Comma", ".": "Period", "-": "Minus", "+": "Plus",
}  # fmt: skip


class ListeningHotkeys:
    """Implements HotkeyBackend."""

    name = "pynput listener"
    swallows = False
    asks_user = False
    sees_conflicts = False
    has_escape = False  # the program in front would do something at it, too

    def __init__(self, on_command: OnCommand) -> None:
        """Raises ImportError where pynput can't be used."""
        from pynput import keyboard

        self._on_command = on_command
        self._wanted: Mapping[Chord, Command] = {}
        self._modifiers: set[str] = set()
        self._held: set[str] = set()
        self._repeats = Repeats()
        self.on_change: OnChange = lambda _: None
        self._listener = keyboard.Listener(on_press=self._on_press, on_release=self._on_release)
        self._canonical = self._listener.canonical
        self._listener.daemon = True
        self._listener.start()

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        self._wanted = {chord: command for command, chord in wanted.items()}
        return BoundKeys({command: str(chord) for command, chord in wanted.items()})

    def bind_escape(self, command: Command | None) -> None:
        pass

    def spare_focus(self, is_wanted: bool) -> None:
        """Nothing here takes it."""

    async def close(self) -> None:
        self._wanted = {}
        self._listener.stop()

    def _on_press(self, key: Any) -> None:
        name = self._name(key)
        if name in _MODIFIERS.values():
            self._modifiers.add(name)
            return
        chord = Chord(name, frozenset(self._modifiers))
        command = self._wanted.get(chord)
        if command and self._repeats.are_meant(command, is_repeated=name in self._held):
            self._on_command(command)
        self._held.add(name)

    def _on_release(self, key: Any) -> None:
        name = self._name(key)
        self._modifiers.discard(name)
        self._held.discard(name)

    def _name(self, key: Any) -> str:
        """A key as Chord writes it. pynput has names for some keys, and characters (without Shift) for others."""
        name: str = getattr(key, "name", None) or getattr(self._canonical(key), "char", None) or ""
        if name in _MODIFIERS:
            return _MODIFIERS[name]
        if name in _KEYS:
            return _KEYS[name]
        return name.upper() if len(name) == 1 or name[1:].isdigit() else name.title()


async def open_hotkeys(on_command: OnCommand) -> ListeningHotkeys:
    """Open them for `HotkeyEntry` in choose.py, which says what is raised."""
    try:
        return ListeningHotkeys(on_command)
    except Exception as error:  # pynput raises what its platform raises
        raise HotkeyError(f"{type(error).__name__}: {error}") from error
