"""Targets that take a document: each is read to its end, or refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

from reader.documents import docx, epub, html_page, mail, odt, rtf, subtitles
from reader.documents.document import LOWEST, PARAGRAPH, TITLE, Block
from reader.documents.pdf_layout import Layout
from reader.documents.pdf_page import Line, Page
from reader.documents.refusals import UnreadableError


def _read(parse: Callable[[bytes], Iterator[Block]], data: bytes) -> list[Block]:
    found = []
    try:
        for block in parse(data):
            found.append(block)
            assert block.text.strip()
            assert TITLE <= block.level <= LOWEST
            assert block.level == PARAGRAPH or "\n" not in block.text
    except UnreadableError:
        pass
    return found


def web_pages(data: bytes) -> None:
    """A page, or what calls itself one: without tags, all of it is read."""
    found = _read(html_page.parse, data)
    if data.isascii() and data.replace(b" ", b"").isalnum():
        assert [block.text for block in found] == [" ".join(data.decode().split())]


def mails(data: bytes) -> None:
    """A mail or a mailbox."""
    _read(mail.parse, data)


def video_subtitles(data: bytes) -> None:
    """Subtitles: what is no mark is all read."""
    found = _read(subtitles.parse, data)
    if data.isascii() and data.replace(b" ", b"").isalnum() and not data.startswith((b"NOTE", b"STYLE", b"REGION")):
        assert data.startswith(b"WEBVTT") or [block.text for block in found] == [" ".join(data.decode().split())]


def _packed(data: bytes, names: tuple[str, ...]) -> bytes:
    """An archive with files of these names, whose texts stand between NUL bytes; or the data itself, if it is one."""
    if data.startswith(b"PK"):
        return data
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in zip(names, data.split(b"\0"), strict=False):
            archive.writestr(name, text)
    return file.getvalue()


def word_documents(data: bytes) -> None:
    """The files of a DOCX, in one row; or all of it."""
    names = "word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml", "docProps/core.xml"
    _read(docx.parse, _packed(data, names))


def open_documents(data: bytes) -> None:
    """The files of an ODT, in one row; or all of it, or one that is not packed."""
    _read(odt.parse, data if data.startswith(b"<") else _packed(data[1:], ("content.xml", "styles.xml", "meta.xml")))


def e_books(data: bytes) -> None:
    """The files of an EPUB, in one row; or all of it."""
    names = "a.opf", "a.xhtml", "nav.xhtml", "toc.ncx", "META-INF/encryption.xml", "META-INF/container.xml"
    _read(epub.parse, _packed(data, names))


def rich_texts(data: bytes) -> None:
    """Rich text: what has no marks is all read."""
    found = _read(rtf.parse, data)
    if data.isascii() and data.replace(b" ", b"").isalnum():
        assert [block.text for block in found] == [" ".join(data.decode().split())]


def pdf_pages(data: bytes) -> None:
    """Lines anywhere on pages, six bytes each: what is read of them is on them."""
    layout = Layout()
    found: list[Block] = []
    there: set[str] = set()
    for number, part in enumerate(data.split(b"\xff")[:20]):
        lines = []
        for left, top, width, size, letter, kind in _sixes(part):
            text = f"{chr(97 + letter % 26)}{'-' if kind & 1 else ''}{letter if kind & 2 else ''}"
            there.update(text)
            height = size / 8 + 1
            lines.append(Line(text, left, left + width, top * 3, top * 3 + height, height, kind & 4 > 0, kind & 8 == 0))
        found += layout.add(Page(number + 1, 600, 800, lines))
    found += layout.end()
    assert {letter for block in found for letter in block.text if letter.isalnum()} <= there


def _sixes(part: bytes) -> Iterator[tuple[int, ...]]:
    for start in range(0, len(part) - 5, 6):
        yield tuple(part[start : start + 6])
