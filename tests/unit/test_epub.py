"""E-books as other programs make them."""

from __future__ import annotations

import io
import zipfile

from reader.documents import epub
from reader.documents.document import TITLE

_TEXT = "It was a dark and stormy night, and the rain fell in torrents."


def book(manifest: str, spine: str, files: dict[str, str]) -> list[str]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("b.opf", f"<package><manifest>{manifest}</manifest><spine>{spine}</spine></package>")
        for name, text in files.items():
            archive.writestr(name, text)
    return [block.text for block in epub.parse(file.getvalue()) if block.level != TITLE]


def page(name: str, href: str = "") -> str:
    return f'<item id="{name}" href="{href or name}" media-type="application/xhtml+xml"/>'


def test_a_chapter_that_is_named_once_for_each_of_its_sections_is_read_once() -> None:
    manifest = page("a.xhtml") + page("a1", "a.xhtml#one") + page("b.xhtml") + page("a2", "a.xhtml#two")
    spine = "".join(f'<itemref idref="{name}"/>' for name in ("a.xhtml", "a1", "a2", "b.xhtml"))
    files = {"a.xhtml": "<p>First.</p><p id='one'>One.</p><p id='two'>Two.</p>", "b.xhtml": "<p>Second.</p>"}
    assert book(manifest, spine, files) == ["First.", "One.", "Two.", "Second."]


def test_links_from_page_to_page_are_left_out_and_other_lists_are_not() -> None:
    bar = '<div class="related"><h3>Navigation</h3><ul><li><a href="b">to the next chapter</a></li></ul></div>'
    text = f"{bar}<p>{_TEXT}</p><aside>A note.</aside><ul class='links'><li><a href='c'>A source</a></li></ul>{bar}"
    assert book(page("a"), '<itemref idref="a"/>', {"a": text}) == [_TEXT, "A note.", "A source"]
    role = f"<div role='navigation'>Pages: <a href='b'>2</a></div><p>{_TEXT}</p>"
    assert book(page("a"), '<itemref idref="a"/>', {"a": role}) == [_TEXT]
    named = f"<div class='related'><p>{_TEXT}</p></div>"
    assert book(page("a"), '<itemref idref="a"/>', {"a": named}) == [_TEXT]
