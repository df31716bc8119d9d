"""Texts whose words can be told from each other by ear: each word is a tone of its own pitch, at any speed.

Harken stretches sound, makes it louder, brings it to other rates and cuts it, but keeps its pitch. What was heard is
therefore known by its pitches, and how long each of them was heard.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

WORDS = (
    "river", "apple", "window", "stone", "garden", "paper", "winter", "bridge", "candle", "forest",
    "button", "mirror", "pencil", "summer", "ladder", "basket", "carpet", "island", "market", "pocket",
    "silver", "spider", "ticket", "tunnel", "valley", "wagon", "yellow", "anchor", "beetle", "copper",
    "dragon", "engine", "feather", "hammer", "jacket", "kettle", "lemon", "meadow", "needle", "orchard",
)  # fmt: skip
OTHER = -1  # any other word: of Harken's own sentences
WORD_S, GAP_S = 0.16, 0.02
_LOUD = 8000
_LOWEST_HZ, _STEP_HZ, _OTHER_HZ = 400, 70, 250
_HOP_S, _WINDOW_S = 0.008, 0.016
_FFT = 1024
# Shorter is what a cut has left of a word, or where one word goes over into the next.
_LEAST_S = 2.5 * _HOP_S
_QUIET = 60.0
_NUMBERS = {word: number for number, word in enumerate(WORDS)}


@dataclass(frozen=True)
class Text:
    """Sentences in paragraphs, as numbers of words. No word occurs twice in a text."""

    paragraphs: tuple[tuple[tuple[int, ...], ...], ...]
    text: str

    @property
    def sentences(self) -> list[tuple[int, ...]]:
        """All of them, in order."""
        return [sentence for paragraph in self.paragraphs for sentence in paragraph]

    @property
    def words(self) -> list[int]:
        """All of them, in order."""
        return [word for sentence in self.sentences for word in sentence]

    def sentence_of(self, word: int) -> int:
        """The number of the sentence that has a word."""
        return next(i for i, sentence in enumerate(self.sentences) if word in sentence)

    @property
    def paragraph_starts(self) -> list[int]:
        """The numbers of the sentences that begin paragraphs."""
        return [0, *accumulate(len(paragraph) for paragraph in self.paragraphs)][:-1]


def make(chance: random.Random, least: int = 1, most: int = 9) -> Text:
    """A text of so many sentences."""
    words = chance.sample(range(len(WORDS)), len(WORDS))
    paragraphs: list[list[tuple[int, ...]]] = [[]]
    for _ in range(chance.randint(least, most)):
        size = chance.randint(2, 7)
        if len(words) < size:
            break
        if paragraphs[-1] and chance.random() < 0.3:
            paragraphs.append([])
        paragraphs[-1].append(tuple(words[:size]))
        words = words[size:]
    text = "\n\n".join(" ".join(_sentence(s, chance) for s in paragraph) for paragraph in paragraphs)
    return Text(tuple(map(tuple, paragraphs)), text)


def _sentence(words: Iterable[int], chance: random.Random) -> str:
    spelt = [WORDS[word] for word in words]
    if len(spelt) > 4 and chance.random() < 0.5:
        spelt[2] += ","
    return " ".join(spelt).capitalize() + chance.choice(".!?.")


def numbers(text: str) -> list[int]:
    """The words of a text."""
    return [_NUMBERS.get(word.lower(), OTHER) for word in re.findall(r"\w+", text)]


# ---- a voice ----


def speak(text: str, rate_hz: int, speed: float = 1.0) -> tuple[bytes, list[tuple[int, int, int]]]:
    """(16-bit mono, the words' beginnings as voices report them: frame, and from where to where in the text)."""
    parts = []
    places = []
    at = 0
    for found in re.finditer(r"\w+", text):
        places.append((at, found.start(), found.end()))
        time_s = np.arange(round(WORD_S / speed * rate_hz)) / rate_hz
        parts += [_LOUD * np.cos(2 * np.pi * _hz(found[0]) * time_s), np.zeros(round(GAP_S / speed * rate_hz))]
        at += parts[-2].size + parts[-1].size
    sound = np.concatenate(parts) if parts else np.zeros(round(GAP_S * rate_hz))
    return sound.astype("<i2").tobytes(), places


def _hz(word: str) -> int:
    number = _NUMBERS.get(word.lower(), OTHER)
    return _OTHER_HZ if number == OTHER else _LOWEST_HZ + _STEP_HZ * number


class Voice:
    """As the stand-in of a service wants it (`polly_service.voice.Habits`)."""

    def speak(self, text: str, rate_hz: int) -> bytes:
        """Signed 16-bit little-endian mono, with a pause behind it."""
        return speak(text, rate_hz)[0] + bytes(2 * round(0.3 * rate_hz))


# ---- an ear ----


@dataclass(frozen=True)
class Tone:
    """A word, and for how long it was heard."""

    word: int
    duration_s: float


def hear(pcm: bytes, rate_hz: int) -> list[Tone]:
    """The words in a sound, in order. One that is heard in two pieces is one."""
    sound = np.frombuffer(pcm, "<i2").astype(np.float64)
    hop, window = round(_HOP_S * rate_hz), round(_WINDOW_S * rate_hz)
    if sound.size < window:
        return []
    frames = np.lib.stride_tricks.sliding_window_view(sound, window)[::hop]
    loud = np.abs(frames).mean(axis=1) > _QUIET
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(window), _FFT, axis=1))
    hz = spectrum.argmax(axis=1) * rate_hz / _FFT
    steps = np.rint((hz - _LOWEST_HZ) / _STEP_HZ).astype(int)
    steps = np.where(np.abs(hz - _OTHER_HZ) < _STEP_HZ / 2, OTHER, steps)
    steps = np.where(loud, steps, -2)
    edges = [0, *(np.flatnonzero(np.diff(steps)) + 1), len(steps)]
    found: list[Tone] = []
    for start, end in pairwise(edges):
        tone = Tone(int(steps[start]), (end - start) * _HOP_S)
        if tone.word == -2 or tone.duration_s < _LEAST_S:
            continue
        if found and found[-1].word == tone.word:
            tone = Tone(tone.word, found.pop().duration_s + tone.duration_s)
        found.append(tone)
    return found
