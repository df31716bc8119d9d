"""In which languages people write a word, and how often: what tells a language where there are only a few words.

The 20,000 most frequent words of each language are wordfreq's (R. Speer; CC BY-SA 4.0), kept by packaging/languages.py
as numbers: a hash of the word, its language and its frequency. Pure but for the file, which is read once.
"""

from __future__ import annotations

import importlib.resources
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

# A word that is not among a language's is taken for one in this many thousand million (a power of ten).
_UNKNOWN = 1.0
# Names are less frequent.
_OFTENER_THAN_NAMES = 5.1
# The frequencies are kept in steps of this part of a power of ten.
STEPS = 24
# What a word tells, beside what its letters tell (likeness.py), is not told twice.
_WEIGHT = 0.5


@dataclass(frozen=True)
class _Words:
    languages: list[str]
    hashes: npt.NDArray[np.uint32]  # sorted; one for each language of a word
    of: npt.NDArray[np.uint8]  # the language of each
    frequency: npt.NDArray[np.uint8]  # of each, in steps


def load() -> None:
    """Have the words ready: 30 ms the first time. On any thread."""
    _words()


@cache
def _words() -> _Words:
    source = importlib.resources.files("resources").joinpath("languages/words.npz")
    with source.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        hashes = np.cumsum(file["distances"], dtype=np.uint32)
        return _Words([str(name) for name in file["languages"]], hashes, file["of"], file["frequency"])


def hash_of(word: str) -> int:
    """The number that stands for a word in small letters."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


def odds(words: Sequence[str]) -> dict[str, float]:
    """How much the words speak for each language (ISO 639-1) that has any: logarithms of odds, as those of likeness."""
    known = _words()
    wanted = np.array([hash_of(word.lower()) for word in words], np.uint32)
    starts, stops = known.hashes.searchsorted(wanted, "left"), known.hashes.searchsorted(wanted, "right")
    found: dict[str, float] = {}
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        for i in range(start, stop):
            told = known.frequency[i] / STEPS - _UNKNOWN
            language = known.languages[known.of[i]]
            found[language] = found.get(language, 0.0) + _WEIGHT * float(told)
    return found


def is_only_in(word: str, languages: frozenset[str], other: str) -> bool:
    """Whether one of the languages has the word, oftener than names are written, and the other one has not."""
    having = odds([word])
    often = {language for language, told in having.items() if told >= _WEIGHT * (_OFTENER_THAN_NAMES - _UNKNOWN)}
    return other not in having and not languages.isdisjoint(often)
