"""Vertical writing, on Japanese and Chinese pages: lines run downwards, the first one on the right. Pure."""

from __future__ import annotations

from itertools import pairwise

from reader.documents.pdf_page import Box, Line

# A page is vertical if this share of its letters is in vertical lines, which are this much longer than wide.
_SHARE = 0.5
_LONGER = 1.5
_INDENT = "\u3000"
# In letter heights: how far sideways a letter may be from the one above, as commas are, and how far below at least.
_BESIDE = 1.2
_BELOW = 0.3
# In letter sizes: how far beside the previous line one is that begins something new.
_APART = 1.0


def columns(places: list[int], boxes: dict[int, Box]) -> list[slice]:
    """Split what pdfium takes for one line into the vertical lines it consists of, as slices of `places`.

    `boxes` are those of the visible letters, by place.
    """
    seen = [n for n, at in enumerate(places) if at in boxes]
    ends = [
        before + 1 for before, after in pairwise(seen) if not _is_below(boxes[places[after]], boxes[places[before]])
    ]
    if len(ends) > _SHARE * (len(seen) - 1):
        return [slice(len(places))]  # it runs from left to right
    return [slice(start, end) for start, end in pairwise([0, *ends, len(places)])]


def _is_below(box: Box, above: Box) -> bool:
    height = above[3] - above[2]
    return abs(box[0] - above[0]) < _BESIDE * height and box[2] - above[2] > _BELOW * height


def is_vertical(line: Line) -> bool:
    """Whether it runs downwards, as far as one can tell: a line of a single letter may, too."""
    return len(line.text.strip()) > 1 and line.bottom - line.top > _LONGER * (line.right - line.left)


def begins(line: Line) -> bool:
    """Whether it is the first line of a paragraph, which vertical writing indicates by a full-width space."""
    return line.text.lstrip(" ").startswith(_INDENT) and is_vertical(line)


def is_next(line: Line, last: Line) -> bool:
    """Whether it is the vertical line to the left of the last one."""
    is_beside = last.left - _APART * last.size < line.right <= last.left + last.size
    return is_beside and line.top < last.bottom and last.top < line.bottom


def in_order(lines: list[Line]) -> list[Line]:
    """The lines of a page in reading order.

    pdfium sorts lines that begin at the same height from left to right, whatever order the page writes them in.
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
