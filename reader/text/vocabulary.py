"""In which languages people write a word, and how often: it tells the language if there are only a few words.

The 20,000 most frequent words of each language are wordfreq's (R. Speer; CC BY-SA 4.0), kept by packaging/languages.py
as numbers: a hash of the word, its language and its frequency. Pure but for two files, which are opened once.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from reader.text.mapped import mapped

# The languages of its small lists that letters alone don't tell. Its Serbo-Croatian is Croatian in Latin letters,
# and Serbian in Cyrillic ones.
LANGUAGES = """
bg ca cs da de en es fi fr hr hu id is it lt lv mk ms nb nl pl pt ro ru sk sl sr sv tr uk vi
""".split()  # noqa: SIM905 - shorter than a list
# A word that is not among a language's is taken for one in this many thousand million (a power of ten).
_UNKNOWN = 1.0
# Most names are less frequent, and those that are not among a language's words have fewer letters.
_OFTENER_THAN_NAMES = 5.1
_LONGER_THAN_NAMES = 12
# The frequencies are kept in steps of this part of a power of ten.
STEPS = 24
# What a word tells, beside what its letters tell (likeness.py), is not told twice.
_WEIGHT = 0.7
# Serbian in Cyrillic letters: most of its words are those of Croatian, which are kept.
_SERBIAN = str.maketrans(
    dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
    | {"љ": "lj", "њ": "nj", "џ": "dž"}
)


@dataclass(frozen=True)
class _Words:
    languages: list[str]
    hashes: npt.NDArray[np.uint32]  # sorted; one for each language of a word
    of: npt.NDArray[np.uint8]  # the language of each
    frequency: npt.NDArray[np.uint8]  # of each, in steps
    is_plain: npt.NDArray[np.bool_]  # of each, whether English texts hardly have it, as they have names


def load() -> None:
    """Have the words ready: 10 ms the first time. On any thread."""
    _words()


@cache
def _words() -> _Words:
    of, frequency, is_plain = mapped("word_facts")
    return _Words(LANGUAGES, mapped("word_hashes"), of, frequency, is_plain.view(np.bool_))


def hash_of(word: str) -> int:
    """The number that stands for a word in small letters."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


@cache
def languages() -> frozenset[str]:
    """Those whose words are known."""
    return frozenset({*_words().languages, "sr"})


def odds(words: Sequence[str]) -> dict[str, float]:
    """How much the words speak for each language (ISO 639-1) that has any: logarithms of odds, as those of likeness."""
    found = _odds(words)
    if any("\u0400" <= word[0] <= "\u04ff" for word in words):
        serbian = _odds([word.lower().translate(_SERBIAN) for word in words]).get("hr")
        found |= {"sr": serbian} if serbian else {}
    return found


def _odds(words: Sequence[str]) -> dict[str, float]:
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


def are_names(words: Sequence[str]) -> bool:
    """Whether words with capitals are names: few of those that are known are plain words of another language.

    English texts have the names of all languages, and other words of theirs a thousand times less than their own texts.
    A word that English has itself speaks twice as much for names, a frequent plain one twice as much against them.
    """
    known = _words()
    english = known.languages.index("en")
    plain = names = 0
    for word in words:
        number = np.uint32(hash_of(word.lower()))
        start, stop = known.hashes.searchsorted(number, "left"), known.hashes.searchsorted(number, "right")
        is_plain = known.is_plain[start:stop]
        if is_plain.any():
            plain += 2 if known.frequency[start:stop][is_plain].max() >= _OFTENER_THAN_NAMES * STEPS else 1
        elif start == stop:
            plain += len(word) >= _LONGER_THAN_NAMES
        else:
            names += 2 if english in known.of[start:stop] else 1
    return plain <= names


def has_word_of(words: Sequence[str], language: str) -> bool:
    """Whether people write one of the words oftener in that language than in any other."""
    for word in words:
        having = odds([word])
        if having.get(language, 0.0) >= max(having.values(), default=math.inf):
            return True
    return False
