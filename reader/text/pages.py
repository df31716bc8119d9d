"""The furniture of pages: their numbers and running heads, around the form feeds of a printed text.

A page ends with a form feed. Next to it, its number is a line of its own, and its head or foot is a line that another
page had too. Used by one task at a time; pure. Positions are in characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from reader.text.choices import Pages
from reader.text.left_out import LeftOut, Why, letters

# A page number at the foot, with the page's end, inside a sentence: not a separate paragraph.
_INSIDE = re.compile(
    r"(?<=[^\s.!?:;…])[ \t]*\n\s*(?P<number>[-–—]?[ \t]?\d{1,4}[ \t]?[-–—]?)[ \t]*\n\s*\x0c\s*(?=[a-zß-ÿ])"
)
# The same without a form feed, between full lines; and with one, where a numbered head or foot is next to it.
_PAGE = r"(?:page|p\.|seite|s\.|página|pagina|pág\.|strona|sida|side|стр\.|страница)"
_OF = r"[ \t]*(?:/|of|von|de|di|van|z|av|af|из)[ \t]*\d{1,4}"
_BETWEEN_LINES = re.compile(
    r"(?<=[^\n]{30})(?<=[a-zß-ÿ])[ \t]*\n(?:[ \t]*\n)?[ \t]*"
    rf"(?P<number>(?i:(?:{_PAGE}[ \t]*)?[-–—|]?[ \t]?\d{{1,4}}[ \t]?[-–—|]?(?:{_OF})?))"
    r"[ \t]*\n(?:[ \t]*\n)?[ \t]*(?=[a-zß-ÿ][^\n]{20})"
)
_HEAD = r"(?:\d{1,4}[ \t]+[^\n\x0c.!?]{2,80}|[^\n\x0c.!?]{2,80}[ \t]\d{1,4})"
_HEAD_INSIDE = re.compile(
    rf"(?<=[^\s.!?:;…])[ \t]*\n\s*(?:(?P<foot>{_HEAD})[ \t]*\n\s*\x0c|\x0c\s*(?P<head>{_HEAD})[ \t]*\n)\s*(?=[a-zß-ÿ])"
)
# The same after the page's number has been removed.
_BREAK_INSIDE = re.compile(r"(?<=[^\s.!?:;…])[ \t]*\n\s*\x0c\s*(?=[a-zß-ÿ])")
_BREAK = re.compile(r"\x0c")
_BLANK = re.compile(r"[ \t\n\r]*")
_LINE_END = re.compile(r"[\n\x0c]")
_NUMBER = re.compile(
    r"[ \t]*(?:[-–—|]?[ \t]?(?:\d{1,4}|[ivxlc]{1,7})[ \t]?[-–—|]?"
    rf"|{_PAGE}[ \t]*\d{{1,4}}(?:{_OF})?|\d{{1,4}}{_OF})[ \t]*",
    re.I,
)
_DIGITS = re.compile(r"\d+")
# A head is a line, not a paragraph; and a book has few of them.
_HEAD_CHARS = 120
_MOST_HEADS = 200


class Furniture:
    """Finds the furniture of one text, which is processed in overlapping windows."""

    def __init__(self, leave_out: Callable[[LeftOut], None]) -> None:
        self._leave_out = leave_out
        self._top_chars = (0, 0)  # span between the last page end and the next page's first line
        self._told_chars = 0  # how far left-out pieces have been reported
        self._heads: dict[str, int] = {}  # possible heads: where each was first seen

    def hidden(self, text: str, base_chars: int, choice: Pages) -> str:
        """Return a window of the text with spaces for what is not said; same length. It begins at `base_chars`."""
        if choice is Pages.READ:
            return text
        text = _BETWEEN_LINES.sub(lambda m: self._hide(m, "number", base_chars), text)
        if "\x0c" in text:
            text = _HEAD_INSIDE.sub(lambda m: self._hide(m, "foot" if m["foot"] else "head", base_chars), text)
        if choice is Pages.BETWEEN:
            if "\x0c" not in text:
                return text
            text = _INSIDE.sub(lambda m: self._hide(m, "number", base_chars), text)
            return _BREAK_INSIDE.sub(lambda m: " " * len(m.group()), text)
        spans = sorted(self._found(text, base_chars))
        for start, end in spans:
            self._tell(text[start:end], base_chars + start)
            text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
        return _BREAK_INSIDE.sub(lambda m: " " * len(m.group()), text) if spans else text

    def _found(self, text: str, base_chars: int) -> set[tuple[int, int]]:
        """Lines next to page ends that are numbers, or that an earlier page had too."""
        spans: set[tuple[int, int]] = set()
        if self._top_chars[0] <= base_chars <= self._top_chars[1]:  # the page end is out of the window
            self._find_top(text, 0, base_chars, spans)
        for page_end in _BREAK.finditer(text):
            end = page_end.start()
            for _ in range(2):  # a foot may be above a number
                line = _line_before(text, end)
                if not line or not self._is_furniture(text, line, base_chars):
                    break
                spans.add(line)
                end = line[0]
            self._find_top(text, page_end.end(), base_chars, spans)
        return spans

    def _find_top(self, text: str, start: int, base_chars: int, spans: set[tuple[int, int]]) -> None:
        """Find a page's first line, and the second: a number may be below a head, or a head below a number."""
        first = _BLANK.match(text, start).end()  # type: ignore[union-attr]
        self._top_chars = base_chars + start, base_chars + first
        for _ in range(2):
            line = _line_behind(text, start)
            if not line or not self._is_furniture(text, line, base_chars):
                break
            spans.add(line)
            start = line[1]

    def _is_furniture(self, text: str, line: tuple[int, int], base_chars: int) -> bool:
        told = text[slice(*line)]
        return self._is_head(told, base_chars + line[0]) or _NUMBER.fullmatch(told) is not None

    def _is_head(self, line: str, at_chars: int) -> bool:
        """Whether an earlier page had the same line, apart from its number."""
        name = _DIGITS.sub("", line).strip().casefold()
        if len(line) > _HEAD_CHARS or not name or name.endswith((".", "!", "?", "…")):
            return False
        if len(self._heads) < _MOST_HEADS:
            self._heads.setdefault(name, at_chars)
        return self._heads.get(name, at_chars) < at_chars

    def _hide(self, match: re.Match[str], name: str, base_chars: int) -> str:
        self._tell(match[name], base_chars + match.start(name))
        return " " * len(match.group())

    def _tell(self, hidden: str, at_chars: int) -> None:
        """Report what is left out once, although windows overlap."""
        if at_chars >= self._told_chars:
            self._told_chars = at_chars + len(hidden)
            self._leave_out(LeftOut(at_chars, self._told_chars, Why.PAGES, letters(hidden)))


def _line_before(text: str, end: int) -> tuple[int, int] | None:
    """The last non-blank line before `end`, if it is near and on this page."""
    nearest = max(end - 3 * _HEAD_CHARS, 0)
    end = nearest + len(text[nearest:end].rstrip(" \t\n\r"))
    start = max(text.rfind("\n", nearest, end), text.rfind("\x0c", nearest, end)) + 1
    return (start, end) if nearest < end and start < end else None


def _line_behind(text: str, start: int) -> tuple[int, int] | None:
    """The first non-blank line from `start` on, if it is complete."""
    start = _BLANK.match(text, start).end()  # type: ignore[union-attr]
    end = _LINE_END.search(text, start)
    return (start, end.start()) if end and end.start() > start else None
