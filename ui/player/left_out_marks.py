"""Marks text in a document that is not read: dimmer, dotted underneath, and named when the caret gets there.

The dots are also a text attribute, which screen readers can find. GUI thread.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable

from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument

from ui.player.colours import ReadingColours
from ui.player.shown_text import ShownText

# Start and end in the text, and what it is.
Piece = tuple[int, int, str]


class LeftOutMarks:
    """The marks of one text."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []  # in order
        self._known: set[Piece] = set()
        self._unmarked: list[Piece] = []

    def clear(self) -> None:
        """Start over: nothing is known about the text."""
        self._pieces, self._known, self._unmarked = [], set(), []

    @property
    def is_empty(self) -> bool:
        """Whether all of the text is read, as far as known."""
        return not self._pieces

    def add(self, pieces: Iterable[Piece]) -> None:
        """Add newly found pieces."""
        for piece in pieces:
            if piece not in self._known:
                self._known.add(piece)
                self._unmarked.append(piece)
                insort(self._pieces, piece)

    def begin(self) -> None:
        """The document is being rebuilt."""
        self._unmarked = list(self._pieces)

    def mark(self, document: QTextDocument, shown: ShownText, colours: ReadingColours | None) -> None:
        """Mark pieces that are completely in the document and not marked yet."""
        wanted = [piece for piece in self._unmarked if piece[1] <= shown.chars]
        if not wanted:
            return
        self._unmarked = [piece for piece in self._unmarked if piece[1] > shown.chars]
        looks = QTextCharFormat()
        looks.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        if colours:
            looks.setForeground(colours.dim)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        for start, end, _ in wanted:
            first, behind = shown.unit(start), shown.unit(end)
            while first < behind and document.characterAt(first).isspace():
                first += 1
            while first < behind and document.characterAt(behind - 1).isspace():
                behind -= 1
            cursor.setPosition(first)
            cursor.setPosition(behind, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(looks)
        cursor.endEditBlock()

    def at(self, chars: int) -> str:
        """What is left out there, "" if the text is read."""
        before = bisect_right(self._pieces, chars, key=lambda piece: piece[0])
        start, end, name = self._pieces[before - 1] if before else (0, 0, "")
        return name if start <= chars < end else ""
