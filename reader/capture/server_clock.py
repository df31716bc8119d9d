"""The X server's clock beside this computer's. Pure but for that."""

from __future__ import annotations

import time

_HALF_MS = 1 << 31  # half of what an X server counts before it begins again


class ServerClock:
    """Makes seconds of an X server's times, which are milliseconds that begin again after 49 days."""

    def __init__(self) -> None:
        self._newest: tuple[int, float] | None = None  # a time of the server's, and when that was

    def seconds(self, at_ms: int) -> float:
        """A time as one of time.monotonic(), late by as much as the first event was."""
        if self._newest is None:
            self._newest = at_ms, time.monotonic()
        newest_ms, newest_s = self._newest
        since_ms = (at_ms - newest_ms + _HALF_MS) % (2 * _HALF_MS) - _HALF_MS
        if since_ms > 0:
            self._newest = at_ms, newest_s + since_ms / 1000
        return newest_s + since_ms / 1000
