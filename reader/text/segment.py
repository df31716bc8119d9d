"""Walks a text and cuts it into Segments, as far as they are asked for.

Only a window of the text is looked at, so a book costs no more than a sentence, and text may still be
arriving. Sentence boundaries come from `sentencex` (Wikimedia: MIT, some 300 languages, Rust); a sentence
longer than a voice should get at once is cut at a clause. The first segment of an utterance is short, so
that it is heard at once.

Used by one task at a time; pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterator

import sentencex

from reader.flow import Ending, Segment
from reader.text.clean import Cleaned, clean
from reader.text.language import detect
from reader.text.layout import blocks

# How much text is looked at for the end of a paragraph. Longer paragraphs are taken in such windows.
WINDOW_CHARS = 6000
# The first look is short, so that a book's first words cost no more than a sentence's.
FIRST_WINDOW_CHARS = 600
# The most one segment holds: some 15 s of speech, for which the neural voice takes 60 ms and 60 MB.
MAX_CHARS = 240
# The first sentence of an utterance, if it is longer than this, ...
FIRST_WHOLE_CHARS = 32
# ... is cut at its first clause within these bounds: long enough to cover the making of the next piece.
FIRST_CHARS = 8
FIRST_MAX_CHARS = 60
# Without a clause, an English one is cut in front of such a word: the neural voice, which speaks English,
# takes 0.3 ms a character before its first sound, and a phrase may end there without sounding broken off.
_PHRASE_START = re.compile(
    r"\s(?=(?:and|or|but|that|which|who|when|while|where|because|if|as|than|to|of|in|on|at|for|with|from|by|into|"
    r"about|after|before|over|under|through|during|without|between)\s)"
)
# A number or letter in front of a list's item or a heading, which sentencex takes for a sentence.
_ITEM_MARK = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z])[.)]\s*")
# The most letters without a space: more is data, not a word, and is spelt in pieces.
WORD_CHARS = 60
_SIGN = re.compile(r"[\W_]")

_PARAGRAPH_END = re.compile(r"[ \t>]*\n(?:[ \t>]*\n)+")
_CLAUSE_END = re.compile(r"(?:[,;:)\]»”][\"'»”)]*|\s[–—-])(?=\s)|[，、；：—](?=\S)")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LINE_ENDS = str.maketrans("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n" * 9)
_BLANKS = " \t\n>\u00a0\ufeff\u200b"
_JUDGED_CHARS = 80

# The end of a sentence, where nothing follows that could tell otherwise.
_COMPLETE = re.compile(r"[.!?…。！？][\"'”’»)\]]*\s*\Z")


class Segmenter:
    """Cuts one utterance's text.

    `language` is what the user fixed ("" detects it for each paragraph); `expected` is the language to
    take a text for when nothing else is known.
    """

    def __init__(self, utterance_id: int, language: str = "", expected: str = "en") -> None:
        self._utterance_id = utterance_id
        self._fixed_language = language
        self._expected = expected
        self._raw = ""
        self._base = 0  # where _raw begins in the whole text, in characters
        self._cursor = 0  # how much of _raw is cut already, in characters
        self._is_closed = False
        self._ready: deque[Segment] = deque()
        self._index = 0
        self._sentence = 0

    def feed(self, text: str) -> None:
        """Add text that has arrived."""
        self._raw = self._raw[self._cursor :] + text
        self._base += self._cursor
        self._cursor = 0

    def close(self) -> None:
        """Nothing more will arrive."""
        self._is_closed = True

    def take(self, *, is_hungry: bool = False, by_words: bool = False) -> Segment | None:
        """The next segment, or None while there is none (or, when closed, none any more).

        With `is_hungry` the words that have arrived are given although their sentence goes on: the source
        pauses and the listener waits. With `by_words` so are the words that are surely whole: the voice
        joins them.
        """
        while not self._ready and self._cut(is_hungry, by_words):
            pass
        return self._ready.popleft() if self._ready else None

    # ---- blocks ----

    def _cut(self, is_hungry: bool, by_words: bool) -> bool:
        """Cut the next block off the text. True when the cursor moved."""
        size = WINDOW_CHARS if self._index else FIRST_WINDOW_CHARS
        window = self._raw[self._cursor : self._cursor + size]
        is_rest = self._cursor + len(window) == len(self._raw)
        window = _SURROGATE.sub(" ", window.replace("\r\n", " \n").translate(_LINE_ENDS))
        text = window.lstrip(_BLANKS)
        lead = len(window) - len(text)
        if not text and is_rest and not self._is_closed:
            return False
        self._cursor += lead
        if not text:
            return lead > 0
        end = _PARAGRAPH_END.search(text)
        paragraph = text[: end.start()] if end else text
        start, stop = next(blocks(paragraph))
        is_last = not paragraph[stop:].strip(_BLANKS)
        if is_last and not end and not (is_rest and self._is_closed):
            block = paragraph[:stop]
            if is_hungry and is_rest and (text[len(block.rstrip(_BLANKS)) :].count("\n") or _COMPLETE.search(block)):
                self._emit(block, Ending.SENTENCE)  # a whole line or sentence, as far as anybody can tell
                self._cursor += stop
                return True
            if not is_rest:
                return self._cut_open(block, _last_resort(block) or len(block), Ending.CUT)
            last = _last_word(paragraph[: stop + 1])
            if is_hungry and not by_words:
                last = _last_clause(block) or last
            return self._cut_open(block, last if is_hungry or by_words else 0, Ending.OPEN)
        self._emit(paragraph[start:stop], Ending.PARAGRAPH if is_last else Ending.LINE)
        self._cursor += stop
        return True

    def _cut_open(self, block: str, boundary: int, ending: Ending) -> bool:
        """Cut the sentences that are complete in a block whose end is not in sight, else up to `boundary`.

        True when the cursor moved.
        """
        whole = 0
        for start, _ in _sentences(block, self._fixed_language or self._expected):
            whole = start
        if whole:
            boundary, ending = whole, Ending.SENTENCE
        if boundary:
            self._emit(block[:boundary], ending)
        self._cursor += min(boundary, len(block))
        return boundary > 0

    # ---- sentences and segments ----

    def _emit(self, raw: str, ending: Ending) -> None:
        """Make segments of a block. `ending` is what stands behind it."""
        cleaned = clean(raw)
        language = self._fixed_language or self._detect(cleaned.text)
        for start, stop in _sentences(cleaned.text, language):
            sentence_ending = ending if stop == len(cleaned.text) else Ending.SENTENCE
            first = self._index
            for a, b, piece_ending in _pieces(cleaned.text[start:stop], "" if self._index else language):
                self._append(cleaned, start + a, start + b, piece_ending or sentence_ending, language)
            if self._index > first and sentence_ending not in (Ending.CUT, Ending.OPEN):
                self._sentence += 1

    def _append(self, cleaned: Cleaned, start: int, stop: int, ending: Ending, language: str) -> None:
        text = cleaned.text[start:stop].strip()
        if not is_speakable(text):
            return
        start += cleaned.text[start:stop].index(text[0])
        offset = self._base + self._cursor
        self._ready.append(
            Segment(
                utterance_id=self._utterance_id,
                index=self._index,
                sentence=self._sentence,
                text=text,
                start_chars=offset + cleaned.raw_offset(start),
                end_chars=offset + cleaned.raw_offset(start + len(text) - 1) + 1,
                ending=ending,
                language=language,
            )
        )
        self._index += 1

    def _detect(self, block: str) -> str:
        found = detect(block, self._expected)
        if len(block) >= _JUDGED_CHARS:
            self._expected = found  # short blocks are taken for what the ones around them are in
        return found


def is_speakable(text: str) -> bool:
    """Whether anything in `text` makes a sound: a letter, a digit or a sign with a name."""
    return any(c.isalnum() or unicodedata.category(c) in ("So", "Sm", "Sc") or c in "%&@#^\\" for c in text)


def _sentences(text: str, language: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence, which together are the text."""
    start = end = 0
    for sentence in sentencex.segment(language or "en", text):
        end += len(sentence)
        if end < len(text) and _ITEM_MARK.fullmatch(text[:end]):
            continue  # what it numbers follows, in one breath
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def _last_resort(block: str) -> int:
    """Where to cut text whose sentence does not end: behind its last clause or word, 0 when it has none."""
    return _last_clause(block) or _last_word(block)


