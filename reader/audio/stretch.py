"""Plays speech faster or slower at the same pitch, for speeds a voice does not reach by itself.

Pitch-synchronous overlap-add, after N. Morita and F. Itakura, "Time-scale modification algorithm for
speech by use of pointer interval control overlap and add (PICOLA)", 1986: find the pitch period, blend one
or more periods into one (faster) or repeat one (slower), and copy the rest unchanged. It needs 30 ms of
sound ahead, is exact in speed, and runs wherever numpy does (libsonic is missing from the Windows library
of eSpeak NG; phase vocoders smear speech and wait longer).

Pure; float32 mono; not thread-safe.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

# The range of the pitch of speech, from children to men with deep voices.
_HIGHEST_HZ, _LOWEST_HZ = 400, 65
# The period is searched for at this rate first and then refined: a tenth of the work.
_COARSE_HZ = 4000
# Factors closer to 1 than this count as no change.
_SAME = 0.01


class Stretch:
    """Changes the speed of one stream of sound. `factor` may be set at any time; 2.0 is twice as fast."""

    def __init__(self, rate_hz: int) -> None:
        self.factor = 1.0
        self._shortest = rate_hz // _HIGHEST_HZ
        self._longest = rate_hz // _LOWEST_HZ
        self._step = max(rate_hz // _COARSE_HZ, 1)
        self._input: Samples = np.zeros(0, np.float32)
        self._copy = 0  # samples to copy unchanged before searching for the next period
        self._owed = 0.0  # the rounding error so far, in samples

    def feed(self, sound: Samples) -> Samples:
        """Add sound and return what is ready."""
        if self._is_plain() and not self._input.size:
            return sound
        self._input = np.concatenate([self._input, sound])
        return self._take(2 * self._longest)

    @property
    def held(self) -> int:
        """How many samples were fed that have not been used yet."""
        return self._input.size

    def flush(self) -> Samples:
        """The sound is over: return the rest."""
        rest = np.concatenate([self._take(2 * self._longest), self._input])
        self._input = self._input[:0]
        self._copy = 0
        return rest

    def _is_plain(self) -> bool:
        return abs(self.factor - 1.0) < _SAME

    def _take(self, needed: int) -> Samples:
        """Turn input into output while `needed` samples are left to look at."""
        x, at = self._input, 0
        out: list[Samples] = []
        if self._is_plain():
            self._copy = x.size
        while True:
            copied = min(self._copy, x.size - at)
            out.append(x[at : at + copied])
            at += copied
            self._copy -= copied
            if self._copy or x.size - at < needed:
                break
            made, used = self._change(x[at:])
            out.append(made)
            at += used
        self._input = x[at:]
        return np.concatenate(out) if out else x[:0]

    def _change(self, x: Samples) -> tuple[Samples, int]:
        """Blend at the beginning of `x`: (output, samples of input it replaces). Sets how much to copy after that."""
        p = self._period(x)
        speed = self.factor
        if speed > 1.0:
            # Drop one period: out of two (and what is copied after them) below double speed, out of less above it.
            blend = p if speed < 2.0 else self._whole(p / (speed - 1.0))
            self._copy = self._whole(p * (2.0 - speed) / (speed - 1.0)) if speed < 2.0 else 0
            return _cross(x[:blend], x[p : p + blend]), p + blend
        # Repeat one period.
        blend = p if speed > 0.5 else self._whole(p * speed / (1.0 - speed))
        self._copy = self._whole(p * (2.0 * speed - 1.0) / (1.0 - speed)) if speed > 0.5 else 0
        made = np.concatenate([x[:p], _cross(x[p : p + blend], x[:blend])])
        return made, blend

    def _whole(self, samples: float) -> int:
        """Round to whole samples, at least one, carrying the error over to the next time: the speed stays exact."""
        whole = max(round(samples + self._owed), 1)
        self._owed += samples - whole
        return whole

    def _period(self, x: Samples) -> int:
        """The pitch period at the beginning of `x`, in samples: the shift at which it most resembles itself."""
        step = self._step
        coarse = x[: 2 * self._longest : step]
        low, high = max(self._shortest // step, 1), self._longest // step
        best = _likeliest(coarse, low, high) * step
        return _likeliest(x, max(best - step, self._shortest), min(best + step, self._longest))


def _likeliest(x: Samples, low: int, high: int) -> int:
    """The shift between `low` and `high` (both included) with the smallest mean difference."""
    width = min(high, x.size - high)
    windows = np.lib.stride_tricks.sliding_window_view(x[low : high + width], width)
    return low + int(np.abs(windows - x[:width]).sum(axis=1).argmin())


def _cross(a: Samples, b: Samples) -> Samples:
    """Fade from `a` to `b`, which have the same length."""
    up: Samples = np.linspace(0.0, 1.0, a.size, dtype=np.float32)
    mixed: Samples = a * (1.0 - up) + b * up
    return mixed
