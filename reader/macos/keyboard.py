"""A Mac's keyboard: key codes, the letters of the user's layout, and Secure Input.

Carbon reports the layout, and only on the main loop. Never run: no Mac was available.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Mapping
from ctypes import POINTER, byref, c_uint8, c_uint16, c_uint32, c_ulong, c_void_p
from typing import Any

from reader.errors import DesktopError

_FRAMEWORKS = "/System/Library/Frameworks"
# Events.h: kVK_…, the positions of letters and digits on an American keyboard.
_ANSI = {
    "A": 0, "S": 1, "D": 2, "F": 3, "H": 4, "G": 5, "Z": 6, "X": 7, "C": 8, "V": 9, "B": 11, "Q": 12, "W": 13, "E": 14,
    "R": 15, "Y": 16, "T": 17, "1": 18, "2": 19, "3": 20, "4": 21, "6": 22, "5": 23, "9": 25, "7": 26, "8": 28, "0": 29,
    "O": 31, "U": 32, "I": 34, "P": 35, "L": 37, "J": 38, "K": 40, "N": 45, "M": 46,
    "Plus": 24, "Minus": 27, "Comma": 43, "Period": 47,
}  # fmt: skip
# Keys that are the same in every layout. Print, Pause and Menu exist on keyboards made for other computers.
_NAMED = {
    "Return": 36, "Tab": 48, "Space": 49, "Backspace": 51, "Escape": 53, "Insert": 114, "Home": 115, "Page_Up": 116,
    "Delete": 117, "End": 119, "Page_Down": 121, "Left": 123, "Right": 124, "Down": 125, "Up": 126,
    "Print": 105, "Pause": 113, "Menu": 110,
    "F1": 122, "F2": 120, "F3": 99, "F4": 118, "F5": 96, "F6": 97, "F7": 98, "F8": 100, "F9": 101, "F10": 109,
    "F11": 103, "F12": 111, "F13": 105, "F14": 107, "F15": 113, "F16": 106, "F17": 64, "F18": 79, "F19": 80, "F20": 90,
}  # fmt: skip
_SIGNS = {",": "Comma", ".": "Period", "-": "Minus", "+": "Plus"}
_KEYS = range(128)
_DOWN, _NO_DEAD_KEYS, _COMMAND = 0, 1, 1  # kUCKeyActionDown, kUCKeyTranslateNoDeadKeysMask, cmdKey >> 8
_MOST_UNITS = 4


@functools.cache
def carbon() -> Any:
    """The Carbon functions used here and by hotkeys. Raises OSError if there is no Carbon."""
    library = ctypes.CDLL(f"{_FRAMEWORKS}/Carbon.framework/Carbon")
    library.TISCopyCurrentASCIICapableKeyboardLayoutInputSource.restype = c_void_p
    library.TISCopyCurrentASCIICapableKeyboardLayoutInputSource.argtypes = []
    library.TISGetInputSourceProperty.restype = c_void_p
    library.TISGetInputSourceProperty.argtypes = [c_void_p, c_void_p]
    library.LMGetKbdType.restype = c_uint8
    library.UCKeyTranslate.argtypes = [
        *(c_void_p, c_uint16, c_uint16, c_uint32, c_uint32, c_uint32, POINTER(c_uint32)),
        *(c_ulong, POINTER(c_ulong), POINTER(c_uint16)),
    ]
    library.IsSecureEventInputEnabled.restype = c_uint8
    return library


@functools.cache
def core_foundation() -> Any:
    """The CoreFoundation functions used here and by hotkeys. Raises OSError if there is no CoreFoundation."""
    library = ctypes.CDLL(f"{_FRAMEWORKS}/CoreFoundation.framework/CoreFoundation")
    library.CFDataGetBytePtr.restype = c_void_p
    library.CFDataGetBytePtr.argtypes = library.CFRelease.argtypes = [c_void_p]
    library.CFRelease.restype = None
    return library


def is_input_secure() -> bool:
    """Whether a program withholds the keyboard from all others, because a password is being typed. Any thread."""
    return bool(carbon().IsSecureEventInputEnabled())


def code(key: str, letters: Mapping[str, int]) -> int | None:
    """The code of a key, named as in `Chord`, in a layout; None if a Mac has no such key."""
    return _NAMED.get(key, letters.get(key, _ANSI.get(key)))


def letters(*, with_command: bool) -> dict[str, int]:
    """The codes of the keys for letters, digits and signs in the user's layout.

    Some layouts have different letters `with_command`, and for those without Latin letters another layout is used. On
    the main loop. Raises DesktopError if macOS does not report it.
    """
    source = carbon().TISCopyCurrentASCIICapableKeyboardLayoutInputSource()
    if not source:
        raise DesktopError("macOS tells of no keyboard layout")
    try:
        name = c_void_p.in_dll(carbon(), "kTISPropertyUnicodeKeyLayoutData")
        data = carbon().TISGetInputSourceProperty(source, name)
        if not data:
            raise DesktopError("the keyboard layout has no letters")
        return _letters(core_foundation().CFDataGetBytePtr(data), _COMMAND if with_command else 0)
    finally:
        core_foundation().CFRelease(source)


def _letters(layout: int, modifiers: int) -> dict[str, int]:
    found: dict[str, int] = {}
    kind = carbon().LMGetKbdType()
    for key in _KEYS:
        dead, length, units = c_uint32(), c_ulong(), (c_uint16 * _MOST_UNITS)()
        error = carbon().UCKeyTranslate(
            layout, key, _DOWN, modifiers, kind, _NO_DEAD_KEYS, byref(dead), _MOST_UNITS, byref(length), units
        )
        if error or length.value != 1:
            continue
        char = chr(units[0]).upper()
        if char in _SIGNS or (char.isascii() and char.isalnum()):
            found.setdefault(_SIGNS.get(char, char), key)  # those of the number pad come later
    return found
