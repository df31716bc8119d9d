"""Which modifier keys are down now, as the system says: what a program hears of keys may lack a release."""

from __future__ import annotations

import ctypes
import sys

# Windows' virtual keys, of either side: winuser.h.
_VIRTUAL_KEYS = {"Ctrl": (0x11,), "Super": (0x5B, 0x5C), "Alt": (0x12,), "Shift": (0x10,)}
_IS_DOWN = 0x8000
# macOS: kCGEventFlagMask… in CGEventTypes.h.
_FLAGS = {"Shift": 1 << 17, "Ctrl": 1 << 18, "Alt": 1 << 19, "Super": 1 << 20}


def held_modifiers() -> frozenset[str] | None:
    """Their names as in `Chord`; None where the system can't be asked. Any thread, some microseconds."""
    if sys.platform == "win32":
        down = ctypes.windll.user32.GetAsyncKeyState
        return frozenset(name for name, keys in _VIRTUAL_KEYS.items() if any(down(key) & _IS_DOWN for key in keys))
    if sys.platform == "darwin":
        import Quartz

        flags = Quartz.CGEventSourceFlagsState(Quartz.kCGEventSourceStateHIDSystemState)
        return frozenset(name for name, flag in _FLAGS.items() if flags & flag)
    return None
