"""Word documents (DOCX): zipped XML, read with the standard library.

python-docx and docx2txt need lxml, or do not read notes, text boxes and list numbers.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from reader.documents import symbol_font
from reader.documents.document import PARAGRAPH, TITLE, Block, tidied
from reader.documents.office_text import OfficeText
from reader.documents.refusals import Refusal, UnreadableError
from reader.documents.word_lists import OUTLINE, Numbering, Styles
from reader.documents.xml_events import Is, XmlEvent, events
from reader.documents.zipped import Archive

# Alternatives for other kinds of programs; text kept only for undoing; annotations above a line.
_PASSED_OVER = frozenset(("Fallback", "moveFrom", "del", "rt", "tabs", "sdtPr", "docPartObj"))
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_DROP_CAPS = ("drop", "margin")
_NO_NOTES = ("separator", "continuationSeparator", "continuationNotice")


def parse(data: bytes) -> Iterator[Block]:
    """The document's title and text. Raises UnreadableError."""
    archive = Archive(data)
    main = _main_part(archive)
    return tidied(_parts(archive, main))


def _main_part(archive: Archive) -> str:
    """The file with the text. Raises UnreadableError for other kinds of Office documents."""
    if "EncryptedPackage" in archive.names:
        raise UnreadableError(Refusal.ENCRYPTED)
    for event in events(archive.read_if_there("_rels/.rels") or b"<a/>"):
        if event.attributes.get("Type", "").endswith("/officeDocument"):
            name = posixpath.normpath(event.attributes.get("Target", "").lstrip("/"))
            if name.startswith("word/") or "word" in name:
                return name
            raise UnreadableError(Refusal.OTHER)
    if "word/document.xml" not in archive.names:
        raise UnreadableError(Refusal.OTHER)
    return "word/document.xml"


def _parts(archive: Archive, main: str) -> Iterator[Block]:
    yield Block(title(archive.read_if_there("docProps/core.xml")), TITLE)
    folder = posixpath.dirname(main)
    styles = Styles(archive.read_if_there(f"{folder}/styles.xml"))
    numbering = Numbering(archive.read_if_there(f"{folder}/numbering.xml"), styles)
    notes = {
        f"{kind}Reference": _notes(archive.read_if_there(f"{folder}/{kind}s.xml"), kind)
        for kind in ("footnote", "endnote")
    }
    body = _Body(styles, numbering, notes)
    try:
        for event in events(archive.read(main)):
            body.take(event)
            yield from body.text.take()
    except UnreadableError:
        yield from body.text.end()
        raise
    yield from body.text.end()


def title(data: bytes) -> str:
    """The title in a document's properties, which Office and OpenDocument formats share; "" if there is none."""
    found = ""
    is_title = False
    try:
        for event in events(data or b"<a/>"):
            if event.what is Is.TEXT and is_title:
                found += event.text
            elif event.name == "title":
                is_title = event.what is Is.START
                if not is_title:
                    break
    except UnreadableError:
        return ""
    return found


def _notes(data: bytes, kind: str) -> dict[str, list[Block]]:
    """{a note's id: its text}."""
    found: dict[str, list[Block]] = {}
    styles = Styles(b"")
    body = _Body(styles, Numbering(b"", styles), {})
    name = ""
    for event in events(data or b"<a/>"):
        if event.name != kind:
            body.take(event)
        elif event.what is Is.START:
            name = event.attributes.get("id", "") if event.attributes.get("type") not in _NO_NOTES else ""
        elif name:
            found[name] = body.text.end()
        else:
            body.text.end()
    return found


class _Body:
    def __init__(self, styles: Styles, numbering: Numbering, notes: dict[str, dict[str, list[Block]]]) -> None:
        self.text = OfficeText()
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._passed_over = 0  # the number of open elements that are skipped
        self._is_text = False
        self._in_properties = False
        self._is_hidden = False
        self._is_symbol = False

    def take(self, event: XmlEvent) -> None:
        if event.what is Is.TEXT:
            if self._is_text and not self._passed_over and not self._is_hidden:
                self.text.add(symbol_font.letters(event.text) if self._is_symbol else event.text)
        elif self._passed_over or event.name in _PASSED_OVER:
            self._passed_over += 1 if event.what is Is.START else -1
        elif event.what is Is.START:
            self._begin(event)
        else:
            self._end(event.name)

    def _begin(self, event: XmlEvent) -> None:
        if self._in_properties:
            self._learn(event)
            return
        match event.name:
            case "p":
                self.text.begin_paragraph()
                self._numbering.begin_paragraph()
            case "pPr":
                self._in_properties = True
            case "t":
                self._is_text = True
            case "tr":
                self.text.begin_row()
            case "tc":
                self.text.begin_room()
            case name if name in _SIGNS:
                self.text.add(_SIGNS[name])
            case name if name in self._notes:
                self.text.add_note(self._notes[name].get(event.attributes.get("id", ""), []))
            case _:
                self._begin_letters(event)

    def _begin_letters(self, event: XmlEvent) -> None:
        """Handle elements that say which letters are shown, and how."""
        match event.name:
            case "vanish":
                self._is_hidden = event.attributes.get("val") not in ("0", "false")
            case "rFonts":
                self._is_symbol = symbol_font.is_symbol(event.attributes.get("ascii", ""))
            case "sym" if not self._is_hidden and symbol_font.is_symbol(event.attributes.get("font", "")):
                self.text.add(symbol_font.letter(_hexadecimal(event.attributes.get("char", ""))))

    def _learn(self, event: XmlEvent) -> None:
        """Handle one of a paragraph's properties."""
        value = event.attributes.get("val", "")
        match event.name:
            case "framePr" if event.attributes.get("dropCap") in _DROP_CAPS:
                self.text.set_initial()
            case "pStyle":
                self.text.set_level(self._styles.levels.get(value, PARAGRAPH))
                self._numbering.set_style(value)
            case "outlineLvl" if value in OUTLINE:
                self.text.set_level(OUTLINE[value])
            case "ilvl":
                self._numbering.set_depth(value)
            case "numId":
                self._numbering.set_list(value)

    def _end(self, name: str) -> None:
        match name:
            case "p":
                self.text.end_paragraph()
            case "pPr":
                self._in_properties = False
                self.text.add(self._numbering.label())
            case "t":
                self._is_text = False
            case "r":
                self._is_hidden = self._is_symbol = False
            case "tc":
                self.text.end_cell()
            case "tr":
                self.text.end_row()


def _hexadecimal(text: str) -> int:
    return int(text, 16) if re.fullmatch(r"[0-9a-fA-F]{1,6}", text) else 0
