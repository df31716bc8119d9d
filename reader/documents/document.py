"""What a document is made of, once it is read: paragraphs and headings, in order. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

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
class Chapter:
    """What stands between two headings of the highest level. What stands before the first has no title."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole one. Without headings it has one chapter; `title` is "" where it has none."""

    title: str
    chapters: tuple[Chapter, ...]

    @property
    def text(self) -> str:
        """All of it, with headings."""
        return "\n\n".join(part for chapter in self.chapters for part in (chapter.title, chapter.text) if part)


@dataclass(slots=True)
class _Begun:
    title: str
    parts: list[str] = field(default_factory=list)


def gathered(blocks: Iterable[Block]) -> Document:
    """The document that has these blocks."""
    found = list(blocks)
    title = next((block.text for block in found if block.level == TITLE), "")
    levels = [block.level for block in found if block.level > PARAGRAPH]
    highest = min((level for level in levels if levels.count(level) > 1), default=min(levels, default=0))
    chapters = [_Begun("")]
    for block in found:
        if PARAGRAPH < block.level <= highest:
            chapters.append(_Begun(block.text))
        elif block.level != TITLE:
            chapters[-1].parts.append(block.text)
    return Document(
        title, tuple(Chapter(one.title, "\n\n".join(one.parts)) for one in chapters if one.title or one.parts)
    )


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
