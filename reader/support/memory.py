"""Memory that a process has freed, and the C library keeps for it."""

from __future__ import annotations

import contextlib
import ctypes
import sys


def give_back() -> None:
    """Give it back to the system, where the C library can. For after much was loaded: takes some 2 ms."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # musl has no such thing
            ctypes.CDLL(None).malloc_trim(0)
