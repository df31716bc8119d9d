"""Maps characters of a captured text to the document that shows it. No Qt, so that all of it can be tested.

The core counts characters, Qt counts UTF-16 units; and a paragraph that would take long to lay out is split.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

# Qt lays out a whole paragraph at once, which takes a millisecond for a few thousand characters.
PART_CHARS = 2000
# The end of a word is looked for within at least this many characters.
_WORD_CHARS = 200
_LINE_ENDS = str.maketrans("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n" * 9)
# Characters without a glyph in Qt, or with a meaning of their own: lone surrogates, NUL, and its frame marks.
_UNSHOWN = re.compile("[\x00\ud800-\udfff\ufdd0\ufdd1\ufffc]")
_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")
_LONG = re.compile(f"[^\n]{{{PART_CHARS},}}")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+|[。！？][」』”’)\]]*")


class ShownText:
    """A text that can grow. Positions in it are `chars`, those in the document `units`."""

    def __init__(self) -> None:
        self.chars = 0
        # After each of these characters the document is one more unit ahead of the text.
        self._ahead_at: list[int] = []
        self._ends_with_cr = False
        self._line_chars = 0  # the length of the last paragraph so far

    def add(self, text: str) -> str:
        """Add newly arrived text, and return it as it should be shown."""
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
        """The document position of a character."""
        return chars + bisect_left(self._ahead_at, chars)

    def char(self, units: int) -> int:
        """The character at a document position."""
        before = bisect_right(range(len(self._ahead_at)), units, key=lambda i: self._ahead_at[i] + i + 1)
        return min(units - before, self.chars)


def _breaks(shown: str, start: int, stop: int) -> Iterator[int]:
    """Where to split a long paragraph: after sentences, else after words, else anywhere.

    If it started in an earlier text, `start` is negative.
    """
    while stop - start > PART_CHARS:
        low, high = max(start + PART_CHARS // 2, 0), max(start + PART_CHARS, _WORD_CHARS)
        ends = [match.end() for match in _SENTENCE_END.finditer(shown, low, high)]
        start = ends[-1] if ends else shown.rfind(" ", low, high) + 1 or high
        if start >= stop:
            return
        yield start
