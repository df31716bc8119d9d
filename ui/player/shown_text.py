"""Which character of a captured text is where in the document that shows it. No Qt, so that it can be tested whole.

The core counts characters, Qt counts UTF-16 units; and a paragraph that would take long to lay out is shown in parts.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

# Qt lays out a paragraph at once, which takes a millisecond for a few thousand characters.
PART_CHARS = 2000
# Among so many characters there is the end of a word.
_WORD_CHARS = 200
_LINE_ENDS = str.maketrans("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n" * 9)
# What Qt has no glyph for, or takes for its own: half a pair, NUL, and its marks of a frame.
_UNSHOWN = re.compile("[\x00\ud800-\udfff\ufdd0\ufdd1\ufffc]")
_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")
_LONG = re.compile(f"[^\n]{{{PART_CHARS},}}")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+|[。！？][」』”’)\]]*")


class ShownText:
    """A text, to which more can be added. Positions in it are `chars`, those in the document `units`."""

    def __init__(self) -> None:
        self.chars = 0
        # Behind each of these characters the document is one unit further ahead than the text.
        self._ahead_at: list[int] = []
        self._ends_with_cr = False
        self._line_chars = 0  # how much of a paragraph is at the end

    def add(self, text: str) -> str:
        """Add what has arrived, and return how it is to be shown."""
        begins_with_rest = self._ends_with_cr and text.startswith("\n")
        self._ends_with_cr = text.endswith("\r")
        shown = _UNSHOWN.sub(" ", text).replace("\r\n", " \n").translate(_LINE_ENDS)
        if begins_with_rest:
            shown = " " + shown[1:]
        breaks = list(self._breaks(shown))
        begun = max(shown.rfind("\n") + 1, breaks[-1] if breaks else 0)
        self._line_chars = len(shown) - begun + (0 if begun else self._line_chars)
        wide = [match.start() for match in _TWO_UNITS.finditer(shown)] if not shown.isascii() else []
        self._ahead_at += [self.chars + at for at in sorted([*(at - 1 for at in breaks), *wide])]
        self.chars += len(text)
        if not breaks:
            return shown
        return "\n".join(shown[a:b] for a, b in zip([0, *breaks], [*breaks, len(shown)], strict=True))

    def _breaks(self, shown: str) -> Iterator[int]:
        first = shown.find("\n") if "\n" in shown else len(shown)
        yield from _breaks(shown, -self._line_chars, first)
        for long in _LONG.finditer(shown, first):
            yield from _breaks(shown, *long.span())

    def unit(self, chars: int) -> int:
        """Where in the document a character is."""
        return chars + bisect_left(self._ahead_at, chars)

    def char(self, units: int) -> int:
        """Which character is there in the document."""
        before = bisect_right(range(len(self._ahead_at)), units, key=lambda i: self._ahead_at[i] + i + 1)
        return min(units - before, self.chars)


def _breaks(shown: str, start: int, stop: int) -> Iterator[int]:
    """Where to break a long paragraph: behind sentences, else behind words, else anywhere.

    It may have begun in the text before: then `start` is negative.
    """
    while stop - start > PART_CHARS:
        low, high = max(start + PART_CHARS // 2, 0), max(start + PART_CHARS, _WORD_CHARS)
        ends = [match.end() for match in _SENTENCE_END.finditer(shown, low, high)]
        start = ends[-1] if ends else shown.rfind(" ", low, high) + 1 or high
        if start >= stop:
            return
        yield start
