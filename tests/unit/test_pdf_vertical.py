"""Vertical writing in PDFs."""

from __future__ import annotations

from reader.documents import pdf
from reader.documents.document import TITLE
from reader.documents.pdf_page import Line
from reader.documents.pdf_vertical import columns, in_order


def document(*lines: tuple[int, int, str]) -> bytes:
    """Lines that go down from these places, in a typeface that is not in the document."""
    parts = b"".join(
        b"1 0 0 1 %d %d Tm <%s> Tj " % (left, bottom, text.encode("shift_jis").hex().encode())
        for left, bottom, text in lines
    )
    content = b"BT /F 10 Tf " + parts + b"ET"
    font = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Mincho/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type0/BaseFont/Mincho-V/Encoding/90ms-RKSJ-V/DescendantFonts[6 0 R]>>",
        font + b"/Supplement 2>>/DW 1000/FontDescriptor 7 0 R>>",
        b"<</Type/FontDescriptor/FontName/Mincho/Flags 4/Ascent 880/Descent -120/CapHeight 700/StemV 80"
        b"/ItalicAngle 0/FontBBox[0 -120 1000 880]>>",
    ]
    numbered = [b"%d 0 obj%s endobj\n" % (n + 1, one) for n, one in enumerate(objects)]
    return b"%PDF-1.4\n" + b"".join(numbered) + b"trailer<</Root 1 0 R/Size 8>>\n%%EOF\n"


def test_lines_that_go_down_are_all_read_from_the_right() -> None:
    first, second, third = "わたくしといふ現象は", "假定された有機交流電燈の", "ひとつの青い照明です"
    found = [block.text for block in pdf.parse(document((500, 700, first), (480, 700, second), (460, 700, third)))]
    assert "".join(found) == first + second + third


def test_a_paragraph_begins_with_a_space() -> None:
    lines = (500, 700, "わたくしといふ現象は"), (480, 700, "\u3000これらは二十二箇月の"), (460, 700, "過去とかんずる")
    found = [block.text for block in pdf.parse(document(*lines)) if block.level != TITLE]
    assert found == ["わたくしといふ現象は", "これらは二十二箇月の過去とかんずる"]


def test_a_line_from_left_to_right_is_one() -> None:
    boxes = {at: (at * 10.0, at * 10 + 9.0, 100.0, 110.0) for at in range(5)}
    assert columns(list(range(5)), boxes) == [slice(5)]
    assert columns([], {}) == [slice(0)]


def test_the_lines_of_other_pages_stay_in_their_order() -> None:
    lines = [Line("the right column", 300, 400, 100, 110, 10), Line("the left one", 100, 200, 100, 110, 10)]
    assert in_order(lines) == lines
