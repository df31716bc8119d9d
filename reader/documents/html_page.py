"""Web pages: the article, without the page's furniture.

Rules of our own instead of trafilatura (with lxml, courlan, htmldate, babel and dateparser some 40 MB) or
readability-lxml: both guess by scores which part is the article and leave out the rest unheard, so that words are lost
in pages that are no news. Here only what says of itself that it is furniture goes: by its element, role or class, and
only while most of the text remains.
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
# Names of classes and ids, whole or as a part between hyphens, of what is furniture wherever it is; and of what is if
# it is made of links.
_FURNITURE_NAMES = names(
    "breadcrumb breadcrumbs cookie cookies cookiebanner footer navbar navfooter navheader navigation navpath "
    "newsletter pagination share sharing sidebar skip skiplink social sphinxsidebar subscribe topnav bottomnav advert "
    "advertisement ads related promo printfooter catlinks toolbar editsection jumplink noprint headerlink"
)
_LINKS_NAMES = names("header nav menu top bottom tabs related pager links tags nav-panel")
_NAME = re.compile(r"[a-z]+", re.I)
# Of these, those that lead through a book whose pages were made for the web, too.
_BAR_NAMES = names("related navigation navbar navheader navfooter topnav bottomnav breadcrumb breadcrumbs")
# So much of a part's text is in links where it leads elsewhere.
_LINKS_SHARE = 0.6
# What is taken for the article has this much of the page's text, else there is none.
_ARTICLE_SHARE = 0.3
# Text that is left without furniture, of all there is: less means that it was the text.
_LEFT_SHARE = 0.35
_FORM_CHARS = 400
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.I)


def parse(data: bytes) -> Iterator[Block]:
    """The page's title, and its article."""
    return of_text(characters(data))


def of_text(text: str) -> Iterator[Block]:
    """The same of a page that is decoded."""
    return tidied(_parts(text))


def characters(data: bytes) -> str:
    """What bytes of a page say, in the encoding that they are in or say of themselves to be in."""
    if (declared := _DECLARED.search(data[:4096])) and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = declared[1].decode("ascii")
        # Where the tag can be read at all, the page is in no encoding of two bytes a character, whatever it says.
        text = decoded(data, "utf-8" if name.lower().startswith("utf-16") else name)
        if text is not None:
            return text
    return Decoder().decode(data, is_last=True)


def bars(root: Element) -> frozenset[int]:
    """The ids of rows of links from page to page, of a page in a book. The other furniture of the web is text there."""
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
    yield from found if is_read else blocks(article)  # a page that is a list of links


class _Sizes:
    """How many characters an element's text has, and how many of them lead elsewhere, each looked at once."""

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
        """All of its text. 0 within what is not shown."""
        return self._found.get(id(element), (0, 0))[0]

    def are_links(self, element: Element) -> bool:
        """Whether it is made of links."""
        text, links = self._found.get(id(element), (0, 0))
        return links > 0 and links >= _LINKS_SHARE * text


def _article(every: list[Element], sizes: _Sizes) -> Element:
    """The part of the page that says that it is the article, or all of it."""
    mains = [element for element in every if element.tag == "main" or element.attributes.get("role") == "main"]
    articles = [element for element in every if element.tag == "article"]
    for found in (mains, articles):
        longest = max(found, key=sizes.of, default=None)
        if longest and sizes.of(longest) >= _ARTICLE_SHARE * sizes.of(every[0]):
            return longest
    return every[0]


def _furniture(article: Element, sizes: _Sizes) -> frozenset[int]:
    """The ids of the elements in it that are furniture."""
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
    if element.tag == "form":  # some systems have the whole page in one
        return sizes.of(element) < _FORM_CHARS or sizes.are_links(element)
    if element.tag in _FURNITURE_TAGS or element.attributes.get("role", "") in _FURNITURE_ROLES:
        return True
    found = _named(element)
    if found & _FURNITURE_NAMES:
        return True
    return (element.tag == "header" or bool(found & _LINKS_NAMES)) and sizes.are_links(element)


def _named(element: Element) -> set[str]:
    """Its classes and ids, and the words that they are made of."""
    named = f"{element.attributes.get('class', '')} {element.attributes.get('id', '')}".lower()
    return {*named.split(), *_NAME.findall(named)}
