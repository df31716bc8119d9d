"""OpenDocument texts (ODT): XML, zipped or not, read with the standard library, since odfpy builds a whole tree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reader.documents.document import LOWEST, TITLE, Block, names, tidied
from reader.documents.docx import title
from reader.documents.odt_lists import Lists
from reader.documents.office_text import OfficeText
from reader.documents.refusals import Refusal, UnreadableError
from reader.documents.xml_events import Is, XmlEvent, events
from reader.documents.zipped import Archive

# What is not part of the text: descriptions of pictures, comments, deletions, how tables of contents are made.
_PASSED_OVER = names(
    "tracked-changes annotation note-citation ruby-text desc title binary-data forms scripts meta settings styles "
    "automatic-styles master-styles font-face-decls sender-firstname table-of-content-source "
    "illustration-index-source table-index-source object-index-source user-index-source alphabetical-index-source "
    "bibliography-source event-listeners"
)
_HIDEABLE = ("p", "h", "span")
_TEXTS = b"application/vnd.oasis.opendocument.text"


def parse(data: bytes) -> Iterator[Block]:
    """The document's title and text. Raises UnreadableError."""
    if data.startswith(b"PK"):
        archive = Archive(data)
        kind = archive.read_if_there("mimetype")
        if kind and not kind.startswith(_TEXTS):
            raise UnreadableError(Refusal.OTHER)
        if b"encryption-data" in archive.read_if_there("META-INF/manifest.xml"):
            raise UnreadableError(Refusal.ENCRYPTED)
        parts = archive.read_if_there("meta.xml"), archive.read_if_there("styles.xml"), archive.read("content.xml")
        return tidied(_parts(*parts))
    return tidied(_parts(data, b"", data))


def _parts(meta: bytes, styles: bytes, content: bytes) -> Iterator[Block]:
    yield Block(title(meta), TITLE)
    text, lists, hidden = OfficeText(), Lists(), _Hidden()
    for event in events(styles or b"<a/>"):
        lists.take(event)
        hidden.learn(event)
    passed_over = 0
    try:
        for event in events(content):
            lists.take(event)
            hidden.learn(event)
            if passed_over or event.name in _PASSED_OVER or hidden.has(event):
                passed_over += {Is.START: 1, Is.END: -1, Is.TEXT: 0}[event.what]
            else:
                _take(text, event, lists)
                yield from text.take()
    except UnreadableError:
        yield from text.end()
        raise


class _Hidden:
    """What is not shown, because of its style or section."""

    def __init__(self) -> None:
        self._styles: set[str] = set()
        self._style = ""

    def learn(self, event: XmlEvent) -> None:
        """Learn from a style. A style inherits from its parent."""
        if event.what is Is.START and event.name == "style":
            self._style = event.attributes.get("name", "")
            if event.attributes.get("parent-style-name", "") in self._styles:
                self._styles.add(self._style)
        elif event.what is Is.START and event.name == "text-properties" and "display" in event.attributes:
            (self._styles.add if event.attributes["display"] == "none" else self._styles.discard)(self._style)

    def has(self, event: XmlEvent) -> bool:
        """Whether this event begins something that is not shown."""
        if event.what is not Is.START:
            return False
        if event.name == "section":
            return event.attributes.get("display") == "none"
        return event.name in _HIDEABLE and event.attributes.get("style-name", "") in self._styles


def _take(text: OfficeText, event: XmlEvent, lists: Lists) -> None:
    if event.what is Is.TEXT:
        text.add(re.sub(r"\s+", " ", event.text))
    elif event.what is Is.START:
        _begin(text, event)
        if event.name in ("p", "h"):
            text.add(lists.label())
    else:
        _end(text, event.name)


def _begin(text: OfficeText, event: XmlEvent) -> None:
    match event.name:
        case "h":
            level = event.attributes.get("outline-level", "1")
            text.begin_paragraph(min(int(level), LOWEST) if re.fullmatch("[1-9]{1,2}", level) else 1)
        case "p":
            text.begin_paragraph()
        case "tab" | "s":
            text.add(" ")
        case "line-break":
            text.add("\n")
        case "table-row":
            text.begin_row()
        case "table-cell" | "covered-table-cell" | "note-body":
            text.begin_room()


def _end(text: OfficeText, name: str) -> None:
    match name:
        case "h" | "p":
            text.end_paragraph()
        case "table-row":
            text.end_row()
        case "table-cell" | "covered-table-cell":
            text.end_cell()
        case "note-body":
            text.end_note()
