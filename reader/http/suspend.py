"""Notices that this computer has slept: connections from before are dead then, though nothing says so.

During sleep the wall clock continues. The monotonic one stops on Linux and macOS; on Windows it continues too, and
sleep shows by a call here that comes much later than planned.
"""

from __future__ import annotations

import time
from collections.abc import Callable

# Clocks that are set leap too. That costs a new connection, so small corrections are passed over.
_LEAP_S = 5.0


class SuspendDetector:
    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._ahead_s = wall() - monotonic()
        self._asked_s = monotonic()

    def has_slept(self, within_s: float | None = None) -> bool:
        """Whether it slept since the last call, which was planned to be at most `within_s` seconds ago."""
        now_s = self._monotonic()
        ahead_s = self._wall() - now_s
        is_leap = abs(ahead_s - self._ahead_s) > _LEAP_S
        is_late = within_s is not None and now_s - self._asked_s > within_s + _LEAP_S
        self._ahead_s, self._asked_s = ahead_s, now_s
        return is_leap or is_late
