"""Notices that this computer has slept: connections from before are dead then, though nothing says so.

During sleep the wall clock continues, and one that counts only what the computer is awake for stops: the monotonic one
on Linux and macOS. On Windows that continues too; what stops there is the unbiased interrupt time. Being called late
tells nothing: a busy computer does that as well.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

# Clocks that are set leap too. That costs a new connection, so small corrections are passed over.
_LEAP_S = 5.0

if sys.platform == "win32":
    import ctypes

    def awake_s() -> float:
        """Seconds that the computer was awake for (QueryUnbiasedInterruptTime: 100 ns each, since Windows 7)."""
        ticks = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(ticks))
        return ticks.value / 10_000_000

else:
    awake_s = time.monotonic


class SuspendDetector:
    def __init__(self, wall: Callable[[], float] = time.time, awake: Callable[[], float] = awake_s) -> None:
        self._wall = wall
        self._awake = awake
        self._ahead_s = wall() - awake()

    def has_slept(self) -> bool:
        """Whether it slept since the last call."""
        ahead_s = self._wall() - self._awake()
        is_leap = abs(ahead_s - self._ahead_s) > _LEAP_S
        self._ahead_s = ahead_s
        return is_leap
