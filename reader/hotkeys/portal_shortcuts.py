"""Messages about keys between the GlobalShortcuts portal and Harken, versions 1 and 2. Pure.

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html. What the portal sends
is untrusted, and of any types.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reader.errors import SettingsError
from reader.flow import BoundKeys, Command
from reader.hotkeys import by_hand
from reader.hotkeys.chord import Chord
from reader.hotkeys.labels import label

# As in the shortcuts specification of freedesktop.org.
_TRIGGERS = {"Ctrl": "CTRL", "Alt": "ALT", "Shift": "SHIFT", "Super": "LOGO"}
# GNOME embeds a GTK accelerator in a sentence: "Press <Alt><Super>r".
_ACCELERATOR = re.compile(r"((?:<[A-Za-z0-9_]{1,20}>){1,8})([A-Za-z0-9_]{1,30})")
_GTK_MODIFIERS = {"primary": "Ctrl", "control": "Ctrl"}

Shortcut = tuple[str, dict[str, tuple[str, str]]]  # its id, and its properties, each with its D-Bus type


def shortcuts(wanted: Mapping[Command, Chord]) -> list[Shortcut]:
    """The argument of BindShortcuts."""
    return [
        (str(command), {"description": ("s", label(command)), "preferred_trigger": ("s", trigger(chord))})
        for command, chord in wanted.items()
    ]


def trigger(chord: Chord) -> str:
    """A chord in the specification's notation."""
    return "+".join([*(_TRIGGERS[modifier] for modifier in sorted(chord.modifiers)), chord.keysym])


def key_name(description: str) -> str:
    """The desktop's name of a key, taken from its description and fit for "Press {key}". "" if there is none."""
    found = _ACCELERATOR.search(description)
    if not found:
        return description.strip()
    modifiers = [_GTK_MODIFIERS.get(name.lower(), name) for name in re.findall("<([^>]*)>", found[1])]
    try:
        return str(Chord.parse("+".join([*modifiers, found[2]])))
    except SettingsError:  # a key that Harken has no name for
        return found[0]


def bound(wanted: Mapping[Command, Chord], answer: object) -> BoundKeys | None:
    """Which keys are bound, by `shortcuts` in an answer or a signal. None if it contains none of the wanted ones."""
    told = _descriptions(answer)
    if not wanted.keys() & told.keys():
        return None
    names = {command: key_name(told.get(command, "")) for command in wanted}
    return BoundKeys(
        {command: name for command, name in names.items() if name},
        {command: by_hand.no_key(command) for command, name in names.items() if not name},
    )


def command_of(body: tuple[Any, ...], session: str) -> Command | None:
    """The command that Activated or Deactivated is about; None for another session or no command."""
    known = {str(command): command for command in Command}
    if len(body) < 2 or body[0] != session or not isinstance(body[1], str):
        return None
    return known.get(body[1])


def _descriptions(answer: object) -> dict[Command, str]:
    """The desktop's description of the key of each command in an answer."""
    known = {str(command): command for command in Command}
    found = {}
    for entry in answer if isinstance(answer, list) else ():
        if not (isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[1], dict)):
            continue
        command = known.get(entry[0]) if isinstance(entry[0], str) else None
        kind, text = entry[1].get("trigger_description", ("s", ""))
        if command:
            found[command] = text if kind == "s" else ""
    return found
