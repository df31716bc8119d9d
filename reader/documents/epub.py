"""E-books (EPUB 2 and 3): zipped XHTML, chapter by chapter, read with the standard library.

ebooklib (AGPL) needs lxml, and loads the whole book into memory.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from reader.documents.document import PARAGRAPH, TITLE, Block, tidied
from reader.documents.html_page import bars, characters
from reader.documents.html_text import blocks, words
from reader.documents.html_tree import Element, tree
from reader.documents.refusals import Refusal, UnreadableError
from reader.documents.xml_events import Is, events
from reader.documents.zipped import Archive

# How fonts are obfuscated, which does not keep the text from being read.
_OF_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")


@dataclass(slots=True)
class _Package:
    """The book's package document: where everything is, and the reading order."""

    title: str = ""
    places: dict[str, str] = field(default_factory=dict)  # by id
    kinds: dict[str, str] = field(default_factory=dict)
    spine: list[str] = field(default_factory=list)  # ids
    contents: str = ""  # the place of the table of contents, which also serves programs
    ncx: str = ""


def parse(data: bytes) -> Iterator[Block]:
    """The book's title and chapters. Raises UnreadableError."""
    archive = Archive(data)
    if _is_locked(archive):
        raise UnreadableError(Refusal.ENCRYPTED)
    package = _package(archive)
    return tidied(_parts(archive, package))


def _is_locked(archive: Archive) -> bool:
    """Whether anything but fonts is encrypted, as bookshops do."""
    return any(
        event.name == "EncryptionMethod"
        and event.what is Is.START
        and event.attributes.get("Algorithm") not in _OF_FONTS
        for event in events(archive.read_if_there("META-INF/encryption.xml") or b"<a/>")
    )


def _package(archive: Archive) -> _Package:
    container = archive.read_if_there("META-INF/container.xml") or b"<a/>"
    path = next((event.attributes.get("full-path", "") for event in events(container) if event.name == "rootfile"), "")
    path = path if path in archive.names else next((name for name in archive.names if name.endswith(".opf")), "")
    if not path:
        raise UnreadableError(Refusal.DAMAGED)
    found = _Package()
    folder = posixpath.dirname(path)
    is_title = False
    for event in events(archive.read(path)):
        given = event.attributes
        if event.name == "title":
            is_title = event.what is Is.START and not found.title
        elif event.what is Is.TEXT and is_title:
            found.title += event.text
        elif event.what is Is.START and event.name == "item":
            place = _place(folder, given.get("href", ""))
            found.places[given.get("id", "")] = place
            found.kinds[given.get("id", "")] = given.get("media-type", "")
            if "nav" in given.get("properties", "").split():
                found.contents = place
            if given.get("media-type") == "application/x-dtbncx+xml":
                found.ncx = place
        elif event.what is Is.START and event.name == "itemref":
            found.spine.append(given.get("idref", ""))
    return found


def _place(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _parts(archive: Archive, package: _Package) -> Iterator[Block]:
    yield Block(package.title, TITLE)
    names = _chapter_names(archive, package)
    there = set(archive.names) - {package.contents}
    for one in package.spine:
        place = package.places.get(one, "")
        if place in there and package.kinds[one] in _PAGES:
            there.remove(place)  # some programs list a file again for each section in it
            yield from _chapter(tree(characters(archive.read(place))), names.get(place, ""))


def _chapter(root: Element, name: str) -> Iterator[Block]:
    """The content of one file. If it has no heading of its own, its name in the table of contents is used."""
    found = list(blocks(root, bars(root)))
    if name and found and not any(block.level != PARAGRAPH for block in found):
        named = [" ".join(block.text.split()).casefold() == " ".join(name.split()).casefold() for block in found]
        if not any(named):
            yield Block(name, 1)
        found = [Block(block.text, 1) if is_name else block for block, is_name in zip(found, named, strict=True)]
    yield from found


def _chapter_names(archive: Archive, package: _Package) -> dict[str, str]:
    """{place: its name in the table of contents}."""
    found: dict[str, str] = {}
    if package.contents in archive.names:
        folder = posixpath.dirname(package.contents)
        for element in tree(characters(archive.read(package.contents))).all():
            if element.tag == "a" and (href := element.attributes.get("href")):
                found.setdefault(_place(folder, href), words(element))
    elif package.ncx in archive.names:
        folder, name, is_name = posixpath.dirname(package.ncx), "", False
        for event in events(archive.read(package.ncx)):
            if event.name == "text":
                is_name = event.what is Is.START
                name = "" if is_name else name
            elif event.what is Is.TEXT and is_name:
                name += event.text
            elif event.what is Is.START and event.name == "content" and name:
                found.setdefault(_place(folder, event.attributes.get("src", "")), name)
    return found
