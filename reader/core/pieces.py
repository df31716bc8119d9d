"""Cuts a text, given or still arriving, into pieces that the socket takes. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from reader.documents.printed import Printed
from reader.ipc.protocol import PIECE_CHARS

if TYPE_CHECKING:  # a text from the command line has no need of it
    from reader.documents.source import TextSource

Text: TypeAlias = "str | TextSource"


def pieces(source: Text) -> Iterator[str]:
    """The pieces, as the text arrives."""
    printed = Printed()
    for arrived in [source] if isinstance(source, str) else source:
        yield from _cut(printed.show(arrived))
    yield from _cut(printed.rest())


def _cut(text: str) -> Iterator[str]:
    for start in range(0, len(text), PIECE_CHARS):
        yield text[start : start + PIECE_CHARS]
