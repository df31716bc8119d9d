"""Finds the word at a position of a text. Pure."""

from __future__ import annotations

import re
import unicodedata

from reader.text.script import UNSPACED, is_speakable, script_of

_BLANK = re.compile(r"\s")


def word_at(text: str, position_chars: int) -> tuple[int, int] | None:
    """The span of the word at a position, or of the one before it if that is blank.

    Signs around a word are not part of it, but those within it are (“twenty-five”). None if there are only signs that
    have no names, or if the script is written without spaces.
    """
    end = min(max(position_chars, 0), len(text))
    start = end
    if end < len(text) and not _BLANK.match(text, end):
        blank = _BLANK.search(text, end)
        end = blank.start() if blank else len(text)
    else:
        end = len(text[:end].rstrip())
        start = end
    while start and not _BLANK.match(text, start - 1):
        start -= 1
    return _without_signs(text, start, end)


def _without_signs(text: str, start: int, end: int) -> tuple[int, int] | None:
    first, last = start, end
    while first < last and not _is_of_word(text[first]):
        first += 1
    while last > first and not _is_of_word(text[last - 1]):
        last -= 1
    if first == last:  # a lone sign, which is named
        named = [i for i in range(start, end) if is_speakable(text[i])]
        return (named[0], named[-1] + 1) if named else None
    return None if any(script_of(char) in UNSPACED for char in text[first:last]) else (first, last)


def _is_of_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"
