"""What Word documents, OpenDocument texts and rich texts have besides plain paragraphs."""

from __future__ import annotations

import io
import zipfile

import pytest

from reader.documents import docx, odt, rtf
from reader.documents.document import TITLE

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)
_GREEK = "αβγδ Ω≤∞"


def word(body: str) -> list[str]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>")
    return [block.text for block in docx.parse(file.getvalue()) if block.level != TITLE]


def open_document(styles: str, body: str) -> list[str]:
    text = (
        f"<office:document-content {_ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return [block.text for block in odt.parse(text.encode()) if block.level != TITLE]


def rich(text: str) -> list[str]:
    return [block.text for block in rtf.parse(text.encode("ascii")) if block.level != TITLE]


@pytest.mark.parametrize("kind", ["drop", "margin"])
def test_a_large_first_letter_belongs_to_its_word(kind: str) -> None:
    assert word(
        f'<w:p><w:pPr><w:framePr w:dropCap="{kind}"/></w:pPr><w:r><w:t>O</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>nce upon a time.</w:t></w:r></w:p><w:p><w:r><w:t>Then.</w:t></w:r></w:p>"
    ) == ["Once upon a time.", "Then."]
    assert rich(r"{\rtf1{\pard\dropcapli3\dropcapt1 O\par}\pard nce upon a time.\par Then.}") == [
        "Once upon a time.",
        "Then.",
    ]


def test_a_large_first_letter_without_a_word_is_read() -> None:
    assert word('<w:p><w:pPr><w:framePr w:dropCap="drop"/></w:pPr><w:r><w:t>O</w:t></w:r></w:p>') == ["O"]


def test_letters_of_the_typeface_symbol_are_read() -> None:
    private = "".join(chr(0xF000 + code) for code in b"abgd W\xa3\xa5")
    assert word(
        f'<w:p><w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>{private}</w:t></w:r><w:r><w:t>.</w:t></w:r></w:p>'
    ) == [f"{_GREEK}."]
    signs = "".join(f'<w:sym w:font="Symbol" w:char="F0{code:02X}"/>' for code in b"abgd W\xa3\xa5")
    assert word(f"<w:p><w:r>{signs}</w:r></w:p>") == [_GREEK]
    fonts = r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset2 Symbol;}{\f2\fcharset2 Wingdings;}}"
    assert rich(rf"{{\rtf1{fonts}\f1 abgd W\'a3\'a5\f0 .}}") == [f"{_GREEK}."]
    assert rich(rf"{{\rtf1{fonts}{{\f1 \u61537 ?\u61538 ?}} and {{\f2 \u61537 ?a}}b}}") == ["αβ and b"]
    field = r'{\field{\*\fldinst SYMBOL 97 \\f "Symbol" \\s 12}{\fldrslt\f1\fs24}}'
    assert rich(rf"{{\rtf1{fonts}{field} rays}}") == ["α rays"]


def test_a_bullet_that_looks_like_a_letter_is_none() -> None:
    assert rich(r"{\rtf1{\listtext\f2 o\tab}Second.\par{\listtext 1.\tab}O.}") == ["◦ Second.", "1. O."]


def test_other_fields_show_their_result_alone() -> None:
    assert rich(r'{\rtf1 See {\field{\*\fldinst HYPERLINK "SYMBOL"}{\fldrslt the page}}.}') == ["See the page."]


def test_what_an_open_document_hides_is_not_read() -> None:
    styles = (
        '<style:style style:name="P1" style:family="paragraph"><style:text-properties text:display="none"/>'
        '</style:style><style:style style:name="P2" style:parent-style-name="P1"/>'
        '<style:style style:name="P3" style:parent-style-name="P1"><style:text-properties text:display="true"/>'
        "</style:style>"
    )
    assert open_document(
        styles,
        '<text:p text:style-name="P1">Hidden</text:p><text:p text:style-name="P2">So is <text:span>this</text:span>'
        '</text:p><text:p text:style-name="P3">Shown</text:p><text:section text:display="none"><text:p>Secret</text:p>'
        '</text:section><text:section><text:p>Open <text:span text:style-name="P1">not this</text:span></text:p>'
        "</text:section>",
    ) == ["Shown", "Open"]
