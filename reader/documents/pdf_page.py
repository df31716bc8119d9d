"""A page of a PDF: its lines, and where they are."""

from __future__ import annotations

from dataclasses import dataclass

# A hyphen that is there only because of the line break.
HYPHEN = "\u00ad"
# Left, right, top and bottom of a letter.
Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Line:
    """Coordinates are in points, from the page's upper left corner; `size` is that of its letters."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    is_bold: bool = False
    is_flat: bool = True


@dataclass(slots=True)
class Page:
    """A page, with its lines in the order in which it writes them. `number` counts from 1."""

    number: int
    width: float
    height: float
    lines: list[Line]
