"""Chords: keys pressed together, as people write them ("Super+Alt+R"). Pure."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Self

from reader.errors import SettingsError
from reader.flow import Command
from reader.support.i18n import translate

# In the order in which they are written.
MODIFIERS = ("Ctrl", "Super", "Alt", "Shift")
_MODIFIER_NAMES = {
    "ctrl": "Ctrl", "control": "Ctrl", "alt": "Alt", "option": "Alt", "shift": "Shift",
    "super": "Super", "win": "Super", "windows": "Super", "meta": "Super", "cmd": "Super", "command": "Super",
}  # fmt: skip
# Keys with names; letters, digits and F1 to F24 stand for themselves.
NAMED_KEYS = (
    "Space", "Escape", "Tab", "Return", "Backspace", "Insert", "Delete", "Home", "End", "Page_Up", "Page_Down",
    "Left", "Right", "Up", "Down", "Pause", "Print", "Menu", "Comma", "Period", "Minus", "Plus",
)  # fmt: skip
_KEY_NAMES = {name.lower().replace("_", ""): name for name in NAMED_KEYS} | {
    "esc": "Escape", "enter": "Return", "del": "Delete", "ins": "Insert", "pgup": "Page_Up", "pgdn": "Page_Down",
    ",": "Comma", ".": "Period", "-": "Minus", "+": "Plus",
}  # fmt: skip
# The names that differ on X, and so on every Linux desktop.
_KEYSYMS = {
    "Space": "space", "Backspace": "BackSpace", "Page_Up": "Prior", "Page_Down": "Next",
    "Comma": "comma", "Period": "period", "Minus": "minus", "Plus": "plus",
}  # fmt: skip
_CHORD_KEYS = {keysym.lower(): key for key, keysym in _KEYSYMS.items()}
# Positions of letters and digits, whatever the layout assigns to them (X keycodes of a US keyboard).
US_KEYCODES = {
    letter: first + i
    for first, row in ((10, "1234567890"), (24, "QWERTYUIOP"), (38, "ASDFGHJKL"), (52, "ZXCVBNM"))
    for i, letter in enumerate(row)
}
_FUNCTION_KEYS = frozenset(str(number) for number in range(1, 25))
# Keys that may be taken without a modifier, because they are not used for typing.
_MAY_STAND_ALONE = frozenset({"Pause", "Print", "Menu", "Escape", *(f"F{n}" for n in range(1, 25))})
# Keys with which no editor changes its text, whatever the modifiers.
_TYPES_NOTHING = frozenset({"Pause", *(f"F{n}" for n in range(1, 25))})


@dataclass(frozen=True, slots=True, order=True)
class Chord:
    """A key and the modifiers held with it. `key` is a capital letter, a digit, F1…F24 or a named key."""

    key: str
    modifiers: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a chord. Raises SettingsError saying what is wrong with it."""
        *names, key_name = [part.strip() for part in text.replace("++", "+Plus").split("+")]
        modifiers = []
        for name in names:
            if name.lower() not in _MODIFIER_NAMES:
                sentence = translate(
                    "reader", "“{name}” in “{text}” is not a modifier key. Use one of these: {modifiers}."
                )
                raise SettingsError(sentence.format(name=name, text=text, modifiers=", ".join(MODIFIERS)))
            modifiers.append(_MODIFIER_NAMES[name.lower()])
        key = _key(key_name)
        if key is None:
            raise SettingsError(
                translate("reader", "Harken does not know the key “{key}” in “{text}”.").format(key=key_name, text=text)
            )
        if not set(modifiers) - {"Shift"} and key not in _MAY_STAND_ALONE:
            raise SettingsError(
                translate("reader", "“{text}” would fire while you type. Add Ctrl, Alt or Super.").format(text=text)
            )
        return cls(key, frozenset(modifiers))

    @staticmethod
    def key_named(name: str) -> str | None:
        """Our name of the key that people, or X, call `name`; None if there is no such key."""
        return _key(name)

    @property
    def types(self) -> bool:
        """Whether a program that gets it could change its text: insert a letter, cut the selection, move the cursor."""
        return self.key not in _TYPES_NOTHING

    @property
    def keysym(self) -> str:
        """X's name of the key, with letters in lower case."""
        return _KEYSYMS.get(self.key, self.key.lower() if len(self.key) == 1 else self.key)

    def __str__(self) -> str:
        return "+".join([*(m for m in MODIFIERS if m in self.modifiers), self.key])


