"""Windows' clipboard, the window in front, and pressing Ctrl+C for the user: the I/O for `windows_copying.py`.

Run under Wine, never on Windows itself. Everything is called on the thread that created it.
"""

from __future__ import annotations

import ctypes
import functools
import time
from collections.abc import Iterable
from contextlib import suppress
from ctypes import wintypes
from pathlib import PureWindowsPath
from typing import Any

from reader import win32
from reader.capture.copying import Format
from reader.capture.windows_copying import ENHANCED, Window

_MOVEABLE = 0x0002
_MESSAGES_ONLY = -3  # HWND_MESSAGE: an invisible window
_NAME_CHARS = 256
_FIRST_NAMED = 0xC000  # formats that programs have registered
_NOTHING, _UNLESS_HUNG, _ANSWER_LIMIT_MS = 0x0000, 0x0002, 50  # WM_NULL, SMTO_ABORTIFHUNG
_STYLE, _IS_PASSWORD = -16, 0x0020  # GWL_STYLE, ES_PASSWORD
# Left and right separately, because each is released and pressed again by itself.
_MODIFIERS = (0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, win32.VK_LWIN, win32.VK_RWIN)


class _Focus(ctypes.Structure):
    """GUITHREADINFO."""

    _fields_ = (
        *(("size", wintypes.DWORD), ("flags", wintypes.DWORD), ("active", wintypes.HWND), ("focus", wintypes.HWND)),
        *(("capture", wintypes.HWND), ("menu", wintypes.HWND), ("moving", wintypes.HWND), ("caret", wintypes.HWND)),
        ("place", wintypes.RECT),
    )


@functools.cache
def _gdi32() -> Any:
    library = vars(ctypes)["WinDLL"]("gdi32", use_last_error=True)
    library.GetEnhMetaFileBits.argtypes = [ctypes.c_void_p, wintypes.UINT, ctypes.c_void_p]
    library.SetEnhMetaFileBits.argtypes = [wintypes.UINT, ctypes.c_char_p]
    library.SetEnhMetaFileBits.restype = ctypes.c_void_p
    return library


