"""Which languages a word is used in, and how often: this identifies the language of a few words.

The 20,000 most frequent words of each language are wordfreq's (R. Speer; CC BY-SA 4.0), stored by
packaging/languages.py as numbers: a hash of the word, its language and its frequency. Pure except for two files, which
are opened once.
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

# The languages of wordfreq's small lists that letters alone don't identify. Its Serbo-Croatian is Croatian in Latin
# letters, and Serbian in Cyrillic ones.
LANGUAGES = """
bg ca cs da de en es fi fr hr hu id is it lt lv mk ms nb nl pl pt ro ru sk sl sr sv tr uk vi
""".split()  # noqa: SIM905 - shorter than a list
# The frequency assumed for an unknown word: per thousand million, as a power of ten.
_UNKNOWN = 1.0
# Most names are rarer than this, and those not among a language's words have fewer letters than this.
_OFTENER_THAN_NAMES = 5.1
_LONGER_THAN_NAMES = 12
# Frequencies are stored in steps: this many to a power of ten.
STEPS = 24
# Weighs words down, because likeness.py has already counted their letters.
_WEIGHT = 0.7
# Transliterates Serbian: most of its words are also Croatian, and those are stored.
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
    is_plain: npt.NDArray[np.bool_]  # whether English texts rarely use it, unlike a name


def load() -> None:
    """Load the words: 10 ms the first time. On any thread."""
    _words()


@cache
def _words() -> _Words:
    of, frequency, is_plain = mapped("word_facts")
    return _Words(LANGUAGES, mapped("word_hashes"), of, frequency, is_plain.view(np.bool_))


def hash_of(word: str) -> int:
    """The hash of a word in lower case."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


@cache
def languages() -> frozenset[str]:
    """The languages whose words are known."""
    return frozenset({*_words().languages, "sr"})


def odds(words: Sequence[str]) -> dict[str, float]:
    """How much the words speak for each language (ISO 639-1) that has any: log odds, like those of `likeness`."""
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
    """Whether capitalised words are names: few of the known ones are plain words of another language.

    English texts contain names of all languages, but other foreign words a thousand times less often than texts in that
    language do. A word that English also has counts twice for names, and a frequent plain one twice against them.
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
    """Whether one of the words is more frequent in that language than in any other."""
    for word in words:
        having = odds([word])
        if having.get(language, 0.0) >= max(having.values(), default=math.inf):
            return True
    return False
