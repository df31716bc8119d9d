"""Turns the lines of PDF pages into paragraphs and headings.

A PDF says where each letter is, but not what it is. Running heads and page numbers are recognised by their position
and by the neighbouring pages; paragraphs by distances, indents and whether the next word would have fitted; headings by
their size. Pure.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from reader.documents.document import PARAGRAPH, Block
from reader.documents.pdf_furniture import AHEAD, furniture
from reader.documents.pdf_page import HYPHEN, Line, Page
from reader.documents.pdf_vertical import begins, in_order, is_next, is_vertical

# Relative to the letter size: the largest distance between two lines of one text; the largest within a paragraph,
# compared with the usual one; and an indent.
_FAR = 3.0
_APART = 1.35
_INDENT = 0.8
# Letter sizes that differ by less count as the same.
_SAME_SIZE = 0.07
# Heading levels, by how much larger than the text the letters are; bold ones get the lowest level.
_LEVELS = ((1.6, 1), (1.3, 2), (1.12, 3))
_BOLD_LEVEL = 4
_HEADING_CHARS = 200
_BOLD_CHARS = 90
# Notes at the foot of a page.
_SMALL = 0.93
_NEAR_LINES = 15
# This share of the surrounding lines ends before a column's edge; longer ones stick out.
_EDGE_SHARE = 0.75
_ITEM = re.compile(r"(?:[•◦▪■●‣∙–—*·➢✓]|\(?\d{1,3}[.)]|\(?[a-z][.)]|\[\d{1,3}\])(?:\s|\Z)")
_ENDED = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*\Z")
# An entry of a table of contents.
_LEADER = re.compile(r"(?:\.[ \t]?){4,}[ \t]*[\divxlc]+[ \t]*\Z")
_LETTER_HYPHEN = re.compile(r"[^\W\d_]-\Z")
_UNSPACED = re.compile(r"[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass(slots=True)
class _Paragraph:
    text: str
    last: Line
    first: Line
    lines: int = 1
    is_bold: bool = True
    notes: list[Block] = field(default_factory=list)


class Layout:
    """The layout of one document. It lags a few pages, because only the following pages show what is a running head."""

    def __init__(self) -> None:
        self._pages: deque[Page] = deque()
        self._before: deque[Page] = deque(maxlen=AHEAD)
        self._sizes: Counter[float] = Counter()
        self._open: _Paragraph | None = None
        self._distances: Counter[float] = Counter()

    def add(self, page: Page) -> Iterator[Block]:
        """Add a page. Yields what is certain by now."""
        for line in page.lines:
            self._sizes[line.size] += len(line.text)
        self._pages.append(page)
        if len(self._pages) > AHEAD:
            yield from self._next()

    def end(self) -> Iterator[Block]:
        """Yield all that is left."""
        while self._pages:
            yield from self._next()
        yield from self._finish()

    @property
    def _body_size(self) -> float:
        return self._sizes.most_common(1)[0][0] if self._sizes else 0.0

    def _next(self) -> Iterator[Block]:
        page = self._pages.popleft()
        gone = furniture(page, list(self._before), list(self._pages), self._body_size)
        self._before.append(page)
        text = [line for line in page.lines if id(line) not in gone]
        lines = in_order([line for line in text if line.is_flat])
        notes = self._notes(lines)
        lines = lines[: len(lines) - len(notes)]
        self._distances.update(_distances(lines))
        is_first = True
        for line in lines:
            if self._open is None or not self._goes_on(self._open, line, lines, is_new_page=is_first):
                yield from self._finish()
                self._open = _Paragraph(line.text, line, line, is_bold=line.is_bold)
            is_first = False
        found = [*self._of_notes(notes), *(Block(line.text) for line in text if not line.is_flat)]
        if self._open:
            self._open.notes += found
        else:
            yield from found

    def _notes(self, lines: list[Line]) -> list[Line]:
        """The notes at the foot of a page: the last lines, in smaller letters."""
        count = 0
        limit = self._body_size * _SMALL
        while count < len(lines) and lines[-1 - count].size < limit:
            count += 1
        notes = lines[len(lines) - count :]
        above = lines[: len(lines) - count]
        is_below = above and notes and notes[0].top >= max(line.top for line in above)
        return notes if is_below else []

    def _of_notes(self, lines: list[Line]) -> Iterator[Block]:
        text = ""
        last: Line | None = None
        for line in lines:
            is_new = last is not None and (line.top - last.top > _APART * 1.2 * line.size or _MARK.match(line.text))
            if is_new:
                yield Block(text)
                text = ""
            text = joined(text, line.text) if text else line.text
            last = line
        yield Block(text)

    def _goes_on(self, begun: _Paragraph, line: Line, lines: list[Line], *, is_new_page: bool) -> bool:
        """Add a line to the current paragraph, if it belongs to it."""
        last = begun.last
        if abs(line.size - last.size) > _SAME_SIZE * last.size or _is_item(line, last) or begins(line):
            return False
        if is_vertical(line) or is_vertical(last):
            is_beside = is_next(line, last) and not is_new_page
        else:
            is_beside = not is_new_page and last.top - last.size / 2 < line.top < last.bottom
        is_jump = is_new_page or (not is_beside and line.top < last.top)
        if is_jump:
            if not _is_unfinished(begun.text, line.text):
                return False
        elif not is_beside and self._is_apart(begun, line, lines):
            return False
        if (
            begun.is_bold
            and not line.is_bold
            and begun.lines == 1
            and not is_beside
            and not last.text.endswith((",", HYPHEN))
        ):
            return False
        is_wrapped = is_jump or is_beside or not (_LEADER.search(last.text) or _had_room(last, line, lines))
        begun.text = joined(begun.text, line.text) if is_wrapped else f"{begun.text}\n{line.text}"
        begun.lines += 1
        begun.last = line
        begun.is_bold = begun.is_bold and line.is_bold
        return True

    def _is_apart(self, begun: _Paragraph, line: Line, lines: list[Line]) -> bool:
        """Whether a line further down begins a new paragraph."""
        last = begun.last
        usual = self._distances.most_common(1)[0][0] if self._distances else 1.0
        if line.top - last.top > _APART * max(usual, 1.0) * last.size:
            return True
        indent = line.left - last.left
        if begun.lines == 1 and indent < 0:  # the first line was indented, or a list item's
            return indent < -12 * last.size
        if begun.lines == 1 and (_ITEM.match(begun.text) or line.size > _LEVELS[-1][0] * self._body_size):
            return False  # a hanging indent
        if abs(indent) > _INDENT * line.size and not _LOWER.match(line.text):
            return True
        return _had_room(last, line, lines) and _ENDED.search(last.text.rstrip()) is not None

    def _finish(self) -> Iterator[Block]:
        begun, self._open = self._open, None
        if begun:
            yield Block(begun.text.replace(HYPHEN, ""), self._level(begun))
            yield from begun.notes

    def _level(self, begun: _Paragraph) -> int:
        text = begun.text.strip()
        if len(text) > _HEADING_CHARS or not any(map(str.isalpha, text)):
            return PARAGRAPH
        larger = begun.first.size / (self._body_size or begun.first.size)
        for share, level in _LEVELS:
            if larger >= share:
                return level
        is_heading = (
            begun.is_bold and len(text) <= _BOLD_CHARS and begun.lines <= 2 and not text.endswith((".", ",", ":"))
        )
        return _BOLD_LEVEL if is_heading else PARAGRAPH


_LOWER = re.compile(r"[a-zß-öø-ÿа-яα-ω]")
_MARK = re.compile(r"\s*(?:\d{1,3}|[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3})\s?\S")


def joined(text: str, following: str) -> str:
    """Join two lines, dropping a hyphen that only divides a word."""
    text, following = text.rstrip(), following.lstrip()
    is_small = _LOWER.match(following) is not None
    if text.endswith(HYPHEN):
        return text[:-1] + ("" if is_small else "-") + following
    if _LETTER_HYPHEN.search(text):
        return (text[:-1] if is_small else text) + following
    if text and _UNSPACED.match(text[-1]) and _UNSPACED.match(following[:1]):
        return text + following
    return f"{text} {following}"


def _distances(lines: list[Line]) -> Iterator[float]:
    """The distances between successive lines of the same size, relative to that size."""
    for last, line in pairwise(lines):
        if 0 < line.top - last.top < _FAR * line.size and abs(line.size - last.size) <= _SAME_SIZE * line.size:
            yield round((line.top - last.top) / line.size, 1)


def _is_item(line: Line, last: Line) -> bool:
    return _ITEM.match(line.text) is not None and line.top >= last.bottom - line.size / 2


def _is_unfinished(text: str, following: str) -> bool:
    """Whether a text continues in the next column or on the next page."""
    end = text.rstrip()
    if end.endswith((HYPHEN, "-", ",")):
        return True
    if _ENDED.search(end):
        return False
    return _LOWER.match(following.lstrip()) is not None or (len(end) > _BOLD_CHARS and bool(end[-1:].isalpha()))


def _had_room(last: Line, line: Line, lines: list[Line]) -> bool:
    """Whether the first word of `line` would have fitted after `last`, so that the line break was intended."""
    near = 4 * last.size
    edges = sorted(
        one.right
        for one in lines
        if abs(one.left - last.left) < near and abs(one.top - last.top) < _NEAR_LINES * 1.2 * last.size
    )
    edge = edges[int(len(edges) * _EDGE_SHARE)] if edges else last.right
    word = line.text.split(maxsplit=1)[0] if line.text.split() else ""
    letter = (line.right - line.left) / max(len(line.text.strip()), 1)
    return last.right + (len(word) + 1) * letter < edge - letter
