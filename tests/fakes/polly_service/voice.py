"""The stand-in's voice: every word is a tone, whose length is that of its letters and whose pitch is of its own.

So a test can say which words were heard, in which order, and whether one is missing, doubled or cut short.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from zlib import crc32

import numpy as np

# Some 15 characters a second, and a pause behind a sentence: those of people and of the service's voices.
LETTER_S = 0.05
GAP_S = 0.02
SENTENCE_S = 0.4
_LOUD = 8000
_LOWEST_HZ = 300
_STEP_HZ = 20
_PITCHES = 100  # up to 2,280 Hz: also 8 kHz carry it


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def speak(text: str, rate_hz: int) -> bytes:
    """Signed 16-bit little-endian mono. The pause behind the last word is a sentence's."""
    parts = []
    for word in words(text):
        # A cosine, so that a word is loud from its first frame.
        time_s = np.arange(round(len(word) * LETTER_S * rate_hz)) / rate_hz
        hz = _LOWEST_HZ + _STEP_HZ * pitch(word)
        parts += [_LOUD * np.cos(2 * np.pi * hz * time_s), np.zeros(round(GAP_S * rate_hz))]
    if parts:
        parts.append(np.zeros(round(SENTENCE_S * rate_hz)))
    return np.concatenate([np.zeros(0), *parts]).astype("<i2").tobytes()


def hear(pcm: bytes, rate_hz: int, vocabulary: Iterable[str]) -> list[str]:
    """The words in a sound, "?" for one that is not of the vocabulary or was cut."""
    known = {(len(word), pitch(word)): word for word in vocabulary}
    sound = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(float)
    loud = np.flatnonzero(np.abs(sound) > _LOUD / 10)
    if not loud.size:
        return []
    # Within a tone it is quiet for a fraction of a period only, the longest of which is 3.3 ms.
    bursts = np.split(loud, np.flatnonzero(np.diff(loud) > GAP_S / 2 * rate_hz) + 1)
    return [known.get(_of(sound[burst[0] : burst[-1] + 1], rate_hz), "?") for burst in bursts]


def _of(burst: np.ndarray[tuple[int], np.dtype[np.float64]], rate_hz: int) -> tuple[int, int]:
    """(letters, pitch) of a tone."""
    # Its pitch is that of its middle: packed formats smear the edges by some milliseconds.
    middle = burst[burst.size // 8 : -(burst.size // 8) or None]
    before = np.flatnonzero(np.diff(np.signbit(middle)))
    if before.size < 2:
        return 0, 0
    # Where between two frames the sound crosses zero.
    crossings = before + middle[before] / (middle[before] - middle[before + 1])
    hz = (crossings.size - 1) / 2 / (crossings[-1] - crossings[0]) * rate_hz
    return round(burst.size / rate_hz / LETTER_S), round((hz - _LOWEST_HZ) / _STEP_HZ)


def pitch(word: str) -> int:
    return crc32(word.lower().encode()) % _PITCHES
