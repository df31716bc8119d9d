"""Which characters can be said, which script each belongs to, and where a text leaves a voice's scripts.

Scripts are named by the first word of the Unicode character names ("Latin", "Cyrillic", "Cjk"), so no table of ranges
is needed. Digits, punctuation, spaces and symbols belong to no script ("").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Words that precede the script in a character's name.
_PREFIXES = frozenset({"FULLWIDTH", "HALFWIDTH", "MODIFIER", "SMALL", "CAPITAL", "LETTER", "COMBINING"})
# Letters whose names don't begin with a script.
_NAMED_OTHERWISE = {"FEMININE": "Latin", "MASCULINE": "Latin", "TURNED": "Latin"}
# Scripts mixed within one language count as one script.
_TOGETHER = {"Hiragana": "Kana", "Katakana": "Kana", "Katakana-Hiragana": "Kana", "Ideographic": "Cjk"}
# Written without spaces between words.
UNSPACED = frozenset({"Cjk", "Kana", "Thai", "Lao", "Khmer", "Myanmar"})
_COMMON_SIGNS = frozenset({"Micro", "Ohm", "Kelvin", "Angstrom", "Mathematical", "Double-Struck", "Script"})


@lru_cache(maxsize=4096)
def script_of(char: str) -> str:
    """The script of one character, "" if it is common to all."""
    if char.isascii():
        return "Latin" if char.isalpha() else ""
    if unicodedata.category(char)[0] not in "LM":
        return ""
    for word in unicodedata.name(char, "").split():
        if word in _NAMED_OTHERWISE:
            return _NAMED_OTHERWISE[word]
        if word not in _PREFIXES:
            script = word.title()
            if script in _COMMON_SIGNS:
                return ""
            return _TOGETHER.get(script, script)
    return ""


def runs(text: str, sayable: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Cut `text` where the voice has to change: pairs of (script, piece), in order and covering it all.

    The script is "" for pieces made of `sayable` scripts and common characters. Common characters stay with the piece
    before them. Chinese characters and kana are one run.
    """
    if text.isascii() and "Latin" in sayable:
        yield "", text
        return
    start, current = 0, ""
    has_letters = False
    for i, char in enumerate(text):
        script = script_of(char)
        if not script:
            continue
        wanted = "" if script in sayable else script
        if current in ("Cjk", "Kana") and wanted in ("Cjk", "Kana"):
            wanted = current
        if has_letters and wanted != current:
            yield current, text[start:i]
            start = i
        current, has_letters = wanted, True
    yield current, text[start:]


def is_speakable(text: str) -> bool:
    """Whether anything in `text` makes a sound: a letter, a digit or a sign with a name."""
    return any(c.isalnum() or unicodedata.category(c) in ("So", "Sm", "Sc") or c in "%&@#^\\" for c in text)
