"""What a document is made of, once it is read: paragraphs and headings, in order. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# Levels of blocks that are no headings. Those of headings are 1 to 6, the first being the largest.
TITLE, PARAGRAPH = -1, 0
LOWEST = 6
_ENDED = re.compile(r"[.,;:!?…]\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, or the document's title, which is not part of its text.

    Line ends in a paragraph are meant: verse, a table's rows.
    """

    text: str
    level: int = PARAGRAPH


@dataclass(frozen=True, slots=True)
class Heading:
    """One in a text, and where it begins there."""

    text: str
    level: int
    start_chars: int


def chapters(headings: Sequence[Heading]) -> list[Heading]:
    """Chapter headings: the highest level that occurs more than once, and those above. Empty if none does."""
    levels = [heading.level for heading in headings]
    highest = min((level for level in levels if levels.count(level) > 1), default=PARAGRAPH)
    return [heading for heading in headings if heading.level <= highest]


def names(text: str) -> frozenset[str]:
    """Those in a list with spaces between them."""
    return frozenset(text.split())


def row(cells: list[str]) -> str:
    """A row of a table as one line: a comma between cells, unless there is another sign."""
    texts = [" ".join(cell.split()) for cell in cells]
    return " ".join(
        text if n + 1 == len(texts) or _ENDED.search(text) else f"{text}," for n, text in enumerate(texts) if text
    )


def tidied(blocks: Iterable[Block]) -> Iterator[Block]:
    """Without white space that means nothing, and without what is empty."""
    for block in blocks:
        lines = (" ".join(line.split()) for line in block.text.replace("\x0c", "\n").splitlines())
        text = "\n".join(filter(None, lines))
        if text:
            yield Block(text if block.level == PARAGRAPH else text.replace("\n", " "), block.level)
