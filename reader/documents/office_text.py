"""Assembles an office document's text from the nested starts and ends of its paragraphs, tables and notes."""

from __future__ import annotations

from dataclasses import dataclass, field

from reader.documents.document import PARAGRAPH, Block, row


@dataclass(slots=True)
class _Paragraph:
    level: int
    parts: list[str] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)
    is_initial: bool = False


class OfficeText:
    """Completed blocks are returned by `take`. Ends without a beginning are ignored."""

    def __init__(self) -> None:
        self._done: list[Block] = []
        self._open: list[_Paragraph] = []
        self._rooms: list[list[Block]] = []  # open cells and notes: completed blocks go into the last
        self._rows: list[list[list[Block]]] = []
        self._initial = ""  # a drop cap, whose paragraph has not come yet

    def begin_paragraph(self, level: int = PARAGRAPH) -> None:
        """Begin a paragraph, perhaps within another: in a text box or a note."""
        self._open.append(_Paragraph(level, [self._initial] if self._initial else []))
        self._initial = ""

    def set_level(self, level: int) -> None:
        """Set the paragraph's level: a heading's, or PARAGRAPH."""
        if self._open:
            self._open[-1].level = level

    def set_initial(self) -> None:
        """The paragraph is the drop cap of the next one, which some programs put in a frame of its own."""
        if self._open:
            self._open[-1].is_initial = True

    def add(self, text: str) -> None:
        """Add text to the paragraph. Text between paragraphs is ignored."""
        if self._open:
            self._open[-1].parts.append(text)

    def end_paragraph(self) -> None:
        """End the paragraph. Its notes follow it."""
        if self._open:
            paragraph = self._open.pop()
            if paragraph.is_initial:
                self._initial = "".join(paragraph.parts).strip()
                return
            self._put([Block("".join(paragraph.parts), paragraph.level), *paragraph.notes])

    def begin_row(self) -> None:
        """Begin a table row."""
        self._rows.append([])

    def begin_room(self) -> None:
        """Begin a cell or note."""
        self._rooms.append([])

    def end_cell(self) -> None:
        """End a cell."""
        if self._rooms:
            cell = self._rooms.pop()
            if self._rows:
                self._rows[-1].append(cell)
            else:
                self._put(cell)

    def end_row(self) -> None:
        """End a row. Short cells become one line; longer texts in cells remain paragraphs."""
        if not self._rows:
            return
        cells = [[block for block in cell if block.text.strip()] for cell in self._rows.pop()]
        if all(len(cell) <= 1 for cell in cells):
            self._put([Block(row([block.text for cell in cells for block in cell]))])
        else:
            self._put([block for cell in cells for block in cell])

    def end_note(self) -> None:
        """End a note, which is read after the paragraph that refers to it."""
        if self._rooms:
            self.add_note(self._rooms.pop())

    def add_note(self, note: list[Block]) -> None:
        """Add a note that is stored elsewhere."""
        if self._open:
            self._open[-1].notes += note
        else:
            self._put(note)

    def take(self) -> list[Block]:
        """Return what was completed since the last call."""
        done, self._done = self._done, []
        return done

    def end(self) -> list[Block]:
        """Return all that is left of a truncated text."""
        while self._open or self._rooms or self._rows:
            if self._open:
                self.end_paragraph()
            elif self._rooms:
                self.end_cell()
            else:
                self.end_row()
        if self._initial:
            self.begin_paragraph()
            self.end_paragraph()
        return self.take()

    def _put(self, blocks: list[Block]) -> None:
        (self._rooms[-1] if self._rooms else self._done).extend(blocks)
