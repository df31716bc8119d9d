"""A text derived from another, with a mapping back to where each of its characters came from. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from reader.flow import Written
from reader.text.left_out import LeftOut, Why, gaps

_Replacement = Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Traced:
    """A text and its mapping to the source. Between two anchors, positions in both advance in step."""

    text: str
    _text_at: list[int]
    _source_at: list[int]

    def source_offset(self, position_chars: int) -> int:
        """The source position of the character at `position_chars` of `text`."""
        i = bisect_right(self._text_at, position_chars) - 1
        offset = self._source_at[i] + position_chars - self._text_at[i]
        if i + 1 < len(self._source_at):  # one character may have become several: “ﬀ”
            offset = min(offset, max(self._source_at[i + 1] - 1, self._source_at[i]))
        return offset

    def source_span(self, start_chars: int, end_chars: int) -> tuple[int, int]:
        """The source span of a part of `text` that has at least one character.

        Part of a replacement maps to everything it replaces, unless both have the same length.
        """
        first = bisect_right(self._text_at, start_chars) - 1
        last = bisect_right(self._text_at, end_chars - 1) - 1
        start = self._source_at[first] + (start_chars - self._text_at[first] if self._is_in_step(first) else 0)
        if self._is_in_step(last):
            return start, self._source_at[last] + end_chars - self._text_at[last]
        return start, self._source_at[last + 1]

    def _is_in_step(self, i: int) -> bool:
        """Whether text and source have the same length from this anchor to the next."""
        if i + 1 == len(self._text_at):
            return True
        return self._text_at[i + 1] - self._text_at[i] == self._source_at[i + 1] - self._source_at[i]

    def stripped(self) -> Traced:
        """Without blanks at either end."""
        start = len(self.text) - len(self.text.lstrip())
        text = self.text.strip()
        if not start:
            return Traced(text, self._text_at, self._source_at)
        at = [(t - start, s) for t, s in zip(self._text_at, self._source_at, strict=True) if t > start]
        return Traced(text, [0, *(t for t, _ in at)], [self.source_offset(start), *(s for _, s in at)])


def untouched(text: str) -> Traced:
    """A text that is its own source."""
    return Traced(text, [0], [0])


def rewritten(source: str, pattern: re.Pattern[str], replacement: _Replacement) -> Traced:
    """`source` with each match replaced by what `replacement` returns; a match returned unchanged is left alone."""
    return replaced(source, ((match.start(), match.end(), replacement(match)) for match in pattern.finditer(source)))


def replaced(source: str, edits: Iterable[tuple[int, int, str]]) -> Traced:
    """`source` with the given edits applied: (start, end, text) each, in order and not overlapping."""
    pieces: list[str] = []
    text_at, source_at = [0], [0]
    length = done = 0
    for start, end, new in _changes(source, edits):
        kept = source[done:start]
        pieces += (kept, new)
        length += len(kept)
        text_at += (length, length + len(new))
        source_at += (start, end)
        length += len(new)
        done = end
    pieces.append(source[done:])
    return Traced("".join(pieces), text_at, source_at)


def through(*ways: Written) -> Written:
    """The mapping back through a chain of texts, each derived from the one before, from last to first."""

    def back(start: int, end: int) -> tuple[int, int]:
        for way in reversed(ways):
            start, end = way(start, end)
        return start, end

    return back


def moved(by_chars: int) -> Written:
    """The mapping of a part that begins at `by_chars`."""
    return lambda start, end: (start + by_chars, end + by_chars)


def as_one(start_chars: int, end_chars: int) -> Written:
    """The mapping of words that replace the whole part."""
    return lambda _start, _end: (start_chars, end_chars)


def _changes(source: str, edits: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """The same edits without the parts that stay unchanged at their ends, or within them."""
    for start, end, new in edits:
        old = source[start:end]
        if new == old:
            continue
        kept = old.find(new) if new else -1
        kept_end = kept + len(new)
        if kept >= 0 and not (_is_within_word(old, kept) or _is_within_word(old, kept_end)):  # it was marked up
            if kept:
                yield start, start + kept, ""
            if kept_end < len(old):
                yield start + kept_end, end, ""
            continue
        before = _alike(old, new)
        after = _alike(old[before:][::-1], new[before:][::-1])
        # Only whole words count as unchanged: in “5,50 €”, said as “5 Euro 50”, the “5” is replaced like the rest.
        before = old.rfind(" ", 0, before) + 1
        after = len(old) - old.find(" ", len(old) - after) if " " in old[len(old) - after :] else 0
        if before + after in (len(old), len(new)):  # one word replaced by a longer or shorter one
            before = after = 0
        yield start + before, end - after, new[before : len(new) - after]


def _is_within_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _alike(one: str, other: str) -> int:
    """The length of the common prefix."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


class Rewriting:
    """A text that is rewritten in several passes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left_out: list[LeftOut] = []
        self._passes: list[Traced] = []

    def replace(self, pattern: re.Pattern[str], replacement: _Replacement, why: Why | None = None) -> None:
        """Do one pass. If nothing matches, it costs only a search. `why`: what is missing afterwards was left out."""
        if pattern.search(self.text):
            done = rewritten(self.text, pattern, self._noting(replacement, why) if why else replacement)
            self._passes.append(done)
            self.text = done.text

    def _noting(self, replacement: _Replacement, why: Why) -> _Replacement:
        def noted(match: re.Match[str]) -> str:
            new = replacement(match)
            for start, end, letters in gaps(match.group(), new, why):
                first, last = match.start() + start, match.start() + end - 1
                piece = LeftOut(self.source_offset(first), self.source_offset(last) + 1, why, letters)
                self.left_out.append(piece)
            return new

        return noted

    def apply(self, change: Callable[[str], Traced]) -> None:
        """Do a pass with `change`."""
        done = change(self.text)
        self._passes.append(done)
        self.text = done.text

    def source_offset(self, position_chars: int) -> int:
        """The original position of the character now at `position_chars`."""
        for done in reversed(self._passes):
            position_chars = done.source_offset(position_chars)
        return position_chars

    def source_span(self, start_chars: int, end_chars: int) -> tuple[int, int]:
        """The original span of a part of at least one character."""
        for done in reversed(self._passes):
            start_chars, end_chars = done.source_span(start_chars, end_chars)
        return start_chars, end_chars
