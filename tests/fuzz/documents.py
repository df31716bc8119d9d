"""Targets that take a document: each is read to its end, or refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

from reader.documents import docx, epub, html_page, mail, odt, rtf
from reader.documents.document import LOWEST, PARAGRAPH, TITLE, Block, gathered
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
    document = gathered(found)
    assert bool(document.text) == any(block.level != TITLE for block in found)
    return found


def web_pages(data: bytes) -> None:
    """A page, or what calls itself one: without tags, all of it is read."""
    found = _read(html_page.parse, data)
    if data.isascii() and data.replace(b" ", b"").isalnum():
        assert [block.text for block in found] == [" ".join(data.decode().split())]


def mails(data: bytes) -> None:
    """A mail or a mailbox."""
    _read(mail.parse, data)


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
