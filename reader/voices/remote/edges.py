"""Trims the silence from both ends of a sentence: services add some to each, and the player adds its own pauses.

Pure; one per sentence, and not thread-safe.
"""

from __future__ import annotations

import numpy as np

from reader.flow import FRAME_BYTES

# Anything below -52 dBFS is silence; this much of it is kept at either end, because sounds begin and end softly.
_QUIET = round(32768 * 10 ** (-52 / 20))
_KEPT_S = 0.02


class Edges:
    def __init__(self, rate_hz: int) -> None:
        self._kept_bytes = round(_KEPT_S * rate_hz) * FRAME_BYTES
        self._held = b""  # silence that may turn out to be inside the sentence
        self._has_begun = False

    def feed(self, pcm: bytes) -> bytes:
        """Add 16-bit frames in this machine's byte order, and return those that can't be part of either end."""
        sound = self._held + pcm
        loud = np.flatnonzero(np.abs(np.frombuffer(sound, np.int16).astype(np.int32)) > _QUIET)
        if not loud.size:
            self._held = sound if self._has_begun else sound[-self._kept_bytes :]
            return b""
        first = 0 if self._has_begun else max(int(loud[0]) * FRAME_BYTES - self._kept_bytes, 0)
        last = (int(loud[-1]) + 1) * FRAME_BYTES
        self._has_begun = True
        self._held = sound[last:]
        return sound[first:last]

    def finish(self) -> bytes:
        """The sentence is over: return what to keep of its end."""
        return self._held[: self._kept_bytes] if self._has_begun else b""
