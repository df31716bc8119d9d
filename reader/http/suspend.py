"""Notices that this computer has slept: earlier connections are dead then, though nothing reports it.

During sleep the wall clock runs on, while a clock that counts only waking time stops: on Linux and macOS that is the
monotonic one. On Windows the monotonic clock runs on as well; what stops there is the unbiased interrupt time. Being
called late proves nothing: that happens on a busy computer too.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

# Setting the clock makes it jump, too. A false alarm costs a new connection, so small corrections are ignored.
_LEAP_S = 5.0

if sys.platform == "win32":
    import ctypes

    def awake_s() -> float:
        """Seconds this computer was awake (QueryUnbiasedInterruptTime, in units of 100 ns, since Windows 7)."""
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
