"""Whether another process on this computer is running, by its number."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

# winnt.h, winbase.h
_SYNCHRONIZE, _WAIT_TIMEOUT, _ACCESS_DENIED = 0x00100000, 0x102, 5


def is_running(pid: int) -> bool:
    """Whether it is running, whichever user it belongs to. One that has exited but not been waited for is not."""
    if sys.platform == "win32":
        return _is_running_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    with contextlib.suppress(OSError):
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:1]
    return True


def _is_running_on_windows(pid: int) -> bool:
    """Only asks for the right to wait for it: os.kill would end it, or send Ctrl+C to everything on this console."""
    if sys.platform != "win32":
        return False
    import ctypes
    from ctypes import wintypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = wintypes.HANDLE
    process = kernel.OpenProcess(_SYNCHRONIZE, False, pid)
    if not process:
        return ctypes.get_last_error() == _ACCESS_DENIED  # another user's
    try:
        return bool(kernel.WaitForSingleObject(wintypes.HANDLE(process), 0) == _WAIT_TIMEOUT)
    finally:
        kernel.CloseHandle(wintypes.HANDLE(process))
