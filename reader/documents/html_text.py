"""The text of a part of a web page, as paragraphs and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reader.documents.document import PARAGRAPH, Block, names, row
from reader.documents.html_tree import Element

UNSEEN = names(
    "applet audio button canvas datalist embed frame frameset head iframe input map meter noframes noscript object "
    "progress rp rt script select style svg template textarea title video"
)
BLOCKS = names(
    "address article aside blockquote body center details dd dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table caption tbody "
    "thead tfoot tr ul"
)
_HEADING = re.compile(r"h([1-6])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_DIGITS = re.compile(r"[0-9+\-=()]{1,4}")
_PERMALINK = re.compile(r"[¶#§🔗]")


def is_hidden(element: Element) -> bool:
    """Whether a browser shows nothing of it, or only a control."""
    attributes = element.attributes
    return (
        element.tag in UNSEEN
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or "pagebreak" in attributes.get("epub:type", "")
        or attributes.get("role") in ("doc-pagebreak", "doc-backlink")
        or bool(_HIDDEN.search(attributes.get("style", "")))
    )


def blocks(root: Element, left_out: frozenset[int] = frozenset()) -> Iterator[Block]:
    """Its content, in order. `left_out` has the ids of elements to skip."""
    return _Flow(left_out).run(root)


class _Flow:
    def __init__(self, left_out: frozenset[int]) -> None:
        self._left_out = left_out
        self._line: list[str] = []
        self._level = PARAGRAPH
        self._label = ""  # an item's label, until its text comes

    def run(self, root: Element) -> Iterator[Block]:
        yield from self._inside(root)
        yield from self._end()

    def _end(self) -> Iterator[Block]:
        """End the paragraph."""
        text = "".join(self._line).strip()
        self._line = []
        if text:
            label, self._label = self._label, ""
            yield Block(label + text, self._level)

    def _inside(self, element: Element) -> Iterator[Block]:
        number = _number(element.attributes.get("start", "1"))
        for child in element.children:
            if isinstance(child, str):
                self._line.append(child if element.tag == "pre" else _SPACE.sub(" ", child))
            elif id(child) in self._left_out or is_hidden(child):
                continue
            elif child.tag in BLOCKS:
                yield from self._end()
                if child.tag == "li" and element.tag == "ol":
                    number = _number(child.attributes.get("value", str(number)))
                    self._label = f"{number}. "
                    number += 1
                yield from self._block(child)
            else:
                yield from self._inline(child)

    def _block(self, element: Element) -> Iterator[Block]:
        if found := _HEADING.fullmatch(element.tag):
            self._level = int(found[1])
        if element.tag == "pre":
            self._line.append(_verbatim(element, self._left_out))
        elif element.tag == "tr" and not any(child.tag in BLOCKS for cell in element for child in cell.all()):
            self._line.append(self._row(element))
        else:
            yield from self._inside(element)
        yield from self._end()
        if found:
            self._level = PARAGRAPH
        if element.tag == "li":
            self._label = ""

    def _row(self, element: Element) -> str:
        cells = []
        for cell in element:
            flow = _Flow(self._left_out)
            text = " ".join(block.text for block in flow.run(cell))
            if text and not is_hidden(cell) and id(cell) not in self._left_out:
                cells.append(text)
        return row(cells)

    def _inline(self, element: Element) -> Iterator[Block]:
        """Handle an element within a line. On some pages, links contain blocks."""
        match element.tag:
            case "br":
                self._line.append("\n")
            case "img":
                if name := element.attributes.get("alt", "").strip():
                    self._line.append(f" {name} ")
            case "math":
                self._line.append(f" {element.attributes.get('alttext') or words(element)} ")
            case "sup" | "sub":
                text = words(element)
                if _DIGITS.fullmatch(text):
                    self._line.append(text.translate(_RAISED if element.tag == "sup" else _LOWERED))
                else:
                    yield from self._inside(element)
            case "td" | "th":
                yield from self._end()
                yield from self._inside(element)
                yield from self._end()
            case _:
                if element.tag != "a" or not _PERMALINK.fullmatch(words(element)):
                    yield from self._inside(element)


def words(element: Element) -> str:
    """All its text, in one line."""
    found: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            found.append(item)
        elif item is element or not (item.tag in UNSEEN or item.tag.startswith("annotation")):
            waiting += reversed(item.children)
    return " ".join("".join(found).split())


def _verbatim(element: Element, left_out: frozenset[int]) -> str:
    """Its text as it is, with the line breaks."""
    parts: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            parts.append(item)
        elif item.tag == "br":
            parts.append("\n")
        elif item is element or not (is_hidden(item) or id(item) in left_out):
            waiting += reversed(item.children)
    return "".join(parts)


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"-?[0-9]{1,6}", text.strip()) else 1
