"""Reads PDF page by page, with pdfium through pypdfium2.

It is Chrome's PDF library (BSD and Apache licences): 4 MB, wheels for all three systems, no dependencies. pdf_layout.py
decides what to make of its letters.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from reader.documents.document import TITLE, Block, tidied
from reader.documents.pdf_layout import Layout
from reader.documents.pdf_page import HYPHEN, Box, Line, Page
from reader.documents.pdf_vertical import columns
from reader.documents.refusals import Refusal, UnreadableError

# What pdfium returns for a hyphen at the end of a line, depending on its version.
_HYPHENS = ("\x02", "\ufffe")
_NOTHING = ("\0", "\uffff")
# How many letters of a line to sample for its size and weight.
_SAMPLES = 6
_BOLD_WEIGHT = 600
_BOLD_NAME = re.compile(rb"bold|black|heavy", re.I)
_MOST_CHARS = 1_000_000  # of a page
_MOST_OBJECTS = 50_000  # of a page: maps have millions
_FLAT = 0.05  # radians
# pdfium drops what is narrower than this; and how far to slant a vertical line to make it wider.
_THIN = 0.01
_SLANT = 0.001
# The width of a gap that is a space, in letter sizes; and the share of gaps above which the letters are spaced out.
_SPACE = 0.13
_SPACED_SHARE = 0.4


_ACCENTS = {
    "`": "\u0300", "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307",
    "¨": "\u0308", "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327",
}  # fmt: skip

# A complete file has one of these in its last bytes. The library repairs others as it can: pages may be missing.
_ENDS, _END_BYTES = (b"startxref", b"%%EOF"), 4096


def parse(data: bytes) -> Iterator[Block]:
    """The document's title and text. Raises UnreadableError, or ImportError without pypdfium2."""
    return tidied(_parts(data))


def _parts(data: bytes) -> Iterator[Block]:
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        is_locked = is_locked or "password" in str(error).lower()
        raise UnreadableError(Refusal.ENCRYPTED if is_locked else Refusal.DAMAGED) from error
    if not count:
        raise UnreadableError(Refusal.DAMAGED)
    try:
        yield Block(document.get_metadata_value("Title"), TITLE)
        layout = Layout()
        is_text, faults = False, 0
        for number in range(count):
            try:
                page = _page(document, number)
            except pypdfium2.PdfiumError:
                faults += 1
                continue
            is_text = is_text or bool(page.lines)
            yield from layout.add(page)
        yield from layout.end()
        is_whole = any(mark in data[-_END_BYTES:] for mark in _ENDS)
        if faults == count or (is_text and (faults or not is_whole)):
            raise UnreadableError(Refusal.DAMAGED)
        if not is_text:
            raise UnreadableError(Refusal.PICTURES)
    finally:
        document.close()


@dataclass(frozen=True, slots=True)
class _View:
    """A page as shown. Its own coordinates start in the lower left corner, before it is rotated clockwise."""

    area: tuple[float, float, float, float]  # left, bottom, right, top
    degrees: int

    def seen(self, box: Box) -> Box:
        """Left, right, top and bottom as seen, of a box given as left, right, bottom and top."""
        left, right, bottom, top = box
        match self.degrees:
            case 90:
                return bottom - self.area[1], top - self.area[1], left - self.area[0], right - self.area[0]
            case 180:
                return self.area[2] - right, self.area[2] - left, bottom - self.area[1], top - self.area[1]
            case 270:
                return self.area[3] - top, self.area[3] - bottom, self.area[2] - right, self.area[2] - left
            case _:
                return left - self.area[0], right - self.area[0], self.area[3] - top, self.area[3] - bottom

    def has(self, left: float, right: float, top: float, bottom: float) -> bool:
        """Whether any of that area is on the page."""
        width, height = self.area[2] - self.area[0], self.area[3] - self.area[1]
        if self.degrees in (90, 270):
            width, height = height, width
        return right > 0 and bottom > 0 and left < width and top < height

    def is_flat(self, angle: float) -> bool:
        """Whether letters at this angle, in radians, form a line from left to right."""
        return abs(math.sin(angle - math.radians(self.degrees))) < _FLAT


def _page(document: Any, number: int) -> Page:
    page = document[number]
    try:
        width, height = page.get_size()
        _widen(page)
        text = page.get_textpage()
        try:
            return Page(number + 1, width, height, _lines(text, _View(page.get_bbox(), page.get_rotation())))
        finally:
            text.close()
    finally:
        page.close()


def _widen(page: Any) -> None:
    """Make pdfium see vertical writing whose font is not embedded: without it, such a line has no width."""
    from pypdfium2 import raw

    edges = [ctypes.c_float() for _ in range(4)]
    for at in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        one = raw.FPDFPage_GetObject(page.raw, at)
        if raw.FPDFPageObj_GetType(one) == raw.FPDF_PAGEOBJ_TEXT and raw.FPDFPageObj_GetBounds(
            one, *map(ctypes.byref, edges)
        ):
            left, bottom, right, top = (edge.value for edge in edges)
            if right - left < _THIN < top - bottom:
                raw.FPDFPageObj_Transform(one, 1, 0, _SLANT, 1, 0, 0)


