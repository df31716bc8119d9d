"""The text of an office document, as its paragraphs, tables and notes begin and end within each other."""

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
    """What has ended is taken with `take`. Ends without a beginning are passed over."""

    def __init__(self) -> None:
        self._done: list[Block] = []
        self._open: list[_Paragraph] = []
        self._rooms: list[list[Block]] = []  # cells and notes that are open: what ends, ends in the last
        self._rows: list[list[list[Block]]] = []
        self._initial = ""  # a large first letter, whose paragraph has not come yet

    def begin_paragraph(self, level: int = PARAGRAPH) -> None:
        """A paragraph, perhaps within another: of a text box, or a note."""
        self._open.append(_Paragraph(level, [self._initial] if self._initial else []))
        self._initial = ""

    def set_level(self, level: int) -> None:
        """The paragraph is a heading."""
        if self._open:
            self._open[-1].level = level

    def set_initial(self) -> None:
        """The paragraph is the large first letter of the next one, which a program has in a frame of its own."""
        if self._open:
            self._open[-1].is_initial = True

    def add(self, text: str) -> None:
        """Text of the paragraph. Between paragraphs there is none."""
        if self._open:
            self._open[-1].parts.append(text)

    def end_paragraph(self) -> None:
        """It is over, and what it has notes on follows."""
        if self._open:
            paragraph = self._open.pop()
            if paragraph.is_initial:
                self._initial = "".join(paragraph.parts).strip()
                return
            self._put([Block("".join(paragraph.parts), paragraph.level), *paragraph.notes])

    def begin_row(self) -> None:
        """A row of a table."""
        self._rows.append([])

    def begin_room(self) -> None:
        """A cell or a note."""
        self._rooms.append([])

    def end_cell(self) -> None:
        """A cell is over."""
        if self._rooms:
            cell = self._rooms.pop()
            if self._rows:
                self._rows[-1].append(cell)
            else:
                self._put(cell)

    def end_row(self) -> None:
        """A row of short cells is one line; longer texts in cells are paragraphs."""
        if not self._rows:
            return
        cells = [[block for block in cell if block.text.strip()] for cell in self._rows.pop()]
        if all(len(cell) <= 1 for cell in cells):
            self._put([Block(row([block.text for cell in cells for block in cell]))])
        else:
            self._put([block for cell in cells for block in cell])

    def end_note(self) -> None:
        """A note is over: it is read behind the paragraph that it is on."""
        if self._rooms:
            self.add_note(self._rooms.pop())

    def add_note(self, note: list[Block]) -> None:
        """The same for one that stands elsewhere."""
        if self._open:
            self._open[-1].notes += note
        else:
            self._put(note)

    def take(self) -> list[Block]:
        """What has ended since the last time."""
        done, self._done = self._done, []
        return done

    def end(self) -> list[Block]:
        """All that is left, of a text that breaks off."""
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
