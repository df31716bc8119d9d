"""Memory that a process has freed but the C library still holds."""

from __future__ import annotations

import contextlib
import ctypes
import sys


def give_back() -> None:
    """Return it to the system, where the C library can. For after loading a lot; takes some 2 ms."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # musl doesn't have this
            ctypes.CDLL(None).malloc_trim(0)
