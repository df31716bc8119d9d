"""The Windows functions and the message thread that hotkeys and the clipboard need.

The functions are loaded on first use, because only Windows has them; constants are from winuser.h.
"""

from __future__ import annotations

import concurrent.futures
import ctypes
import functools
import logging
import threading
from collections import deque
from collections.abc import Callable
from ctypes import wintypes
from typing import Any, TypeVar

from reader import threads
from reader.errors import DesktopError

log = logging.getLogger(__name__)

T = TypeVar("T")

WM_HOTKEY, WM_TIMER = 0x0312, 0x0113
_WM_QUIT, _WM_APP = 0x0012, 0x8000
VK_SHIFT, VK_CTRL, VK_ALT, VK_LWIN, VK_RWIN, VK_ESCAPE = 0x10, 0x11, 0x12, 0x5B, 0x5C, 0x1B
# A key that is on no keyboard and means nothing to any program. Pressed while Alt or the Windows key is down, it keeps
# their release from opening a menu: the keys pressed with them were swallowed, so they would seem to be pressed alone.
_VK_NOTHING = 0xE8
# Keys that differ from others with the same number only by this flag.
_EXTENDED, _EXTENDED_KEYS = 0x0001, {VK_LWIN, VK_RWIN, 0xA3, 0xA5}
_KEY_UP, _IS_DOWN, _KEYBOARD = 0x0002, 0x8000, 1
_START_LIMIT_S = 10.0


@functools.cache
def user32() -> Any:
    """The functions of user32.dll that are used here."""
    library = vars(ctypes)["WinDLL"]("user32", use_last_error=True)
    for name in ("GetForegroundWindow", "CreateWindowExW", "GetClipboardData", "SetClipboardData", "GetClipboardOwner"):
        getattr(library, name).restype = ctypes.c_void_p
    hwnd, handle = wintypes.HWND, ctypes.c_void_p
    library.CreateWindowExW.argtypes = [
        *(wintypes.DWORD, wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD),
        *(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int, hwnd, handle, handle, handle),
    ]
    library.SetTimer.argtypes = [hwnd, ctypes.c_size_t, wintypes.UINT, handle]
    library.SetTimer.restype = ctypes.c_size_t
    library.KillTimer.argtypes = [hwnd, ctypes.c_size_t]
    library.SendInput.argtypes = [wintypes.UINT, handle, ctypes.c_int]
    library.SetClipboardData.argtypes = [wintypes.UINT, handle]
    for name in ("OpenClipboard", "DestroyWindow"):
        getattr(library, name).argtypes = [hwnd]
    library.GetWindowThreadProcessId.argtypes = [hwnd, ctypes.POINTER(wintypes.DWORD)]
    library.GetClassNameW.argtypes = [hwnd, wintypes.LPWSTR, ctypes.c_int]
    library.SendMessageTimeoutW.argtypes = [
        *(hwnd, wintypes.UINT, ctypes.c_size_t, ctypes.c_ssize_t, wintypes.UINT, wintypes.UINT, handle),
    ]
    library.GetWindowLongW.argtypes = [hwnd, ctypes.c_int]
    library.GetFocus.restype = ctypes.c_void_p
    library.SendMessageW.argtypes = [hwnd, wintypes.UINT, ctypes.c_size_t, ctypes.c_ssize_t]
    library.SetWindowTextW.argtypes = [hwnd, wintypes.LPCWSTR]
    library.DefWindowProcW.argtypes = [hwnd, wintypes.UINT, ctypes.c_size_t, ctypes.c_ssize_t]
    return library


@functools.cache
def kernel32() -> Any:
    """The functions of kernel32.dll that are used here."""
    library = vars(ctypes)["WinDLL"]("kernel32", use_last_error=True)
    for name in ("GlobalAlloc", "GlobalLock", "GlobalFree", "OpenProcess"):
        getattr(library, name).restype = ctypes.c_void_p
    for name in ("GlobalLock", "GlobalUnlock", "GlobalFree", "GlobalSize", "CloseHandle"):
        getattr(library, name).argtypes = [ctypes.c_void_p]
    library.GlobalAlloc.argtypes = [wintypes.UINT, ctypes.c_size_t]
    library.GlobalSize.restype = ctypes.c_size_t
    library.GetCurrentProcess.restype = ctypes.c_void_p
    library.QueryFullProcessImageNameW.argtypes = [
        *(ctypes.c_void_p, wintypes.DWORD, wintypes.LPWSTR, ctypes.POINTER(wintypes.DWORD)),
    ]
    return library


@functools.cache
def advapi32() -> Any:
    """The functions of advapi32.dll that are used here."""
    library = vars(ctypes)["WinDLL"]("advapi32", use_last_error=True)
    handle, number = ctypes.c_void_p, ctypes.POINTER(wintypes.DWORD)
    library.OpenProcessToken.argtypes = [handle, wintypes.DWORD, ctypes.POINTER(ctypes.c_void_p)]
    library.GetTokenInformation.argtypes = [handle, ctypes.c_int, handle, wintypes.DWORD, number]
    library.GetSidSubAuthorityCount.argtypes = [handle]
    library.GetSidSubAuthorityCount.restype = ctypes.POINTER(ctypes.c_ubyte)
    library.GetSidSubAuthority.argtypes = [handle, wintypes.DWORD]
    library.GetSidSubAuthority.restype = number
    return library


def last_error() -> int:
    """The error of the last function that failed on this thread; see winerror.h."""
    return int(vars(ctypes)["get_last_error"]())


