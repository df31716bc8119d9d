"""Turns what eSpeak NG makes of a text into the numbers that a voice in Piper's format takes. Pure.

Voices were trained on eSpeak NG's phonemes clause by clause, each with the sign that ends it. eSpeak NG does not report
that sign, only how much of the text it has read: the clause, and at most the first letter of the next.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from reader.voices.piper.description import BEGIN, BLANK, END, Description

# The sign that ends a clause, as voices have learnt it. They were trained without the signs of other scripts that Piper
# does not know: full-width ones, the danda, an ellipsis.
_SIGNS = {
    **dict.fromkeys(".۔።", "."),
    **dict.fromkeys("?؟፧", "?"),
    "!": "!",
    **dict.fromkeys(",،፣", ","),
    **dict.fromkeys(";؛፤—–", ";"),
    **dict.fromkeys(":፥", ":"),
}
_ELLIPSIS = ".."
# Where eSpeak NG switches to another language's phonemes, and back.
_SWITCH = re.compile(r"\([a-z-]+\)")


class Sound(NamedTuple):
    """One sound, and where its word begins in the text."""

    symbol: str
    word_chars: int


class Numbers(NamedTuple):
    """The net's input. `starts` are (the index among `ids`, where the word begins in the text) for each word.

    `missing` are the sounds that the voice has no number for.
    """

    ids: list[int]
    starts: list[tuple[int, int]]
    missing: list[str]


def clauses(text: str, spoken: Sequence[tuple[str, int]]) -> Iterator[Sound]:
    """The sounds of a text, given for each clause (its phonemes, the character at which eSpeak NG went on)."""
    start = 0
    for number, (sounds, end) in enumerate(spoken):
        is_last = number == len(spoken) - 1
        if not is_last and end > start and text[end - 1].isalnum():
            end -= 1  # that is the next clause's first letter
        sounds = unicodedata.normalize("NFD", _SWITCH.sub("", sounds)).strip()
        yield from _of_words(sounds, text[start:end], start)
        if sounds:
            if sign := _sign(text[start:end], is_last=is_last):
                yield Sound(sign, -1)
            if not is_last:
                yield Sound(" ", -1)
        start = end


def _sign(taken: str, *, is_last: bool) -> str:
    """The first of the signs at its end. Without any, the end of the text counts as the end of a sentence."""
    word = max((place for place, char in enumerate(taken) if char.isalnum()), default=-1)
    signs = taken[word + 1 :]
    if not signs.strip():
        return "." if is_last else ""
    return "" if _ELLIPSIS in signs else next((_SIGNS[char] for char in signs if char in _SIGNS), "")


def _of_words(sounds: str, taken: str, start: int) -> Iterator[Sound]:
    """Sounds with the words that they belong to.

    eSpeak NG may say several words as one, or a number as several: its sounds are then spread evenly over the letters,
    and each belongs to the nearest word.
    """
    words = [match.start() for match in re.finditer(r"\S*\w\S*", taken)]
    spoken = sounds.split()
    for i, word in enumerate(spoken):
        if len(words) == len(spoken):
            at = words[i]
        else:
            letter = len(taken) * sum(map(len, spoken[:i])) / max(sum(map(len, spoken)), 1)
            at = min(words, key=lambda place: abs(place - letter), default=0)
        if i:
            yield Sound(" ", -1)
        for symbol in word:
            yield Sound(symbol, start + at)


def letters(text: str) -> Iterator[Sound]:
    """The sounds of a text, for a voice that was trained on letters."""
    at = 0
    for match in re.finditer(r"\s+|\S+", text):
        at = match.start()
        for symbol in unicodedata.normalize("NFD", match.group()):
            yield Sound(" " if symbol.isspace() else symbol, -1 if symbol.isspace() else at)


def numbers(sounds: Iterable[Sound], voice: Description) -> Numbers:
    """Convert sounds to numbers, with a blank after each."""
    blank = voice.symbols[BLANK]
    ids = [*voice.symbols[BEGIN], *blank]
    starts: list[tuple[int, int]] = []
    missing = []
    for symbol, word_chars in sounds:
        if symbol not in voice.symbols:
            missing.append(symbol)
            continue
        if word_chars >= 0 and (not starts or starts[-1][1] != word_chars):
            starts.append((len(ids), word_chars))
        ids += [*voice.symbols[symbol], *blank]
    return Numbers([*ids, *voice.symbols[END]], starts, missing)


def is_word(symbol: str) -> bool:
    """Whether leaving out this sound would change the word: not so for stress and tone marks."""
    return unicodedata.category(symbol) in ("Ll", "Lu", "Lo")


def portions(sounds: Iterable[Sound], most: int, longest: int) -> Iterator[list[Sound]]:
    """Split sounds into runs of at least `most`, after a clause; between words once a run has `longest`."""
    run: list[Sound] = []
    for sound in sounds:
        run.append(sound)
        ends = len(run) >= most and sound.symbol in ".?!,;:"
        if ends or (len(run) >= longest and sound.symbol == " ") or len(run) >= 2 * longest:
            yield run
            run = []
    if run:
        yield run
