"""Guesses which program has taken a key. X reports that a key is taken, not by whom: so look at running programs.

A program whose own settings contain the chord is named; otherwise all running programs that take keys.
"""

from __future__ import annotations

import re
from pathlib import Path

from reader.hotkeys.chord import Chord
from reader.support import files
from reader.support.i18n import translate

# Size limit for a program's settings; a larger file is not what its name says.
_MAX_BYTES = 1 << 20

# Programs that take keys: their process name, what users call them, where they store their keys.
_RIVALS: dict[str, tuple[str, str]] = {
    "xbindkeys": ("xbindkeys", ".xbindkeysrc"),
    "sxhkd": ("sxhkd", ".config/sxhkd/sxhkdrc"),
    "openbox": ("Openbox", ".config/openbox/rc.xml"),
    "i3": ("i3", ".config/i3/config"),
    "xfsettingsd": ("Xfce", ".config/xfce4/xfconf/xfce-perchannel-xml/xfce4-keyboard-shortcuts.xml"),
    "kglobalaccel5": ("KDE", ".config/kglobalshortcutsrc"),
    "kglobalacceld": ("KDE", ".config/kglobalshortcutsrc"),
    "gsd-media-keys": ("GNOME", ""),
    "gnome-shell": ("GNOME", ""),
    "cinnamon": ("Cinnamon", ""),
    "mate-settings-d": ("MATE", ""),
}
# How those files spell modifiers.
_SPELLINGS = {
    "Ctrl": "ctrl|control|primary|c", "Alt": "alt|mod1|a", "Shift": "shift|s", "Super": "super|mod4|meta|w",
}  # fmt: skip


def likely_owner(chord: Chord, home: Path | None = None, proc: Path = Path("/proc")) -> str:
    """A phrase for "… is taken by …": a program's name, or all the candidates."""
    running = _running(proc)
    found = {name: path for process, (name, path) in _RIVALS.items() if process in running}
    for name, path in found.items():
        if path and _names(home or Path.home(), path, chord):
            return name
    if found:
        phrase = translate("reader", "another program, possibly one of these: {names}")
        return phrase.format(names=", ".join(sorted(found)))
    return translate("reader", "another program")


def _running(proc: Path) -> set[str]:
    names = set()
    for comm in proc.glob("[0-9]*/comm"):
        try:
            names.add(comm.read_text(errors="replace").strip())
        except OSError:
            continue
    return names


def _names(home: Path, path: str, chord: Chord) -> bool:
    """Whether a settings file has a line with all the chord's keys."""
    try:
        lines = files.read_bytes(home / path, _MAX_BYTES).decode(errors="replace").splitlines()
    except (OSError, files.DamagedFileError):
        return False
    return any(_has_chord(line, chord) for line in lines)


def _has_chord(line: str, chord: Chord) -> bool:
    words = re.findall(r"[A-Za-z0-9_]+", line)
    spelled = [word.lower() for word in words]
    return chord.key.lower() in spelled and all(
        any(re.fullmatch(_SPELLINGS[modifier], word) for word in spelled) for modifier in chord.modifiers
    )
