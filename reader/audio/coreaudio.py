"""Asks Core Audio which output a Mac currently plays on by default. In the audio process only.

PortAudio lists devices once, when it is loaded, and a stream stays where it was opened. Never run on a Mac.
"""

from __future__ import annotations

import ctypes
import functools
from ctypes import POINTER, byref, c_int32, c_uint32, c_void_p, sizeof
from typing import Any

_FRAMEWORK = "/System/Library/Frameworks/CoreAudio.framework/CoreAudio"
# AudioHardware.h: kAudioObjectSystemObject, kAudioHardwarePropertyDefaultOutputDevice, and its only scope and element.
_SYSTEM, _DEFAULT_OUTPUT, _GLOBAL, _MAIN = 1, b"dOut", b"glob", 0


class _Address(ctypes.Structure):
    """AudioObjectPropertyAddress."""

    _fields_ = (("what", c_uint32), ("scope", c_uint32), ("element", c_uint32))


@functools.cache
def _get() -> Any:
    """AudioObjectGetPropertyData. Raises OSError if there is none."""
    get = ctypes.CDLL(_FRAMEWORK).AudioObjectGetPropertyData
    get.argtypes = [c_uint32, POINTER(_Address), c_uint32, c_void_p, POINTER(c_uint32), c_void_p]
    get.restype = c_int32
    return get


def default_output() -> str:
    """The output's number, which stays the same until it is unplugged; "" if there is none or unknown. Any thread."""
    address = _Address(int.from_bytes(_DEFAULT_OUTPUT, "big"), int.from_bytes(_GLOBAL, "big"), _MAIN)
    found, size = c_uint32(), c_uint32(sizeof(c_uint32))
    try:
        error = _get()(_SYSTEM, byref(address), 0, None, byref(size), byref(found))
    except (OSError, AttributeError):
        return ""
    return "" if error or not found.value else str(found.value)