def _last_clause(block: str) -> int:
    """Behind the last clause that is over, 0 when there is none."""
    return max((m.end() for m in _CLAUSE_END.finditer(block, max(len(block) - MAX_CHARS, 0))), default=0)


def _last_word(block: str) -> int:
    """Behind the last word that is whole, 0 when there is none."""
    return max(block.rfind(" "), block.rfind("\n")) + 1


def _pieces(sentence: str, first_in: str) -> Iterator[tuple[int, int, Ending | None]]:
    """Cut a sentence into what one call of a voice gets: (start, end, ending or None for the sentence's).

    `first_in` is the language if the sentence is the first one, else "".
    """
    start = 0
    if first_in and len(sentence) > FIRST_WHOLE_CHARS:
        start, ending = _first_cut(sentence, first_in)
        if start:
            yield 0, start, ending
    while len(sentence) - start > MAX_CHARS or _has_endless_word(sentence[start:]):
        stop, ending = _cut_point(sentence, start)
        yield start, stop, ending
        start = stop
    if start < len(sentence):
        yield start, len(sentence), None


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
    """Where to cut a sentence that is too long: at the last clause, else a space, else in the word."""
    part = sentence[start : start + MAX_CHARS]
    word = re.search(rf"\S{{{WORD_CHARS + 1},}}", part)
    if word:
        return start + (word.start() or _cut_in_word(part)), Ending.CUT
    clauses = [m.end() for m in _CLAUSE_END.finditer(part, MAX_CHARS // 3)]
    if clauses:
        return start + clauses[-1], Ending.CLAUSE
    space = part.rfind(" ")
    return start + (space + 1 if space > 0 else WORD_CHARS), Ending.CUT


def _cut_in_word(part: str) -> int:
    """Where to cut an endless word: behind the last sign in it, as in an address, else anywhere."""
    return max((m.end() for m in _SIGN.finditer(part, 0, WORD_CHARS)), default=WORD_CHARS)


def _has_endless_word(text: str) -> bool:
    return len(text) > WORD_CHARS and any(len(word) > WORD_CHARS for word in text.split())
