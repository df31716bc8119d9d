"""How much of speech is left when its speed was changed: three figures that need no listener.

A stretched sound is compared with the sound it was made of. The middle of a frame of the one stands at `factor` times
the place of the middle of the other's, so what is compared is the same instant of speech.

- Intelligibility: STOI, after C. H. Taal, R. C. Hendriks, R. Heusdens and J. Jensen, "An algorithm for intelligibility
  prediction of time-frequency weighted noisy speech", 2011: the correlation of the envelopes in 15 third-octave bands
  over 0.4 s of the original. 1 is untouched. It says whether the speech is still all there, not whether an
  unpractised listener can follow as fast as that.
- Log-spectral distance in dB over the same bands: how much the timbre is another.
- Pitch: the share of voiced frames whose pitch is within a semitone of the original's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soxr

Samples = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]

_RATE_HZ = 10000  # STOI's
_WINDOW, _HOP, _FFT = 256, 128, 512
_BANDS, _LOWEST_HZ = 15, 150.0
_SEGMENT = 30  # frames that are compared at once
_CLIP_DB = -15.0
_FLOOR_DB = 40.0  # frames so far below the loudest one are silence
_PITCH_S, _HIGHEST_HZ, _DEEPEST_HZ = 0.04, 400, 70
_VOICED = 0.6
_SEMITONE = 2 ** (1 / 12)


@dataclass(frozen=True)
class Quality:
    """See the module."""

    stoi: float
    distance_db: float
    pitch_share: float


def compare(original: Samples, stretched: Samples, rate_hz: int, factor: float) -> Quality:
    """The quality of `stretched`, which is `original` at `factor` times its speed."""
    x = soxr.resample(original, rate_hz, _RATE_HZ).astype(np.float64)
    y = soxr.resample(stretched, rate_hz, _RATE_HZ).astype(np.float64)
    margin = round(_PITCH_S * _RATE_HZ)
    middle_x = np.arange(margin * max(factor, 1.0), min(x.size, y.size * factor) - margin * max(factor, 1.0), _HOP)
    at_x, at_y = middle_x.astype(int), np.round(middle_x / factor).astype(int)
    bands_x, bands_y = _bands(x, at_x), _bands(y, at_y)
    level_db = 10 * np.log10((bands_x**2).sum(axis=1) + 1e-12)
    is_loud = level_db > level_db.max() - _FLOOR_DB
    return Quality(
        _stoi(bands_x[is_loud], bands_y[is_loud]),
        _distance_db(bands_x[is_loud], bands_y[is_loud]),
        _pitch_share(x, y, at_x[is_loud], at_y[is_loud]),
    )


def _bands(sound: Matrix, at: npt.NDArray[np.int_]) -> Matrix:
    """The magnitude in each third of an octave of the frames around there."""
    window = np.hanning(_WINDOW + 2)[1:-1]
    frames = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[at - _WINDOW // 2] * window
    power = np.abs(np.fft.rfft(frames, _FFT, axis=1)) ** 2
    frequency = np.fft.rfftfreq(_FFT, 1 / _RATE_HZ)
    centres = _LOWEST_HZ * 2.0 ** (np.arange(_BANDS) / 3)
    sums = [
        power[:, (frequency >= c * 2 ** (-1 / 6)) & (frequency < c * 2 ** (1 / 6))].sum(axis=1) for c in centres
    ]  # fmt: skip
    magnitudes: Matrix = np.sqrt(np.stack(sums, axis=1))
    return magnitudes


def _stoi(x: Matrix, y: Matrix) -> float:
    found = []
    for end in range(_SEGMENT, len(x) + 1):
        a, b = x[end - _SEGMENT : end], y[end - _SEGMENT : end]
        b = b * np.sqrt((a**2).sum(axis=0) / ((b**2).sum(axis=0) + 1e-12))
        b = np.minimum(b, a * (1 + 10 ** (-_CLIP_DB / 20)))
        a, b = a - a.mean(axis=0), b - b.mean(axis=0)
        found.append(((a * b).sum(axis=0) / (np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0)) + 1e-12)).mean())
    return float(np.mean(found))


def _distance_db(x: Matrix, y: Matrix) -> float:
    difference = 20 * np.log10((x + 1e-6) / (y + 1e-6))
    return float(np.sqrt((difference**2).mean(axis=1)).mean())


def _pitch_share(x: Matrix, y: Matrix, at_x: npt.NDArray[np.int_], at_y: npt.NDArray[np.int_]) -> float:
    pitch_x, pitch_y = _pitch(x, at_x), _pitch(y, at_y)
    voiced = pitch_x > 0
    ratio = np.where(pitch_y > 0, pitch_y, 1.0)[voiced] / pitch_x[voiced]
    return float(((ratio < _SEMITONE) & (ratio > 1 / _SEMITONE)).mean())


def _pitch(sound: Matrix, at: npt.NDArray[np.int_]) -> Matrix:
    """The pitch in Hz around each place, 0 where it is unvoiced: the peak of the normalised autocorrelation."""
    size = round(_PITCH_S * _RATE_HZ)
    frames = np.lib.stride_tricks.sliding_window_view(sound, size)[at - size // 2]
    frames = frames - frames.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(frames, 2 * size, axis=1)) ** 2
    correlation = np.fft.irfft(power, axis=1)[:, :size]
    correlation /= (np.arange(size, 0, -1) / size) * (correlation[:, :1] + 1e-9)
    low, high = _RATE_HZ // _HIGHEST_HZ, _RATE_HZ // _DEEPEST_HZ
    window = correlation[:, low:high]
    # The shortest period that is nearly the best: the double of it is as good.
    is_good = window >= 0.9 * window.max(axis=1, keepdims=True)
    first = is_good.argmax(axis=1)
    peak = np.array([w[f : f + 8].argmax() + f for w, f in zip(window, first, strict=True)])
    found: Matrix = np.where(window.max(axis=1) > _VOICED, _RATE_HZ / (peak + low), 0.0)
    return found


def overlap_add(sound: Samples, rate_hz: int, factor: float) -> Samples:
    """The plain alternative: 30 ms pieces, taken `factor` times as fast as they are put together again."""
    size = round(0.03 * rate_hz) // 2 * 2
    hop = size // 2
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    count = int((sound.size - size) / (hop * factor))
    made = np.zeros(count * hop + size, np.float32)
    for i in range(count):
        start = max(round((i * hop + hop) * factor) - hop, 0)  # the middles of both are the same instant
        made[i * hop : i * hop + size] += sound[start : start + size] * window
    return made
