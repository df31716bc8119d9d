"""A text made from another one, with the way back to where each of its characters stood. Pure."""

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
    """A text and the way back to its source. Between two anchors positions in both run in step."""

    text: str
    _text_at: list[int]
    _source_at: list[int]

    def source_offset(self, position_chars: int) -> int:
        """Where in the source the character at `position_chars` of `text` comes from."""
        i = bisect_right(self._text_at, position_chars) - 1
        offset = self._source_at[i] + position_chars - self._text_at[i]
        if i + 1 < len(self._source_at):  # one letter may have become several: “ﬀ”
            offset = min(offset, max(self._source_at[i + 1] - 1, self._source_at[i]))
        return offset

    def source_span(self, start_chars: int, end_chars: int) -> tuple[int, int]:
        """Where in the source a part of `text`, of one character or more, comes from.

        A part of a replacement comes from all that it replaces, unless that has as many characters.
        """
        first = bisect_right(self._text_at, start_chars) - 1
        last = bisect_right(self._text_at, end_chars - 1) - 1
        start = self._source_at[first] + (start_chars - self._text_at[first] if self._is_in_step(first) else 0)
        if self._is_in_step(last):
            return start, self._source_at[last] + end_chars - self._text_at[last]
        return start, self._source_at[last + 1]

    def _is_in_step(self, i: int) -> bool:
        """Whether the characters behind an anchor, up to the next one, are as many in both."""
        if i + 1 == len(self._text_at):
            return True
        return self._text_at[i + 1] - self._text_at[i] == self._source_at[i + 1] - self._source_at[i]

    def stripped(self) -> Traced:
        """Without blanks at both ends."""
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
    """`source` with what `replacement` says in the place of each match; a match it gives back is as it was."""
    return replaced(source, ((match.start(), match.end(), replacement(match)) for match in pattern.finditer(source)))


def replaced(source: str, edits: Iterable[tuple[int, int, str]]) -> Traced:
    """`source` with other texts in the place of parts of it: (start, end, text) each, in order and apart."""
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
    """The way back through texts that were made from each other, from the last to the first."""

    def back(start: int, end: int) -> tuple[int, int]:
        for way in reversed(ways):
            start, end = way(start, end)
        return start, end

    return back


def moved(by_chars: int) -> Written:
    """The way back from a part that begins there."""
    return lambda start, end: (start + by_chars, end + by_chars)


def as_one(start_chars: int, end_chars: int) -> Written:
    """The way back from other words for all of that part."""
    return lambda _start, _end: (start_chars, end_chars)


def _changes(source: str, edits: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """The same edits without what stays as it is at their ends, or within them."""
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
        # Whole words of them: of “5,50 €”, said as “5 Euro 50”, the “5” stays no more than the rest.
        before = old.rfind(" ", 0, before) + 1
        after = len(old) - old.find(" ", len(old) - after) if " " in old[len(old) - after :] else 0
        if before + after in (len(old), len(new)):  # a word that is said as a longer or a shorter one
            before = after = 0
        yield start + before, end - after, new[before : len(new) - after]


def _is_within_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


class Rewriting:
    """A text that is rewritten in several passes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left_out: list[LeftOut] = []
        self._passes: list[Traced] = []

    def replace(self, pattern: re.Pattern[str], replacement: _Replacement, why: Why | None = None) -> None:
        """One pass. Costs only a search where nothing matches. `why`: what is missing afterwards was left out."""
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
        """Another pass, made by `change`."""
        done = change(self.text)
        self._passes.append(done)
        self.text = done.text

    def source_offset(self, position_chars: int) -> int:
        """Where in the text as it was the character at `position_chars` of it now comes from."""
        for done in reversed(self._passes):
            position_chars = done.source_offset(position_chars)
        return position_chars

    def source_span(self, start_chars: int, end_chars: int) -> tuple[int, int]:
        """Where in the text as it was a part of it, of one character or more, comes from."""
        for done in reversed(self._passes):
            start_chars, end_chars = done.source_span(start_chars, end_chars)
        return start_chars, end_chars
