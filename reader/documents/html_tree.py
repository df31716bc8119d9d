"""Parses HTML and XHTML into a tree, as far as the text of a page requires.

It uses the standard library's parser rather than lxml, html5lib or Lexbor, because pages are untrusted and this is not
C code that bytes could crash. It copes with any errors and with XHTML's empty elements, and parses 1 MB in 2 s.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from reader.documents.document import names

# The deepest nesting; elements nested deeper become children of the last.
_DEEPEST = 150
_VOID = names("area base br col embed hr img input link meta param source track wbr")
# Which unclosed elements a start tag ends, and the element at which to stop looking for them.
_ENDS = {
    **dict.fromkeys(("li",), (("li",), ("ul", "ol", "menu"))),
    **dict.fromkeys(("dt", "dd"), (("dt", "dd"), ("dl",))),
    **dict.fromkeys(("td", "th"), (("td", "th"), ("table",))),
    "tr": (("tr",), ("table",)),
    **dict.fromkeys(("tbody", "thead", "tfoot"), (("tbody", "thead", "tfoot"), ("table",))),
    "option": (("option",), ("select",)),
}
_ENDS_PARAGRAPH = names(
    "address article aside blockquote center details dialog dd dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main menu nav ol p pre section summary table td th tr ul"
)


class Element:
    """An element of the tree. `attributes` have lower-case names."""

    __slots__ = ("attributes", "children", "tag")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []

    def __iter__(self) -> Iterator[Element]:
        """The elements directly in it."""
        return (child for child in self.children if isinstance(child, Element))

    def all(self) -> Iterator[Element]:
        """The element and all its descendants, in order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += reversed(list(element))


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ENDS_PARAGRAPH:
            self._close(("p",), ("table", "td", "th", "button", "object", "li", "div", "section", "article"))
        if tag in _ENDS:
            self._close(*_ENDS[tag])
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """XHTML's empty element. In HTML the slash means nothing, but hardly any page has it on other elements."""
        self.handle_starttag(tag, attrs)
        if self._open[-1].tag == tag and not self._open[-1].children:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("br", "p") and all(element.tag != tag for element in self._open):
            self._open[-1].children.append(Element("br", {}))
        self._close((tag,), ("table",) if tag not in ("table", "body", "html") else ())

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """The library raises AssertionError for unknown sections; browsers treat them as comments."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)

    def unknown_decl(self, data: str) -> None:
        if data.startswith("CDATA["):
            self.handle_data(data[6:])

    def _close(self, tags: tuple[str, ...], within: tuple[str, ...]) -> None:
        """End the innermost of `tags`, and everything in it, unless one of `within` is in between."""
        for depth in range(len(self._open) - 1, 0, -1):
            tag = self._open[depth].tag
            if tag in tags:
                del self._open[depth:]
                return
            if tag in within:
                return


def tree(text: str) -> Element:
    """Return the root, which has no tag. Never raises for malformed pages."""
    builder = _Builder()
    builder.feed(text)
    builder.close()
    return builder.root