class _Key(ctypes.Structure):
    _fields_ = (
        *(("vk", wintypes.WORD), ("scan", wintypes.WORD), ("flags", wintypes.DWORD), ("time", wintypes.DWORD)),
        *(("extra", ctypes.c_size_t), ("pad", wintypes.DWORD * 2)),  # as large as the one for the mouse
    )


class _Input(ctypes.Structure):
    _fields_ = (("type", wintypes.DWORD), ("key", _Key))


# A key: its virtual key, and whether it goes down.
Stroke = tuple[int, bool]


def strokes(*keys: int) -> list[Stroke]:
    """Press keys one after another, and release them in reverse order."""
    return [*((key, True) for key in keys), *((key, False) for key in reversed(keys))]


NOTHING_PRESSED = strokes(_VK_NOTHING)


def send(keys: list[Stroke]) -> bool:
    """Press and release these keys, with no others in between. Returns whether the program in front may get them."""
    inputs = (_Input * len(keys))(*(_Input(_KEYBOARD, _Key(vk=key, flags=_flags(key, down))) for key, down in keys))
    return bool(user32().SendInput(len(keys), inputs, ctypes.sizeof(_Input)) == len(keys))


def _flags(key: int, down: bool) -> int:
    return (0 if down else _KEY_UP) | (_EXTENDED if key in _EXTENDED_KEYS else 0)


def is_down(key: int) -> bool:
    """Whether a key is down now, whichever program received it. Any thread."""
    return bool(user32().GetAsyncKeyState(key) & _IS_DOWN)


# winnt.h: PROCESS_QUERY_LIMITED_INFORMATION, TOKEN_QUERY, TokenIntegrityLevel; winerror.h
LIMITED_QUESTIONS, _TOKEN_QUERY, _INTEGRITY, _ACCESS_DENIED = 0x1000, 0x0008, 25, 5


def has_more_rights(pid: int) -> bool:
    """Whether a process was started as administrator and this one was not: keys we send don't reach it."""
    process = kernel32().OpenProcess(LIMITED_QUESTIONS, False, pid)
    if not process:
        return last_error() == _ACCESS_DENIED
    try:
        theirs = _integrity(process)
    finally:
        kernel32().CloseHandle(process)
    ours = _integrity(kernel32().GetCurrentProcess())
    return ours is not None and (theirs is None or theirs > ours)


def _integrity(process: int) -> int | None:
    """A process's integrity level; None if Windows does not tell this one."""
    token, size = ctypes.c_void_p(), wintypes.DWORD()
    if not advapi32().OpenProcessToken(process, _TOKEN_QUERY, ctypes.byref(token)):
        return None
    try:
        label = ctypes.create_string_buffer(256)
        if not advapi32().GetTokenInformation(token, _INTEGRITY, label, len(label), ctypes.byref(size)):
            return None
        sid = ctypes.c_void_p.from_buffer(label).value
        last = advapi32().GetSidSubAuthorityCount(sid).contents.value - 1
        return int(advapi32().GetSidSubAuthority(sid, last).contents.value)
    finally:
        kernel32().CloseHandle(token)


class MessageThread:
    """A thread that receives Windows' messages and runs jobs in order. Once it has ended, it refuses jobs."""

    def __init__(self, name: str, on_message: Callable[[int, int], None] = lambda message, number: None) -> None:
        """`on_message` is called on it with each message and its `wParam`. Waits until it runs. Raises DesktopError."""
        self._on_message = on_message
        self._jobs: deque[tuple[Callable[[], Any], concurrent.futures.Future[Any]]] = deque()
        self._lock = threading.Lock()
        self._is_running = False
        self._runs = threading.Event()
        self._id = 0
        self._thread = threads.start(self._run, name)
        if not self._runs.wait(_START_LIMIT_S) or not self._is_running:
            raise DesktopError("Windows sends no messages to Harken")

    def submit(self, job: Callable[[], T]) -> concurrent.futures.Future[T]:
        """Run a job soon; any thread. Its future fails with DesktopError if the thread has ended."""
        future: concurrent.futures.Future[T] = concurrent.futures.Future()
        with self._lock:
            if not self._is_running:
                future.set_exception(DesktopError("the thread has ended"))
                return future
            self._jobs.append((job, future))
        user32().PostThreadMessageW(self._id, _WM_APP, 0, 0)
        return future

    def close(self, limit_s: float = 2.0) -> None:
        """End it after its remaining jobs, and wait for that. May be called twice."""
        user32().PostThreadMessageW(self._id, _WM_QUIT, 0, 0)
        self._thread.join(limit_s)

    def _run(self) -> None:
        message = wintypes.MSG()
        user32().PeekMessageW(ctypes.byref(message), None, 0, 0, 0)  # creates the thread's message queue
        self._id = kernel32().GetCurrentThreadId()
        self._is_running = True
        self._runs.set()
        try:
            while user32().GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
                if message.message == _WM_APP and not message.hWnd:
                    self._work()
                elif message.hWnd:
                    user32().DispatchMessageW(ctypes.byref(message))
                else:
                    self._tell(message.message, message.wParam or 0)
        finally:
            with self._lock:
                self._is_running = False
            self._work()

    def _tell(self, message: int, number: int) -> None:
        try:
            self._on_message(message, number)
        except Exception:
            log.exception("a message of Windows' was not handled")

    def _work(self) -> None:
        while self._jobs:
            job, future = self._jobs.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job())
            except Exception as error:
                future.set_exception(error)
