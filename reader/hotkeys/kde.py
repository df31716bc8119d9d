"""Which of the portal's keys KDE really grants: up to Plasma 6.3 it also lists keys that belong to other programs.

kglobalaccel, KDE's registry of keys, knows which, and who owns them. Core thread only.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from jeepney import message_bus

from reader.dbus import Bus
from reader.errors import DesktopError
from reader.flow import BoundKeys, Command
from reader.hotkeys import by_hand
from reader.hotkeys.chord import Chord
from reader.support import foreign
from reader.support.app_id import APP_ID
from reader.support.i18n import translate

log = logging.getLogger(__name__)

_NAME = "org.kde.kglobalaccel"
_REGISTER = _NAME, "/kglobalaccel", "org.kde.KGlobalAccel"
_EQUAL = (0,)  # KGlobalAccel::MatchType
# Qt's numbers: Qt::KeyboardModifier, and Qt::Key for keys other than letters, digits and signs.
_MODIFIERS = {"Shift": 0x02000000, "Ctrl": 0x04000000, "Alt": 0x08000000, "Super": 0x10000000}
_SIGNS = {"Space": " ", "Comma": ",", "Period": ".", "Minus": "-", "Plus": "+"}
_OTHERS = {
    "Escape": 0x00, "Tab": 0x01, "Backspace": 0x03, "Return": 0x04, "Insert": 0x06, "Delete": 0x07, "Pause": 0x08,
    "Print": 0x09, "Home": 0x10, "End": 0x11, "Left": 0x12, "Up": 0x13, "Right": 0x14, "Down": 0x15, "Page_Up": 0x16,
    "Page_Down": 0x17, "Menu": 0x55, **{f"F{number}": 0x2F + number for number in range(1, 25)},
}  # fmt: skip


def qt_key(chord: Chord) -> int:
    """Qt's number for a chord."""
    sign = _SIGNS.get(chord.key, chord.key)
    key = ord(sign) if len(sign) == 1 else 0x01000000 + _OTHERS[chord.key]
    return key | sum(_MODIFIERS[modifier] for modifier in chord.modifiers)


async def corrected(bus: Bus, wanted: Mapping[Command, Chord], keys: BoundKeys) -> BoundKeys:
    """`keys` without those that KDE has not granted, with their owners as the reason. On other desktops, `keys`."""
    try:
        (is_kde,) = await bus.ask(message_bus.NameHasOwner(_NAME))  # on any desktop, a call would start it
        return await _corrected(bus, wanted, keys) if is_kde else keys
    except DesktopError as error:
        log.warning("KDE does not say which keys it has given: %s", error)
        return keys


async def _corrected(bus: Bus, wanted: Mapping[Command, Chord], keys: BoundKeys) -> BoundKeys:
    names, refused = dict(keys.names), dict(keys.refused)
    actions = await _ask(bus, "allActionsForComponent", "as", [APP_ID, "", "", ""])
    known = [action[1] for action in actions if len(action) == 4]
    for command, chord in wanted.items():
        # If the portal does not know Harken, it uses another name for it, so nothing can be checked here.
        if str(command) not in known or await _has_key(bus, command):
            continue
        name = names.pop(command, str(chord))
        if owner := await _owner(bus, chord):
            refused[command] = _belongs_to(name, *owner)
        elif command not in refused:
            refused[command] = by_hand.no_key(command)
    return BoundKeys(names, refused, advice=keys.advice)


async def _has_key(bus: Bus, command: Command) -> bool:
    given = await _ask(bus, "shortcutKeys", "as", [APP_ID, str(command), "", ""])
    return any(any(sequence[0]) for sequence in given if sequence and isinstance(sequence[0], list))


async def _owner(bus: Bus, chord: Chord) -> tuple[str, str] | None:
    """The action and the program that own a key, by KDE's names; None if the key is free."""
    for row in await _ask(bus, "globalShortcutsByKey", "(ai)(i)", ([qt_key(chord), 0, 0, 0],), _EQUAL):
        names = row[:4]
        if len(names) == 4 and all(isinstance(name, str) for name in names) and names[2] != APP_ID:
            action, action_name, program, program_name = names
            return action_name or action, program_name or program
    return None


async def _ask(bus: Bus, method: str, signature: str, *values: object) -> list[Any]:
    """The rows of an answer, with fields of any types. Raises DesktopError."""
    answer = (*await bus.call(*_REGISTER, method, signature, *values), None)[0]
    return [row for row in answer if isinstance(row, list | tuple)] if isinstance(answer, list) else []


def _belongs_to(key: str, action: str, program: str) -> str:
    sentence = translate("reader", "{program} already uses {key} for “{action}”. Change one of the two in {place}.")
    return sentence.format(
        key=foreign.shown(key), action=foreign.shown(action), program=foreign.shown(program), place=by_hand.place()
    )
