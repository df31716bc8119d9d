"""Reads XML as a series of events, so that a large document never becomes a tree in memory, and depth is no danger.

This is the standard library's expat, but refuses what could be used for attacks: a document's own entities, which can
expand endlessly or refer to other files. (defusedxml does the same, around the same parser, for trees.)
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple
from xml.parsers import expat

from reader.documents.refusals import Refusal, UnreadableError

_PIECE_BYTES = 1 << 16


class Is(Enum):
    """What an event is about."""

    START = auto()
    END = auto()
    TEXT = auto()


class XmlEvent(NamedTuple):
    """`name` is the element's; it and the names of `attributes` are without namespace. `text` is for TEXT."""

    what: Is
    name: str = ""
    attributes: dict[str, str] = {}  # noqa: RUF012 - never changed
    text: str = ""


def events(data: bytes) -> Iterator[XmlEvent]:
    """Yield the events, in order. Raises UnreadableError where it stops being XML."""
    found: list[XmlEvent] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append(XmlEvent(Is.START, _local(name), {_local(key): value for key, value in attributes.items()}))

    def refuse(*_declared: object) -> None:
        raise UnreadableError(Refusal.DAMAGED)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: found.append(XmlEvent(Is.END, _local(name)))
    parser.CharacterDataHandler = lambda text: found.append(XmlEvent(Is.TEXT, text=text))
    parser.EntityDeclHandler = refuse
    try:
        for at in range(0, len(data), _PIECE_BYTES):
            parser.Parse(data[at : at + _PIECE_BYTES], False)
            yield from found
            found.clear()
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        yield from found
        raise UnreadableError(Refusal.DAMAGED) from error


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
