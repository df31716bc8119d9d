"""Asks Windows' Core Audio which output it currently plays on by default. In the audio process only.

PortAudio lists devices once, when it is loaded, and a stream stays where it was opened.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, byref, c_int, c_ubyte, c_void_p, c_wchar_p, cast, pointer
from typing import Any
from uuid import UUID

# MMDeviceEnumerator and IMMDeviceEnumerator (mmdeviceapi.h), as Windows lays them out in memory.
_CLASS = UUID("bcde0395-e52f-467c-8e3d-c4579291692e").bytes_le
_INTERFACE = UUID("a95664d2-9614-4f35-a746-de8db63617e6").bytes_le
_IN_PROCESS = 1
_MULTITHREADED = 0
_RENDER, _CONSOLE = 0, 0
# Positions in the method tables of every object, of the enumerator, and of a device.
_RELEASE, _GET_DEFAULT, _GET_ID = 2, 4, 5


def default_output() -> str:
    """The output's permanent id; "" if there is none or Windows does not say. Any thread."""
    if sys.platform != "win32":
        return ""
    ole = ctypes.windll.ole32
    ole.CoTaskMemFree.argtypes = [c_void_p]
    has_begun = ole.CoInitializeEx(None, _MULTITHREADED) >= 0
    try:
        return _default_output(ole)
    finally:
        if has_begun:
            ole.CoUninitialize()


def _default_output(ole: Any) -> str:
    enumerator, device, name = c_void_p(), c_void_p(), c_wchar_p()
    guids = (c_ubyte * 16)(*_CLASS), (c_ubyte * 16)(*_INTERFACE)
    if ole.CoCreateInstance(byref(guids[0]), None, _IN_PROCESS, byref(guids[1]), byref(enumerator)) < 0:
        return ""
    try:
        if _call(enumerator, _GET_DEFAULT, c_int(_RENDER), c_int(_CONSOLE), pointer(device)) < 0:
            return ""
        try:
            if _call(device, _GET_ID, pointer(name)) < 0:
                return ""
            found = name.value or ""
            ole.CoTaskMemFree(cast(name, c_void_p))
            return found
        finally:
            _call(device, _RELEASE)
    finally:
        _call(enumerator, _RELEASE)


def _call(thing: c_void_p, which: int, *arguments: object) -> int:
    """Call a COM object's method, by its position."""
    if sys.platform != "win32":
        return -1
    table = cast(cast(thing, POINTER(c_void_p))[0], POINTER(c_void_p))
    method = ctypes.WINFUNCTYPE(ctypes.c_long, c_void_p, *map(type, arguments))(table[which] or 0)
    return int(method(thing, *arguments))