def _key(name: str) -> str | None:
    """The one way we write a key, None if it is not a key."""
    if len(name) == 1 and name.isascii() and name.isalnum():
        return name.upper()
    upper = name.upper()
    if upper[:1] == "F" and upper[1:] in _FUNCTION_KEYS:
        return upper
    return _KEY_NAMES.get(name.lower().replace("_", "")) or _CHORD_KEYS.get(name.lower())


ESCAPE = Chord("Escape")

# Programs leave the Super (Windows) key to the desktop, so taking these takes nothing from any program. Among GNOME,
# KDE Plasma, Xfce, Cinnamon and MATE, Super+Alt is used with S (screen reader), 8, + and - (magnifier), L, K and P
# (Plasma), arrows and Tab; none of them uses these. F and D are adjacent like faster and slower, B and N like back and
# next.
LINUX = {
    Command.READ_SELECTION: "Super+Alt+R",
    Command.PAUSE_RESUME: "Super+Alt+Space",
    Command.STOP: "Super+Alt+X",
    Command.NEXT: "Super+Alt+N",
    Command.PREVIOUS: "Super+Alt+B",
    Command.REPEAT: "Super+Alt+A",
    Command.FASTER: "Super+Alt+F",
    Command.SLOWER: "Super+Alt+D",
    Command.SHOW: "Super+Alt+M",
}
# Programs on Windows see that Ctrl is held but not the Windows key: if a chord is not taken (Harken is not running, or
# another program has it), Ctrl+Super+X cuts. With Alt, the letter opens a menu. Windows and its Game Bar use Win+Alt
# with B, D, G, H, K, M, R, T and W, PowerToys with P and Space, OneNote with N. Alt alone is used with S, which sends a
# mail in Outlook, X, which converts a character code in Word, and Z by NVIDIA; with C, D, L, R, T and U a shell edits
# its line. That leaves these. A and Q: aloud, quiet. I and O are adjacent, F above V. Never run on Windows.
WINDOWS = {
    Command.READ_SELECTION: "Super+Alt+A",
    Command.PAUSE_RESUME: "Super+Alt+Y",
    Command.STOP: "Super+Alt+Q",
    Command.NEXT: "Super+Alt+O",
    Command.PREVIOUS: "Super+Alt+I",
    Command.REPEAT: "Super+Alt+E",
    Command.FASTER: "Super+Alt+F",
    Command.SLOWER: "Super+Alt+V",
    Command.SHOW: "Super+Alt+J",
}
# Programs on macOS look at all modifiers held, so foreign chords do nothing in them. The system uses Cmd+Ctrl with A,
# D, F, N, Q, S, V and Space. Not tried on a Mac.
MACOS = {
    Command.READ_SELECTION: "Ctrl+Super+R",
    Command.PAUSE_RESUME: "Ctrl+Super+P",
    Command.STOP: "Ctrl+Super+X",
    Command.NEXT: "Ctrl+Super+H",
    Command.PREVIOUS: "Ctrl+Super+G",
    Command.REPEAT: "Ctrl+Super+Y",
    Command.FASTER: "Ctrl+Super+K",
    Command.SLOWER: "Ctrl+Super+J",
    Command.SHOW: "Ctrl+Super+U",
}
DEFAULTS = {"win32": WINDOWS, "darwin": MACOS}.get(sys.platform, LINUX)
