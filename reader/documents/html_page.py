"""Web pages: extracts the article, without the page's furniture.

It has its own rules instead of trafilatura (with lxml, courlan, htmldate, babel and dateparser some 40 MB) or
readability-lxml. Both guess the article by scores and silently leave out the rest, so that pages other than news lose
words. Here, only what declares itself to be furniture is dropped: by its element, role or class, and only as long as
most of the text remains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reader.documents.decoding import Decoder
from reader.documents.document import PARAGRAPH, TITLE, Block, names, tidied
from reader.documents.encodings import decoded
from reader.documents.html_text import UNSEEN, blocks, is_hidden, words
from reader.documents.html_tree import Element, tree

_FURNITURE_TAGS = frozenset(("nav", "aside", "footer", "dialog", "menu"))
_FURNITURE_ROLES = names(
    "alert alertdialog banner complementary contentinfo dialog form menu menubar navigation search tablist toolbar "
    "tooltip"
)
# Names of classes and ids, or parts of them between hyphens, of what is always furniture; and of what is furniture only
# if it consists of links.
_FURNITURE_NAMES = names(
    "breadcrumb breadcrumbs cookie cookies cookiebanner footer navbar navfooter navheader navigation navpath "
    "newsletter pagination share sharing sidebar skip skiplink social sphinxsidebar subscribe topnav bottomnav advert "
    "advertisement ads related promo printfooter catlinks toolbar editsection jumplink noprint headerlink"
)
_LINKS_NAMES = names("header nav menu top bottom tabs related pager links tags nav-panel")
_NAME = re.compile(r"[a-z]+", re.I)
# Of these, the names of navigation bars, which books have too if their pages were made for the web.
_BAR_NAMES = names("related navigation navbar navheader navfooter topnav bottomnav breadcrumb breadcrumbs")
# A part consists of links if they make up this share of its text.
_LINKS_SHARE = 0.6
# An article must have at least this share of the page's text, or there is none.
_ARTICLE_SHARE = 0.3
# At least this share of the text must remain without furniture, or the furniture was the text.
_LEFT_SHARE = 0.35
_FORM_CHARS = 400
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.I)


def parse(data: bytes) -> Iterator[Block]:
    """The page's title, and its article."""
    return of_text(characters(data))


def of_text(text: str) -> Iterator[Block]:
    """The same for a page that is already decoded."""
    return tidied(_parts(text))


def characters(data: bytes) -> str:
    """Decode a page in the encoding it declares, if that fits, or else in the one detected."""
    if (declared := _DECLARED.search(data[:4096])) and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = declared[1].decode("ascii")
        # If the tag can be read at all, the page is in no encoding with two bytes per character, whatever it says.
        text = decoded(data, "utf-8" if name.lower().startswith("utf-16") else name)
        if text is not None:
            return text
    return Decoder().decode(data, is_last=True)


def bars(root: Element) -> frozenset[int]:
    """The ids of the navigation bars of a page in a book. What else is furniture on the web is text there."""
    sizes = _Sizes(root)
    return frozenset(
        id(element)
        for element in root.all()
        if element.attributes.get("role") == "navigation" or (_named(element) & _BAR_NAMES and sizes.are_links(element))
    )


def _parts(text: str) -> Iterator[Block]:
    root = tree(text)
    every = list(root.all())
    titles = (words(element) for element in every if element.tag == "title")
    yield Block(next(filter(None, titles), ""), TITLE)
    sizes = _Sizes(root)
    article = _article(every, sizes)
    if article.tag != "" and not any(element.tag == "h1" for element in article.all()):
        heading = next((element for element in every if element.tag == "h1" and not is_hidden(element)), None)
        if heading:
            yield Block(words(heading), 1)
    found = list(blocks(article, _furniture(article, sizes)))
    is_read = any(block.level == PARAGRAPH for block in found)
    yield from found if is_read else blocks(article)  # the page is a list of links


class _Sizes:
    """How many characters of text each element has, and how many of them are links; each is measured once."""

    def __init__(self, root: Element) -> None:
        self._found: dict[int, tuple[int, int]] = {}
        self._measure(root, is_link=False)

    def _measure(self, element: Element, *, is_link: bool) -> tuple[int, int]:
        is_link = is_link or (element.tag == "a" and "href" in element.attributes)
        text = links = 0
        if element.tag not in UNSEEN:
            for child in element.children:
                if isinstance(child, str):
                    size = len(child.strip())
                    text, links = text + size, links + (size if is_link else 0)
                else:
                    more, more_links = self._measure(child, is_link=is_link)
                    text, links = text + more, links + more_links
        self._found[id(element)] = text, links
        return text, links

    def of(self, element: Element) -> int:
        """The amount of its text, 0 if it is not shown."""
        return self._found.get(id(element), (0, 0))[0]

    def are_links(self, element: Element) -> bool:
        """Whether it consists of links."""
        text, links = self._found.get(id(element), (0, 0))
        return links > 0 and links >= _LINKS_SHARE * text


def _article(every: list[Element], sizes: _Sizes) -> Element:
    """The part of the page marked as the article, or all of it."""
    mains = [element for element in every if element.tag == "main" or element.attributes.get("role") == "main"]
    articles = [element for element in every if element.tag == "article"]
    for found in (mains, articles):
        longest = max(found, key=sizes.of, default=None)
        if longest and sizes.of(longest) >= _ARTICLE_SHARE * sizes.of(every[0]):
            return longest
    return every[0]


def _furniture(article: Element, sizes: _Sizes) -> frozenset[int]:
    """The ids of the article's elements that are furniture."""
    found: list[Element] = []
    waiting = list(article)
    while waiting:
        element = waiting.pop()
        if _is_furniture(element, sizes):
            found.append(element)
        elif not is_hidden(element):
            waiting += element
    kept: list[Element] = []
    left = whole = sizes.of(article)
    for element in sorted(found, key=sizes.of):
        left -= sizes.of(element)
        if left < _LEFT_SHARE * whole and not sizes.are_links(element):
            break
        kept.append(element)
    return frozenset(map(id, kept))


def _is_furniture(element: Element, sizes: _Sizes) -> bool:
    if element.tag in ("body", "main", "article", "html", "h1"):
        return False
    if element.tag == "form":  # some systems put the whole page in a form
        return sizes.of(element) < _FORM_CHARS or sizes.are_links(element)
    if element.tag in _FURNITURE_TAGS or element.attributes.get("role", "") in _FURNITURE_ROLES:
        return True
    found = _named(element)
    if found & _FURNITURE_NAMES:
        return True
    return (element.tag == "header" or bool(found & _LINKS_NAMES)) and sizes.are_links(element)


def _named(element: Element) -> set[str]:
    """Its classes and ids, and the words they consist of."""
    named = f"{element.attributes.get('class', '')} {element.attributes.get('id', '')}".lower()
    return {*named.split(), *_NAME.findall(named)}
