"""A text made from another one, with the way back to where each of its characters stood. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass

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
    for start, end, new in edits:
        if new == source[start:end]:
            continue
        kept = source[done:start]
        pieces += (kept, new)
        length += len(kept)
        if new:  # every character of the replacement comes from its beginning
            text_at.append(length)
            source_at.append(start)
        length += len(new)
        text_at.append(length)
        source_at.append(end)
        done = end
    pieces.append(source[done:])
    return Traced("".join(pieces), text_at, source_at)


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
