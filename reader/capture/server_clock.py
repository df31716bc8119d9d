"""Converts the X server's clock to this computer's. Pure except for reading the latter."""

from __future__ import annotations

import time

_HALF_MS = 1 << 31  # half of the range after which an X server's clock wraps around


class ServerClock:
    """Converts an X server's times, in milliseconds that wrap around after 49 days, to seconds."""

    def __init__(self) -> None:
        self._newest: tuple[int, float] | None = None  # a server time, and our time then

    def seconds(self, at_ms: int) -> float:
        """A server time as one of time.monotonic(), late by as much as the first event was."""
        if self._newest is None:
            self._newest = at_ms, time.monotonic()
        newest_ms, newest_s = self._newest
        since_ms = (at_ms - newest_ms + _HALF_MS) % (2 * _HALF_MS) - _HALF_MS
        if since_ms > 0:
            self._newest = at_ms, newest_s + since_ms / 1000
        return newest_s + since_ms / 1000
