"""Keys by listening, through pynput: for Windows, if keys can't be registered.

The program in front gets the keys as well, and conflicts are not detected. Run under Wine, never on Windows itself.

pynput calls back on its own thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from reader.errors import HotkeyError
from reader.flow import BoundKeys, Command
from reader.hotkeys.base import Held, OnChange, OnCommand
from reader.hotkeys.chord import Chord
from reader.support.held_keys import held_modifiers

log = logging.getLogger(__name__)

_MODIFIERS = {
    "ctrl": "Ctrl", "ctrl_l": "Ctrl", "ctrl_r": "Ctrl", "alt": "Alt", "alt_l": "Alt", "alt_r": "Alt",
    "shift": "Shift", "shift_l": "Shift", "shift_r": "Shift", "cmd": "Super", "cmd_l": "Super", "cmd_r": "Super",
}  # fmt: skip
_KEYS = {
    "esc": "Escape", "enter": "Return", "print_screen": "Print",
    ",": "Comma", ".": "Period", "-": "Minus", "+": "Plus",
}  # fmt: skip


class Presses:
    """Decides which presses count, for keys that are only overheard: a release may go elsewhere and be missed.

    So the system is asked for the modifiers where possible: Super+L locks the screen, which gets the release of Super,
    and from then on every plain Ctrl+R would have counted as Ctrl+Super+R. pynput's thread, except for `wanted`.
    """

    def __init__(self, held: Callable[[], frozenset[str] | None] = held_modifiers, holding: Held | None = None) -> None:
        """`held` returns the modifiers that are down now, or None if the system can't be asked."""
        self.wanted: Mapping[Chord, Command] = {}
        self._held = held
        self._heard: set[str] = set()  # modifiers pressed and, as far as was heard, not released
        self._holding = holding or Held()

    def press(self, name: str) -> Command | None:
        """Handle a press or repetition of a key, named as in Chord. Returns its command, if any."""
        if name in _MODIFIERS.values():
            self._heard.add(name)
            return None
        held = self._held()
        if held is not None:
            self._heard = set(held)
        command = self.wanted.get(Chord(name, frozenset(self._heard)))
        return command if command and self._holding.press(command) else None

    def release(self, name: str) -> None:
        """Handle a release."""
        self._heard.discard(name)
        for chord, command in self.wanted.items():
            if chord.key == name:
                self._holding.release(command)


class ListeningHotkeys:
    """Implements HotkeyBackend."""

    name = "pynput listener"
    swallows = False
    asks_user = False
    sees_conflicts = False
    has_escape = False  # the program in front would also act on it

    def __init__(self, on_command: OnCommand) -> None:
        """Raises ImportError if pynput can't be used."""
        from pynput import keyboard

        self._on_command = on_command
        self._presses = Presses()
        self.on_change: OnChange = lambda _: None
        self._listener = keyboard.Listener(on_press=self._on_press, on_release=self._on_release)
        self._canonical = self._listener.canonical
        self._listener.daemon = True
        self._listener.start()

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        self._presses.wanted = {chord: command for command, chord in wanted.items()}
        return BoundKeys({command: str(chord) for command, chord in wanted.items()})

    def bind_escape(self, command: Command | None) -> None:
        pass

    def spare_focus(self, is_wanted: bool) -> None:
        """Nothing to do: listening doesn't take the focus."""

    async def close(self) -> None:
        self._presses.wanted = {}
        self._listener.stop()

    def _on_press(self, key: Any) -> None:
        if command := self._presses.press(self._name(key)):
            self._on_command(command)

    def _on_release(self, key: Any) -> None:
        self._presses.release(self._name(key))

    def _name(self, key: Any) -> str:
        """A key's name as in Chord. pynput has names for some keys, and characters (without Shift) for others."""
        name: str = getattr(key, "name", None) or getattr(self._canonical(key), "char", None) or ""
        if name in _MODIFIERS:
            return _MODIFIERS[name]
        if name in _KEYS:
            return _KEYS[name]
        return name.upper() if len(name) == 1 or name[1:].isdigit() else name.title()


async def open_hotkeys(on_command: OnCommand) -> ListeningHotkeys:
    """Open the back end. `HotkeyEntry` in choose.py says what is raised."""
    try:
        return ListeningHotkeys(on_command)
    except Exception as error:  # pynput raises whatever its platform raises
        raise HotkeyError(f"{type(error).__name__}: {error}") from error
