"""Builds the guide: Markdown of docs/guide (English), docs/guide/de and docs/guide/ar into resources/help/<language>/.

    .venv/bin/python packaging/guide.py [FOLDER]

guide_facts.py fills in what the program knows itself. The pages' order is that of the links on the first page. The
HTML is plain enough for Qt's text browser, and asks for nothing from a network.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from guide_facts import ROOT, WORDS, Filling, GuideError
from markdown_it import MarkdownIt
from markdown_it.token import Token

SOURCES = ROOT / "docs" / "guide"
RIGHT_TO_LEFT = {"ar"}
STYLE = """\
:root { color-scheme: light dark; }
body { font-family: sans-serif; line-height: 1.5; max-width: 44em; margin: 1em auto; padding: 0 1em; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { border: 1px solid; padding: 4px 8px; vertical-align: top; }
th { text-align: left; text-align: start; }
tbody th { font-weight: normal; }
pre { overflow-x: auto; }
"""
PAGE = """\
<!DOCTYPE html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} – Harken</title>
<style>
{style}</style>
</head>
<body dir="{direction}">
{body}</body>
</html>
"""


class Page:
    """One page in one language."""

    def __init__(self, name: str, language: str) -> None:
        """`name` is that of its source, without the ending."""
        path = source_of(name, language)
        self.name = name
        self.language = language
        self.tokens = _markdown().parse(Filling(language).fill(path.read_text(encoding="utf-8"), path.name))
        self.headings = [
            (token, self.tokens[i + 1]) for i, token in enumerate(self.tokens) if token.type == "heading_open"
        ]
        self.title = _text_of(self.headings[0][1])

    def finish(self, ids: Sequence[str], before: Page | None, after: Page | None) -> str:
        """The page as HTML. `ids` are for the headings, the pages beside it for the links at its end."""
        for (heading, _), given in zip(self.headings, ids, strict=True):
            heading.attrSet("id", given)
        direction = "rtl" if self.language in RIGHT_TO_LEFT else "ltr"
        tokens = _listed(self.tokens) if direction == "rtl" else self.tokens
        _mark_rows(tokens)
        for token in _all(tokens):
            if token.type == "link_open":
                token.attrSet("href", re.sub(r"^([\w-]+)\.md\b", r"\1.html", str(token.attrGet("href"))))
            elif token.type in ("code_inline", "code_block", "fence"):
                token.attrSet("dir", "ltr")
        body = _markdown().renderer.render(tokens, _markdown().options, {})
        if direction == "rtl":
            body = _turn(body)
        return PAGE.format(
            language=self.language,
            direction=direction,
            title=html.escape(self.title),
            style=STYLE,
            body=body + self._around(before, after),
        )

    def ids(self) -> list[str]:
        """An id for each heading, made of its words."""
        return [_id(inline) for _, inline in self.headings]

    def _around(self, before: Page | None, after: Page | None) -> str:
        if self.name == "index":
            return ""
        words = WORDS[self.language]
        links = [("index", words["all"])]
        if before and before.name != "index":
            links.append((before.name, words["previous"].format(title=before.title)))
        if after:
            links.append((after.name, words["next"].format(title=after.title)))
        items = "".join(f'<li><a href="{name}.html">{html.escape(text)}</a></li>\n' for name, text in links)
        direction = ' dir="rtl"' if self.language in RIGHT_TO_LEFT else ""
        return f"<hr>\n<nav>\n<ul{direction}>\n{items.replace('<li>', f'<li{direction}>')}</ul>\n</nav>\n"


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or ())


def _text_of(inline: Token) -> str:
    return "".join(token.content for token in inline.children or () if token.type != "html_inline")


def _id(inline: Token) -> str:
    return re.sub(r"\W+", "-", _text_of(inline).lower()).strip("-")


def _mark_rows(tokens: Sequence[Token]) -> None:
    """Say of a table's heads what they are heads of: its columns, and in the first column its rows."""
    is_first = False
    for i, token in enumerate(tokens):
        if token.type == "tr_open":
            is_first = True
        elif token.type == "th_open":
            token.attrSet("scope", "col")
            is_first = False
        elif token.type == "td_open" and is_first:
            close = next(t for t in tokens[i:] if t.type == "td_close")
            token.tag = close.tag = "th"
            token.attrSet("scope", "row")
            is_first = False


def _listed(tokens: Sequence[Token]) -> list[Token]:
    """Tables as lists, an item a row: Qt's text browser shows a table's first column on the left in any language."""
    listed: list[Token] = []
    rows: list[list[Token]] = []
    for i, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(tokens[i + 1])
        elif token.type == "table_close":
            listed += [Token("bullet_list_open", "ul", 1)]
            listed += [part for row in rows[1:] for part in _item(rows[0], row)]
            listed += [Token("bullet_list_close", "ul", -1)]
            rows = []
        elif not rows and token.type not in ("table_open", "thead_open", "tbody_close"):
            listed.append(token)
    return listed


def _item(heads: Sequence[Token], row: Sequence[Token]) -> list[Token]:
    """A row as an item: its first cell, and each other one on a separate line after its heading."""
    first = row[0].children or []
    if not any(token.type == "strong_open" for token in first):
        first = [Token("strong_open", "strong", 1), *first, Token("strong_close", "strong", -1)]
    children = list(first)
    for head, cell in zip(heads[1:], row[1:], strict=True):
        children.append(Token("html_inline", "", 0, content="<br>"))
        if len(heads) > 2:
            children.append(Token("text", "", 0, content=f"{head.content}: "))
        children += cell.children or []
    item = [Token("list_item_open", "li", 1), Token("inline", "", 0, children=children)]
    return [*item, Token("list_item_close", "li", -1)]


def _turn(body: str) -> str:
    """Say the direction of every block that is not English: Qt's text browser does not take it from the page.

    A mark keeps the dashes of an option on its left.
    """
    parts = re.split(r'(<div lang="en".*?</div>)', body, flags=re.DOTALL)
    for i, part in enumerate(parts[::2]):
        turned = re.sub(r"<(p|h[1-6]|ul|ol|li|table|tr|th|td)(?=[ >])(?![^>]* dir=)", r'<\1 dir="rtl"', part)
        parts[2 * i] = re.sub(r"(<code[^>]*>)(?=-)", "\u200e\\1", turned)
    return "".join(parts)


def source_of(name: str, language: str) -> Path:
    """Where a page is written."""
    return (SOURCES if language == "en" else SOURCES / language) / f"{name}.md"


def order() -> list[str]:
    """The pages, as the first one lists them."""
    listed = re.findall(r"\]\(([\w-]+)\.md\)", source_of("index", "en").read_text(encoding="utf-8"))
    return list(dict.fromkeys(["index", *listed]))


def build(folder: Path) -> None:
    """Write all pages of all languages. Raises GuideError, and then nothing is written."""
    names = order()
    ids = {name: Page(name, "en").ids() for name in names}
    written = {}
    for language in WORDS:
        pages = [Page(name, language) for name in names if source_of(name, language).exists()]
        for before, page, after in zip([None, *pages], pages, [*pages[1:], None], strict=False):
            written[folder / language / f"{page.name}.html"] = page.finish(ids[page.name], before, after)
    for old in folder.rglob("*.html"):
        old.unlink()
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    try:
        build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "resources" / "help")
    except GuideError as error:
        sys.exit(f"guide: {error}")
