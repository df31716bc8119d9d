"""The numbers that a voice of Piper's kind is given for a text, of what eSpeak NG makes of it. Pure.

A voice was trained on eSpeak NG's sounds clause by clause, each with the sign it ends with. eSpeak NG does not tell
that sign, but how much of the text it has taken: the clause, and of the next one not more than its first letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from reader.voices.piper.description import BEGIN, BLANK, END, Description

# The sign a clause ends with, as voices have learnt it. They were trained without those of other scripts that Piper
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
# Where eSpeak NG goes over to another language's sounds, and back.
_SWITCH = re.compile(r"\([a-z-]+\)")


class Sound(NamedTuple):
    """One sound, and where in the text the word stands that it is of."""

    symbol: str
    word_chars: int


class Numbers(NamedTuple):
    """What the net is given. `starts` are (the index among `ids`, where its word begins in the text) of each word.

    `missing` are the sounds for which the voice has no number.
    """

    ids: list[int]
    starts: list[tuple[int, int]]
    missing: list[str]


def clauses(text: str, spoken: Sequence[tuple[str, int]]) -> Iterator[Sound]:
    """The sounds of a text, of (the sounds of a clause, where eSpeak NG has gone on from, in characters) of each."""
    start = 0
    for number, (sounds, end) in enumerate(spoken):
        is_last = number == len(spoken) - 1
        if not is_last and end > start and text[end - 1].isalnum():
            end -= 1  # that is the next one's first letter
        sounds = unicodedata.normalize("NFD", _SWITCH.sub("", sounds)).strip()
        yield from _of_words(sounds, text[start:end], start)
        if sounds:
            if sign := _sign(text[start:end], is_last=is_last):
                yield Sound(sign, -1)
            if not is_last:
                yield Sound(" ", -1)
        start = end


def _sign(taken: str, *, is_last: bool) -> str:
    """The first of the signs at its end; of a text without any, as a sentence ends."""
    word = max((place for place, char in enumerate(taken) if char.isalnum()), default=-1)
    signs = taken[word + 1 :]
    if not signs.strip():
        return "." if is_last else ""
    return "" if _ELLIPSIS in signs else next((_SIGNS[char] for char in signs if char in _SIGNS), "")


def _of_words(sounds: str, taken: str, start: int) -> Iterator[Sound]:
    """Sounds with the words that they are of.

    eSpeak NG may say several words as one, or a number as several: then the words' shares of the letters decide.
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
    """The sounds of a text for a voice that was trained on letters."""
    at = 0
    for match in re.finditer(r"\s+|\S+", text):
        at = match.start()
        for symbol in unicodedata.normalize("NFD", match.group()):
            yield Sound(" " if symbol.isspace() else symbol, -1 if symbol.isspace() else at)


def numbers(sounds: Iterable[Sound], voice: Description) -> Numbers:
    """Sounds as numbers, with a blank behind each."""
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
    """Whether a word changes if this sound is left out: a sound, and not a stress or a tone."""
    return unicodedata.category(symbol) in ("Ll", "Lu", "Lo")


def portions(sounds: Iterable[Sound], most: int, longest: int) -> Iterator[list[Sound]]:
    """Sounds in runs of some `most`, cut behind clauses; between words where there are more than `longest`."""
    run: list[Sound] = []
    for sound in sounds:
        run.append(sound)
        ends = len(run) >= most and sound.symbol in ".?!,;:"
        if ends or (len(run) >= longest and sound.symbol == " ") or len(run) >= 2 * longest:
            yield run
            run = []
    if run:
        yield run
