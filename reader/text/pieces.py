"""Cuts a sentence into pieces for single calls of a voice.

The first piece of an utterance is short, so that it is heard at once; the others are cut only if too long for a voice,
at a clause if there is one. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from reader.flow import Ending

# The most one segment holds: about 15 s of speech, which costs the neural voice 60 ms and 60 MB.
MAX_CHARS = 240
# The first sentence of an utterance, if longer than this, ...
FIRST_WHOLE_CHARS = 32
# ... is cut at its first clause within these bounds: long enough to cover making the next piece.
FIRST_CHARS = 8
FIRST_MAX_CHARS = 60
# Without a clause, an English sentence is cut before one of these words: the neural voice, which speaks English, needs
# 0.3 ms per character before its first sound, and a phrase ending there does not sound broken off.
_PHRASE_START = re.compile(
    r"\s(?=(?:and|or|but|that|which|who|when|while|where|because|if|as|than|to|of|in|on|at|for|with|from|by|into|"
    r"about|after|before|over|under|through|during|without|between)\s)"
)
# The most letters without a space: anything longer is data, not a word, and is spelt in pieces.
WORD_CHARS = 60
# In a language with compounds a long word is not data; in an unspaced script it is a whole sentence.
_LONGEST_WORD_CHARS = 100
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_ENDLESS_WORD = re.compile(
    rf"(?<![^\W\d_])(?![^\W\d_]{{{WORD_CHARS},{_LONGEST_WORD_CHARS}}}(?![^\W\d_]))[^\s{_UNSPACED}]{{{WORD_CHARS + 1},}}"
)
_SIGN = re.compile(r"[\W_]")
_CLAUSE_END = re.compile(  # but not in a telephone number (“(555) 123”) or a date (“Mi., 3. Mai”)
    r"(?:(?!,\s\d{1,2}\.\s?[^\W_])[,;:»”][\"'»”)]*|[)\]][\"'»”)]*(?!\s\d)|\s[–—-])(?=\s)|[，、；：—](?=\S)"
)


def pieces(sentence: str, first_in: str) -> Iterator[tuple[int, int, Ending | None]]:
    """Yield a sentence's pieces in order: (start, end, ending or None for the sentence's own); they cover it all.

    `first_in` is the language if the sentence is the first one, else "".
    """
    start = 0
    if first_in and len(sentence) > FIRST_WHOLE_CHARS:
        start, ending = _first_cut(sentence, first_in)
        if start:
            yield 0, start, ending
    while len(sentence) - start > MAX_CHARS or _has_endless_word(sentence, start):
        stop, ending = _cut_point(sentence, start)
        yield start, stop, ending
        start = stop
    if start < len(sentence):
        yield start, len(sentence), None


def last_clause(text: str) -> int:
    """The position after the last complete clause, 0 if there is none near the end."""
    return max((m.end() for m in _CLAUSE_END.finditer(text, max(len(text) - MAX_CHARS, 0))), default=0)


def last_word(text: str) -> int:
    """The position after the last complete word, 0 if there is none."""
    return max(text.rfind(" "), text.rfind("\n")) + 1


def _first_cut(sentence: str, language: str) -> tuple[int, Ending]:
    """Where the first piece of an utterance ends; 0 to leave its sentence whole."""
    clause = _CLAUSE_END.search(sentence, FIRST_CHARS, FIRST_MAX_CHARS)
    if clause:
        return clause.end(), Ending.CLAUSE
    if language == "en":
        phrases = [m.end() for m in _PHRASE_START.finditer(sentence, FIRST_CHARS * 2, FIRST_MAX_CHARS)]
        if phrases:
            return min(phrases, key=lambda end: abs(end - FIRST_WHOLE_CHARS)), Ending.CUT
    return 0, Ending.CUT


def _cut_point(sentence: str, start: int) -> tuple[int, Ending]:
    """Where to cut an overlong sentence: at the last clause, else at a space, else inside the word."""
    part = sentence[start : start + MAX_CHARS]
    word = _ENDLESS_WORD.search(part)
    if word:
        return start + (word.start() or _cut_in_word(part)), Ending.CUT
    clauses = [m.end() for m in _CLAUSE_END.finditer(part, MAX_CHARS // 3)]
    if clauses:
        return start + clauses[-1], Ending.CLAUSE
    space = part.rfind(" ")
    return start + (space + 1 if space > 0 else _between_letters(part)), Ending.CUT


def _between_letters(part: str) -> int:
    """Where to cut text without spaces: not before a vowel sign or an accent."""
    end = len(part)
    while end > WORD_CHARS and unicodedata.category(part[end - 1])[0] == "M":
        end -= 1
    return max(end - 1, 1)


def _cut_in_word(part: str) -> int:
    """Where to cut an endless word: after its last sign, as in an address, else anywhere."""
    return max((m.end() for m in _SIGN.finditer(part, 0, WORD_CHARS)), default=WORD_CHARS)


def _has_endless_word(sentence: str, start: int) -> bool:
    """Whether a word in the rest of the sentence, which is no longer than MAX_CHARS, is endless."""
    return len(sentence) - start > WORD_CHARS and _ENDLESS_WORD.search(sentence, start) is not None
