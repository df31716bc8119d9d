"""Which modifier keys are down now, asked of the system: a program may miss key releases."""

from __future__ import annotations

import ctypes
import sys

# Windows' virtual keys, left and right: winuser.h.
_VIRTUAL_KEYS = {"Ctrl": (0x11,), "Super": (0x5B, 0x5C), "Alt": (0x12,), "Shift": (0x10,)}
_IS_DOWN = 0x8000


def held_modifiers() -> frozenset[str] | None:
    """Their names as in `Chord`; None if the system can't be asked. Any thread; takes some microseconds."""
    if sys.platform == "win32":
        down = ctypes.windll.user32.GetAsyncKeyState
        return frozenset(name for name, keys in _VIRTUAL_KEYS.items() if any(down(key) & _IS_DOWN for key in keys))
    return None
