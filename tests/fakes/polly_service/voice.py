"""The stand-in's voice: every word is a tone, whose length is that of its letters and whose pitch is of its own.

So a test can say which words were heard, in which order, and whether one is missing, doubled or cut short.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
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

Sound = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Habits:
    """How a voice speaks that is not as even as `speak` is by itself: each sentence at a pace of its own.

    Pauses are from and to so many seconds. A digit takes as long as so many letters.
    """

    seed: int
    pace: tuple[float, float] = (0.7, 1.4)
    comma_s: tuple[float, float] = (0.05, 0.3)
    sentence_s: tuple[float, float] = (0.1, 0.6)
    digit_letters: float = 4.0

    # Pitches of such a voice are closer to each other, for there are more words.
    STEP_HZ = 5
    PITCHES = 1000

    def speak(self, text: str, rate_hz: int) -> bytes:
        """As `speak` does."""
        chance = Random(f"{self.seed} {text}")
        pace = chance.uniform(*self.pace)
        parts = [np.zeros(0)]
        for word, mark in re.findall(r"(\w+)([,;:]?)", text):
            time_s = np.arange(round(self._length_s(word) * pace * rate_hz)) / rate_hz
            parts.append(_LOUD * np.cos(2 * np.pi * (_LOWEST_HZ + self.STEP_HZ * self.pitch(word)) * time_s))
            parts.append(np.zeros(round((GAP_S + bool(mark) * chance.uniform(*self.comma_s)) * rate_hz)))
        parts.append(np.zeros(round(chance.uniform(*self.sentence_s) * rate_hz)))
        return np.concatenate(parts).astype("<i2").tobytes()

    def _length_s(self, word: str) -> float:
        digits = sum(letter.isdigit() for letter in word)
        return (len(word) + digits * (self.digit_letters - 1)) * LETTER_S

    def pitch(self, word: str) -> int:
        return crc32(word.lower().encode()) % self.PITCHES

    def hear(self, pcm: bytes, rate_hz: int, vocabulary: Iterable[str]) -> list[int]:
        """The pitches of the words in a sound, -1 for one that is not of the vocabulary or was cut."""
        least_s: dict[int, float] = {}
        for word in vocabulary:
            length_s = self._length_s(word) * self.pace[0] * 0.95
            least_s[self.pitch(word)] = min(length_s, least_s.get(self.pitch(word), length_s))
        found = []
        for burst in _bursts(pcm, rate_hz):
            pitch = round((_hz(burst, rate_hz) - _LOWEST_HZ) / self.STEP_HZ)
            found.append(pitch if burst.size / rate_hz >= least_s.get(pitch, 1e9) else -1)
        return found


@dataclass
class Stalls:
    """How a service stops in the middle of what it says, for a while, and goes on."""

    chance: Random
    every_s: float  # of sound, on the average
    length_s: tuple[float, float]  # from and to
    count: int = 0

    def next_s(self, sound_s: float) -> float:
        """How long it stops before so much sound more, mostly 0."""
        if self.chance.random() >= sound_s / self.every_s:
            return 0.0
        self.count += 1
        return self.chance.uniform(*self.length_s)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def speak(text: str, rate_hz: int, habits: Habits | None = None) -> bytes:
    """Signed 16-bit little-endian mono. The pause behind the last word is a sentence's."""
    if habits:
        return habits.speak(text, rate_hz)
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
    return [known.get(_of(burst, rate_hz), "?") for burst in _bursts(pcm, rate_hz)]


def _bursts(pcm: bytes, rate_hz: int) -> list[Sound]:
    """What stands between the gaps."""
    sound = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(float)
    loud = np.flatnonzero(np.abs(sound) > _LOUD / 10)
    if not loud.size:
        return []
    # Within a tone it is quiet for a fraction of a period only, the longest of which is 3.3 ms.
    bursts = np.split(loud, np.flatnonzero(np.diff(loud) > GAP_S / 2 * rate_hz) + 1)
    return [sound[burst[0] : burst[-1] + 1] for burst in bursts]


def _of(burst: Sound, rate_hz: int) -> tuple[int, int]:
    """(letters, pitch) of a tone."""
    return round(burst.size / rate_hz / LETTER_S), round((_hz(burst, rate_hz) - _LOWEST_HZ) / _STEP_HZ)


def _hz(burst: Sound, rate_hz: int) -> float:
    """The pitch of a tone, 0 for none."""
    # Its pitch is that of its middle: packed formats smear the edges by some milliseconds.
    middle = burst[burst.size // 8 : -(burst.size // 8) or None]
    before = np.flatnonzero(np.diff(np.signbit(middle)))
    if before.size < 2:
        return 0.0
    # Where between two frames the sound crosses zero.
    crossings = before + middle[before] / (middle[before] - middle[before + 1])
    return float((crossings.size - 1) / 2 / (crossings[-1] - crossings[0]) * rate_hz)


def pitch(word: str) -> int:
    return crc32(word.lower().encode()) % _PITCHES
