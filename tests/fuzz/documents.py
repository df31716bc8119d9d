"""Targets that take a document: each is read to its end, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reader.documents import html_page, mail
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
