"""What a document consists of, once it is read: paragraphs and headings, in order. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# Levels of blocks that are not headings. Headings have levels 1 to 6; 1 is the highest.
TITLE, PARAGRAPH = -1, 0
LOWEST = 6
_ENDED = re.compile(r"[.,;:!?…]\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, or the document's title, which is not part of its text.

    Line breaks in a paragraph are intended: verse, rows of a table.
    """

    text: str
    level: int = PARAGRAPH


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, and where it begins in the text."""

    text: str
    level: int
    start_chars: int


def chapters(headings: Sequence[Heading]) -> list[Heading]:
    """Chapter headings: those of the highest level that occurs more than once, and above. Empty if there is none."""
    levels = [heading.level for heading in headings]
    highest = min((level for level in levels if levels.count(level) > 1), default=PARAGRAPH)
    return [heading for heading in headings if heading.level <= highest]


def names(text: str) -> frozenset[str]:
    """The names in a space-separated list."""
    return frozenset(text.split())


def row(cells: list[str]) -> str:
    """A table row as one line, with a comma between cells unless there is other punctuation."""
    texts = [" ".join(cell.split()) for cell in cells]
    return " ".join(
        text if n + 1 == len(texts) or _ENDED.search(text) else f"{text}," for n, text in enumerate(texts) if text
    )


def tidied(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks without meaningless white space, and without empty ones."""
    for block in blocks:
        lines = (" ".join(line.split()) for line in block.text.replace("\x0c", "\n").splitlines())
        text = "\n".join(filter(None, lines))
        if text:
            yield Block(text if block.level == PARAGRAPH else text.replace("\n", " "), block.level)
