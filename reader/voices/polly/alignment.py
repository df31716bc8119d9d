"""Estimates where sentences begin in the sound of a complete passage.

The service joins the texts it is sent and answers with a single sound, without marks. Which passage a sound belongs to
is known (see synthesis_stream.py); where its sentences begin can only be estimated, from its pauses and from how long
that many characters take. So this decides what is shown and where the user's "next sentence" is, but never what was
heard.

Pure. Sound is signed 16-bit mono in this machine's byte order; positions count its bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reader.flow import FRAME_BYTES

# Sound is examined in steps of this length; pauses shorter than this many steps are within words.
_STEP_S = 0.02
_MIN_PAUSE_STEPS = 3
# Every fourth frame is enough to tell loud from quiet.
_EVERY = 4
# A step is quiet below this share of the loudest step so far.
_QUIET = 0.03
_QUIET_AT_LEAST = 100
# The spread of the time per character (as a standard deviation of its logarithm); more is added for short sentences.
_SPREAD = 0.16
_SPREAD_OF_SHORT = 6.0
# A pause of this length is as likely within a sentence as after it; each scale more makes "after" e times likelier.
_EVEN_PAUSE_S = 0.22
_PAUSE_SCALE_S = 0.05
_MAX_PAUSE_ODDS = 2.0
# The most that a sentence may begin away from where its characters put it: this, or this share of the passage if more.
_FAR_S = 4.0
_FAR = 0.15

Floats = npt.NDArray[np.float64]
_loudest = np.maximum.reduce


@dataclass(frozen=True, slots=True)
class Pause:
    """A quiet part of a sound, ending at `end`."""

    end: int
    length_s: float


class Pauses:
    """Finds the pauses in a sound as it arrives."""

    def __init__(self, rate_hz: int) -> None:
        self._step_bytes = round(_STEP_S * rate_hz) * FRAME_BYTES
        self.found: list[Pause] = []
        self._rest = b""
        self._at = 0
        self._quiet_steps = 0
        self._loudest = _QUIET_AT_LEAST / _QUIET

    @property
    def is_in_pause(self) -> bool:
        """Whether the sound so far ends in a pause."""
        return self._quiet_steps >= _MIN_PAUSE_STEPS

    def hear(self, pcm: bytes) -> None:
        """Add sound that arrived."""
        data = self._rest + pcm
        end = len(data) // self._step_bytes * self._step_bytes
        self._rest = data[end:]
        if not end:
            return
        sound = np.frombuffer(data, np.int16, end // FRAME_BYTES).reshape(-1, self._step_bytes // FRAME_BYTES)
        # Both half-waves are equally loud.
        for peak in _loudest(sound[:, ::_EVERY], axis=1).tolist():
            self._loudest = max(self._loudest, peak)
            if peak < self._loudest * _QUIET:
                self._quiet_steps += 1
            else:
                if self.is_in_pause:
                    self.found.append(Pause(self._at, self._quiet_steps * _STEP_S))
                self._quiet_steps = 0
            self._at += self._step_bytes

    def forget(self, before: int) -> None:
        """Drop the pauses before this position, which will not be asked for again."""
        self.found = [pause for pause in self.found if pause.end > before]


def places(chars: Sequence[float], pauses: Sequence[Pause], start: int, end: int, rate_hz: int) -> list[int]:
    """Where each sentence but the first begins in the sound from `start` to `end`.

    `chars` are the sentences' lengths, as `spoken_chars` counts. Finds the likeliest way to fit the sentences to the
    pauses: a sentence lasts about as long as its characters take, and the pauses after sentences are longer.
    """
    bytes_per_s = rate_hz * FRAME_BYTES
    length_s, total = (end - start) / bytes_per_s, sum(chars)
    expected = np.cumsum(chars)[:-1] / total * length_s
    # If there is no pause, a sentence begins where its characters put it.
    inside = [pause for pause in pauses if start < pause.end < end]
    at = np.concatenate([[(pause.end - start) / bytes_per_s for pause in inside], expected])
    odds = np.array([*(pause.length_s for pause in inside), *[0.0] * len(expected)])
    odds = np.clip((odds - _EVEN_PAUSE_S) / _PAUSE_SCALE_S, -_MAX_PAUSE_ODDS, _MAX_PAUSE_ODDS)
    far_s = max(_FAR_S, length_s * _FAR)

    before, scores = np.zeros(1), np.zeros(1)
    ways: list[tuple[Floats, npt.NDArray[np.intp]]] = []
    for number, due in enumerate(expected):
        near = np.flatnonzero(np.abs(at - due) <= far_s)
        fit = _fit(at[near][None, :] - before[:, None], chars[number], length_s / total)
        reached = scores[:, None] + fit
        best = reached.argmax(axis=0)
        scores = reached[best, np.arange(len(near))] + odds[near]
        before = at[near]
        ways.append((before, best))
    scores = scores + _fit(length_s - before, chars[-1], length_s / total)
    return _traced(ways, int(scores.argmax()), start, bytes_per_s)


def _fit(took_s: Floats, chars: float, seconds_per_char: float) -> Floats:
    """How well this number of characters fits this duration (a log-likelihood)."""
    spread = _SPREAD + _SPREAD_OF_SHORT / (chars + 10)
    deviation: Floats = np.log(np.maximum(took_s, _STEP_S / 10) / (chars * seconds_per_char)) / spread
    return -0.5 * deviation * deviation


def _traced(ways: list[tuple[Floats, npt.NDArray[np.intp]]], last: int, start: int, bytes_per_s: int) -> list[int]:
    found: list[int] = []
    for at, best in reversed(ways):
        found.append(start + round(float(at[last]) * bytes_per_s) // FRAME_BYTES * FRAME_BYTES)
        last = int(best[last])
    return found[::-1]
