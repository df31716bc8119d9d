"""Vertical writing, of Japanese and Chinese pages: its lines go down, and the first is the one at the right. Pure."""

from __future__ import annotations

from itertools import pairwise

from reader.documents.pdf_page import Box, Line

# Of a page's letters, so many are in lines that go down: it is written so. How much longer than wide such a line is.
_SHARE = 0.5
_LONGER = 1.5
_INDENT = "\u3000"
# How far beside the letter above it one may stand, as a comma does, and how far below it stands, in its height.
_BESIDE = 1.2
_BELOW = 0.3
# In the size of letters, how far beside the last a line stands that begins something.
_APART = 1.0


def columns(places: list[int], boxes: dict[int, Box]) -> list[slice]:
    """Where a line, as pdfium has it, is several that go down beside each other: parts of `places`, each one such line.

    `boxes` are those of the letters that are seen, by their place.
    """
    seen = [n for n, at in enumerate(places) if at in boxes]
    ends = [
        before + 1 for before, after in pairwise(seen) if not _is_below(boxes[places[after]], boxes[places[before]])
    ]
    if len(ends) > _SHARE * (len(seen) - 1):
        return [slice(len(places))]  # it goes from left to right
    return [slice(start, end) for start, end in pairwise([0, *ends, len(places)])]


def _is_below(box: Box, above: Box) -> bool:
    height = above[3] - above[2]
    return abs(box[0] - above[0]) < _BESIDE * height and box[2] - above[2] > _BELOW * height


def is_vertical(line: Line) -> bool:
    """Whether it goes down, as far as can be seen: a line of one letter may, too."""
    return len(line.text.strip()) > 1 and line.bottom - line.top > _LONGER * (line.right - line.left)


def begins(line: Line) -> bool:
    """Whether it is the first of a paragraph, which vertical writing shows by the space of a letter."""
    return line.text.lstrip(" ").startswith(_INDENT) and is_vertical(line)


def is_next(line: Line, last: Line) -> bool:
    """Whether it goes down beside the last one, at its left."""
    is_beside = last.left - _APART * last.size < line.right <= last.left + last.size
    return is_beside and line.top < last.bottom and last.top < line.bottom


def in_order(lines: list[Line]) -> list[Line]:
    """The lines of a page as they are read.

    pdfium has lines that begin at the same height from left to right, whatever order the page writes them in.
    """
    down = sum(len(line.text) for line in lines if is_vertical(line))
    if down <= _SHARE * sum(len(line.text) for line in lines):
        return lines
    ordered: list[Line] = []
    row: list[Line] = []  # of columns: beside each other
    for line in sorted(lines, key=lambda line: line.top):
        if row and line.top >= max(one.bottom for one in row):
            ordered += sorted(row, key=lambda line: -line.right)
            row = []
        row.append(line)
    return ordered + sorted(row, key=lambda line: -line.right)