def _lines(text: Any, view: _View) -> list[Line]:
    """The lines, in the order in which the page writes them."""
    from pypdfium2 import raw

    lines: list[Line] = []
    characters: list[str] = []
    places: list[int] = []

    def end() -> None:
        shown = [at for at, character in zip(places, characters, strict=True) if not character.isspace()]
        boxes = {at: view.seen(_box(text, at)) for at in shown}
        for part in columns(places, boxes):
            line = _line(text, characters[part], places[part], boxes, view)
            lines.extend([line] if line else [])
        characters.clear()
        places.clear()

    for at in range(min(text.count_chars(), _MOST_CHARS)):
        code = raw.FPDFText_GetUnicode(text, at)
        character = chr(code) if code < 0x110000 else "\ufffd"
        if character in "\r\n":
            end()
        elif character not in _NOTHING:
            characters.append(HYPHEN if character in _HYPHENS else character)
            places.append(at)
            if character in _HYPHENS:  # pdfium puts what follows on the same line
                end()
    end()
    return lines


def _line(text: Any, characters: list[str], places: list[int], every: dict[int, Box], view: _View) -> Line | None:
    from pypdfium2 import raw

    boxes = {at: every[at] for at in places if at in every}
    shown = list(boxes)
    if not shown:
        return None
    left, right = min(box[0] for box in boxes.values()), max(box[1] for box in boxes.values())
    top, bottom = min(box[2] for box in boxes.values()), max(box[3] for box in boxes.values())
    if not view.has(left, right, top, bottom):
        return None  # outside the page, so invisible
    told = "".join(_spaced(_accented(characters, places, boxes), places, boxes, _size(text, shown[0])))
    samples = shown[:: max(len(shown) // _SAMPLES, 1)]
    sizes = sorted(_size(text, at) for at in samples)
    return Line(
        told.encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        left,
        right,
        top,
        bottom,
        sizes[len(sizes) // 2],
        is_bold=all(_is_bold(text, at) for at in samples),
        is_flat=view.is_flat(raw.FPDFText_GetCharAngle(text, shown[0])),
    )


def _box(text: Any, at: int) -> Box:
    """Left, right, bottom and top of a letter, including the space around it."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    if raw.FPDFText_GetLooseCharBox(text, at, ctypes.byref(box)) and box.right > box.left:
        return box.left, box.right, box.bottom, box.top
    edges = [ctypes.c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(text, at, *map(ctypes.byref, edges))
    return edges[0].value, edges[1].value, edges[2].value, edges[3].value


def _accented(characters: list[str], places: list[int], boxes: dict[int, Box]) -> list[str]:
    """Combine letters with the accents drawn over them, which come first, as with TeX's own fonts."""
    joined = list(characters)
    for n, (at, following) in enumerate(pairwise(places)):
        if characters[n] in _ACCENTS and at in boxes and following in boxes:
            letter = "i" if characters[n + 1] == "ı" else characters[n + 1]
            whole = unicodedata.normalize("NFC", letter + _ACCENTS[characters[n]])
            left, right = boxes[at][:2]
            if len(whole) == 1 and boxes[following][0] < (left + right) / 2 < boxes[following][1]:
                joined[n : n + 2] = "", whole
    return joined


def _spaced(characters: list[str], places: list[int], boxes: dict[int, Box], size: float) -> list[str]:
    """Insert spaces that are only visible as gaps: pdfium ignores narrow ones."""
    gaps = [
        n
        for n, (at, following) in enumerate(pairwise(places))
        if at in boxes and following in boxes and boxes[following][0] - boxes[at][1] > _SPACE * size
    ]
    if len(gaps) > _SPACED_SHARE * len(boxes):
        return characters  # the letters are spaced out
    spaced = list(characters)
    for n in reversed(gaps):
        spaced.insert(n + 1, " ")
    return spaced


def _size(text: Any, at: int) -> float:
    """The size at which a letter is drawn, in points: its font size, scaled by the page."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    size: float = raw.FPDFText_GetFontSize(text, at)
    if raw.FPDFText_GetMatrix(text, at, ctypes.byref(matrix)):
        size *= (matrix.c**2 + matrix.d**2) ** 0.5
    return round(size, 1)


def _is_bold(text: Any, at: int) -> bool:
    from pypdfium2 import raw

    if raw.FPDFText_GetFontWeight(text, at) >= _BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(100)
    raw.FPDFText_GetFontInfo(text, at, name, len(name), None)
    return _BOLD_NAME.search(name.value) is not None
