"""The few dozen most frequent words of each language, which identify that of short texts: resources/languages.

Pure except for the file, which is read once.
"""

from __future__ import annotations

import importlib.resources
import re
import tomllib
from functools import cache

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def load() -> None:
    """Load the words. On any thread."""
    _languages()


@cache
def _languages() -> dict[str, frozenset[str]]:
    source = importlib.resources.files("resources").joinpath("languages/words.toml")
    found: dict[str, frozenset[str]] = {}
    for language, words in tomllib.loads(source.read_text(encoding="utf-8")).items():
        for word in words.split():
            found[word] = found.get(word, frozenset()) | {language}
    return found


def languages_of(word: str) -> frozenset[str]:
    """Languages in which `word`, in lower case, is among the most frequent."""
    return _languages().get(word, frozenset())


def counts(sample: str) -> dict[str, float]:
    """How many words of the sample are frequent in each language; words shared by several languages count less."""
    found: dict[str, float] = {}
    for word in set(WORD.findall(sample.lower())):
        languages = languages_of(word)
        for language in languages:
            found[language] = found.get(language, 0.0) + 1 / len(languages)
    return found