class WindowsClipboard:
    """Implements Clipboard."""

    def __init__(self) -> None:
        """Creates an invisible window, which owns what is put into the clipboard."""
        self._window = win32.user32().CreateWindowExW(
            0, "STATIC", "", 0, 0, 0, 0, 0, wintypes.HWND(_MESSAGES_ONLY), None, None, None
        )

    def now_s(self) -> float:
        return time.perf_counter()  # monotonic() has steps of 15 ms there

    def wait(self, seconds: float) -> None:
        """Handle messages while waiting: a program that copies may notify the previous owner, and waits for it."""
        message = wintypes.MSG()
        win32.user32().PeekMessageW(ctypes.byref(message), wintypes.HWND(self._window), 0, 0, 0)
        time.sleep(seconds)

    def sequence(self) -> int:
        return int(win32.user32().GetClipboardSequenceNumber())

    def open(self) -> bool:
        return bool(win32.user32().OpenClipboard(self._window))

    def close(self) -> None:
        win32.user32().CloseClipboard()

    def formats(self) -> list[Format]:
        found, number = [], 0
        while number := win32.user32().EnumClipboardFormats(number):
            found.append(Format(number, _format_name(number)))
        return found

    def data(self, wanted: Format) -> bytes | None:
        handle = win32.user32().GetClipboardData(wanted.number)
        if not handle:
            return None
        if wanted.number == ENHANCED:
            size = _gdi32().GetEnhMetaFileBits(handle, 0, None)
            bits = ctypes.create_string_buffer(size)
            return bits.raw if _gdi32().GetEnhMetaFileBits(handle, size, bits) == size else None
        kernel = win32.kernel32()
        place = kernel.GlobalLock(handle)
        if not place:  # empty data has no address
            return None if kernel.GlobalSize(handle) else b""
        try:
            return ctypes.string_at(place, kernel.GlobalSize(handle))
        finally:
            kernel.GlobalUnlock(handle)

    def put(self, data: Iterable[tuple[Format, bytes]], marks: dict[str, bytes]) -> None:
        user = win32.user32()
        user.EmptyClipboard()
        for wanted, bits in data:
            if wanted.number == ENHANCED:
                user.SetClipboardData(ENHANCED, _gdi32().SetEnhMetaFileBits(len(bits), bits))
            else:
                self._put(user.RegisterClipboardFormatW(wanted.name) if wanted.name else wanted.number, bits)
        for name, bits in marks.items():
            self._put(user.RegisterClipboardFormatW(name), bits)

    def _put(self, number: int, bits: bytes) -> None:
        kernel = win32.kernel32()
        memory = kernel.GlobalAlloc(_MOVEABLE, len(bits))
        if not memory:
            return
        if bits:
            ctypes.memmove(kernel.GlobalLock(memory), bits, len(bits))
        kernel.GlobalUnlock(memory)
        if not win32.user32().SetClipboardData(number, memory):  # on success, the system owns the memory
            kernel.GlobalFree(memory)

    def press_copy(self) -> bool:
        """Send everything in one go: no key of the user's can come between, so no modifier is left up or down."""
        held = [key for key in _MODIFIERS if win32.is_down(key)]
        lifted = [(key, False) for key in held]
        copy = win32.strokes(win32.VK_CTRL, ord("C"))
        if not held:
            return win32.send(copy)
        nothing = win32.NOTHING_PRESSED
        return win32.send([*nothing, *lifted, *copy, *((key, True) for key in held), *nothing])

    def is_copying(self) -> bool:
        return win32.is_down(win32.VK_CTRL)

    def is_hung(self) -> bool:
        user = win32.user32()
        answer = ctypes.c_size_t()
        window = wintypes.HWND(user.GetForegroundWindow())
        answered = user.SendMessageTimeoutW(
            window, _NOTHING, 0, 0, _UNLESS_HUNG, _ANSWER_LIMIT_MS, ctypes.byref(answer)
        )
        return bool(window) and not answered

    def end(self) -> None:
        win32.user32().DestroyWindow(self._window)


def window_in_front() -> Window:
    """Any thread."""
    user = win32.user32()
    window = user.GetForegroundWindow()
    if not window:
        return Window()
    pid = wintypes.DWORD()
    thread = user.GetWindowThreadProcessId(window, ctypes.byref(pid))
    focus = _Focus(size=ctypes.sizeof(_Focus))
    focused = focus.focus if user.GetGUIThreadInfo(thread, ctypes.byref(focus)) else None
    is_edit = bool(focused) and "edit" in _class(focused).lower()
    is_password = is_edit and bool(user.GetWindowLongW(wintypes.HWND(focused), _STYLE) & _IS_PASSWORD)
    is_above = win32.has_more_rights(pid.value)
    return Window(pid.value, _class(window), _program(pid.value), is_password, is_above)


def _class(window: int | None) -> str:
    name = ctypes.create_unicode_buffer(_NAME_CHARS)
    win32.user32().GetClassNameW(window, name, _NAME_CHARS)
    return name.value


def _program(pid: int) -> str:
    kernel = win32.kernel32()
    process = kernel.OpenProcess(win32.LIMITED_QUESTIONS, False, pid)
    if not process:
        return ""
    with suppress(OSError):
        size = wintypes.DWORD(32768)
        name = ctypes.create_unicode_buffer(size.value)
        kernel.QueryFullProcessImageNameW(process, 0, name, ctypes.byref(size))
    kernel.CloseHandle(process)
    return PureWindowsPath(name.value).name


def _format_name(number: int) -> str:
    if number < _FIRST_NAMED:
        return ""
    name = ctypes.create_unicode_buffer(_NAME_CHARS)
    win32.user32().GetClipboardFormatNameW(number, name, _NAME_CHARS)
    return name.value
