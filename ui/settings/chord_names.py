"""Translates Qt's key events to chords as in Harken's settings ("Super+Alt+R")."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from reader.core.bindings import US_KEYCODES

_Key = Qt.Key
_Modifier = Qt.KeyboardModifier

MODIFIER_KEYS = frozenset(
    {
        *(_Key.Key_Control, _Key.Key_Alt, _Key.Key_Shift, _Key.Key_Meta, _Key.Key_Super_L, _Key.Key_Super_R),
        *(_Key.Key_AltGr, _Key.Key_CapsLock, _Key.Key_NumLock, _Key.Key_ScrollLock),
    }
)
# On macOS Qt calls the command key Control, and the control key Meta.
_MODIFIERS = (
    (_Modifier.MetaModifier if sys.platform == "darwin" else _Modifier.ControlModifier, "Ctrl"),
    (_Modifier.ControlModifier if sys.platform == "darwin" else _Modifier.MetaModifier, "Super"),
    (_Modifier.AltModifier, "Alt"),
    (_Modifier.ShiftModifier, "Shift"),
)
_NAMED = {
    _Key.Key_Space: "Space", _Key.Key_Escape: "Escape", _Key.Key_Tab: "Tab", _Key.Key_Backtab: "Tab",
    _Key.Key_Return: "Return", _Key.Key_Enter: "Return", _Key.Key_Backspace: "Backspace",
    _Key.Key_Insert: "Insert", _Key.Key_Delete: "Delete", _Key.Key_Home: "Home", _Key.Key_End: "End",
    _Key.Key_PageUp: "Page_Up", _Key.Key_PageDown: "Page_Down", _Key.Key_Left: "Left", _Key.Key_Right: "Right",
    _Key.Key_Up: "Up", _Key.Key_Down: "Down", _Key.Key_Pause: "Pause", _Key.Key_Print: "Print",
    _Key.Key_SysReq: "Print", _Key.Key_Menu: "Menu", _Key.Key_Comma: "Comma", _Key.Key_Period: "Period",
    _Key.Key_Minus: "Minus", _Key.Key_Plus: "Plus",
}  # fmt: skip
# For when Shift or the layout changes letters and digits.
_LETTER_AT = {keycode: letter for letter, keycode in US_KEYCODES.items()}


def modifiers(event: QKeyEvent) -> list[str]:
    """The modifiers held, in the order in which they are written."""
    return [name for modifier, name in _MODIFIERS if event.modifiers() & modifier]


def chord_name(event: QKeyEvent) -> str:
    """The chord that was pressed; "" for a key that Harken doesn't know."""
    key = _key_name(event)
    return "+".join([*modifiers(event), key]) if key else ""


def _key_name(event: QKeyEvent) -> str:
    key = event.key()
    if _Key.Key_A <= key <= _Key.Key_Z or _Key.Key_0 <= key <= _Key.Key_9:
        return chr(key)
    if _Key.Key_F1 <= key <= _Key.Key_F24:
        return f"F{key - _Key.Key_F1 + 1}"
    if name := _NAMED.get(_Key(key)):
        return name
    return _LETTER_AT.get(event.nativeScanCode(), "") if sys.platform == "linux" else ""
