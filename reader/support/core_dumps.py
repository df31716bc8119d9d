"""Keeps this process's memory off the disk: a core file would hold what was read, and the keys of an account.

Every entry point calls this before anything else. Child processes inherit the limit and the filter, including programs
that aren't ours; our own children set again what execve resets.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys

_PR_SET_DUMPABLE = 4
# Which mappings a core file may contain, see core(5): none. Unlike a limit of 0, this also applies to programs that
# receive core files through a pipe (systemd-coredump, apport).
_FILTER, _NOTHING = "/proc/self/coredump_filter", "0"
# Windows Error Reporting: leave the heap out of reports (werapi.h), and show no dialog (errhandlingapi.h).
_WER_NO_HEAP, _SEM_NO_FAULT_BOX = 1, 2


def forbid() -> None:
    """Prevent core files of this process. What the system does not support is skipped."""
    if sys.platform == "win32":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.windll.kernel32.WerSetFlags(_WER_NO_HEAP)
            ctypes.windll.kernel32.SetErrorMode(ctypes.windll.kernel32.GetErrorMode() | _SEM_NO_FAULT_BOX)
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # enough on macOS, whose crash reports hold no memory
    if sys.platform == "linux":
        with contextlib.suppress(OSError), open(_FILTER, "w", encoding="ascii") as file:
            file.write(_NOTHING)
        _set_dumpable(False)


def open_to_portals() -> None:
    """Let the desktop identify this process. For the tray app, whose core file would be empty anyway.

    A portal refuses processes whose /proc/PID/root it can't open, which includes non-dumpable ones
    (https://github.com/flatpak/xdg-desktop-portal/issues/785). Without this, the screen would lock while Harken reads,
    and its windows would not follow the desktop's colours.
    """
    if sys.platform == "linux":
        _set_dumpable(True)


def _set_dumpable(is_dumpable: bool) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, int(is_dumpable), 0, 0, 0)
