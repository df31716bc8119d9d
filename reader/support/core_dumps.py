"""No image of this process's memory may come onto a disk: it would hold what was read, and the keys of an account.

Called by every entry before anything else. Child processes inherit the limit and the filter, also those that are
programs of others; what execve takes back, each of ours sets again.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys

_PR_SET_DUMPABLE = 4
# What of its memory may stand in an image, see core(5): nothing. It holds for programs that take images through a
# pipe too (systemd-coredump, apport), which a limit of 0 alone does not stop.
_FILTER, _NOTHING = "/proc/self/coredump_filter", "0"
# Windows Error Reporting: no heap in its reports (werapi.h), and none of its windows (errhandlingapi.h).
_WER_NO_HEAP, _SEM_NO_FAULT_BOX = 1, 2


def forbid() -> None:
    """Let nobody take an image of this process. What a system does not know is passed over."""
    if sys.platform == "win32":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.windll.kernel32.WerSetFlags(_WER_NO_HEAP)
            ctypes.windll.kernel32.SetErrorMode(ctypes.windll.kernel32.GetErrorMode() | _SEM_NO_FAULT_BOX)
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # on macOS this is all; its reports hold no memory
    if sys.platform == "linux":
        with contextlib.suppress(OSError), open(_FILTER, "w", encoding="ascii") as file:
            file.write(_NOTHING)
        _set_dumpable(False)


def open_to_portals() -> None:
    """Let the desktop look at who asks it. For the tray app, whose image would be empty all the same.

    A portal refuses whoever's /proc/PID/root it can't open, and that of a process that can't be dumped it can't
    (https://github.com/flatpak/xdg-desktop-portal/issues/785): neither the lock of the screen would be held off while
    Harken reads, nor would its windows follow the desktop's colours.
    """
    if sys.platform == "linux":
        _set_dumpable(True)


def _set_dumpable(is_dumpable: bool) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, int(is_dumpable), 0, 0, 0)
