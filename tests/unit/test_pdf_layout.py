"""What becomes of the lines on a PDF's pages."""

from __future__ import annotations

from itertools import pairwise

import pytest

from reader.documents.document import PARAGRAPH, Block
from reader.documents.pdf_layout import Layout, joined
from reader.documents.pdf_page import Line, Page

WIDTH, HEIGHT = 600.0, 800.0
LETTER = 5.0
FULL = "and so the text goes on to fill a line of it with words, which is"  # as wide as the column


def line(text: str, top: float, *, left: float = 100.0, size: float = 10.0, is_bold: bool = False) -> Line:
    return Line(text, left, left + LETTER * size / 10 * len(text), top, top + size, size, is_bold)


def column(*texts: str, top: float = 100.0, left: float = 100.0, size: float = 10.0) -> list[Line]:
    """Lines at the usual distance."""
    return [line(text, top + n * 1.2 * size, left=left, size=size) for n, text in enumerate(texts)]


def pages(*all_lines: list[Line]) -> list[Page]:
    return [Page(n + 1, WIDTH, HEIGHT, lines) for n, lines in enumerate(all_lines)]


def read(*all_lines: list[Line]) -> list[Block]:
    layout = Layout()
    found = [block for page in pages(*all_lines) for block in layout.add(page)]
    return [block for block in [*found, *layout.end()] if block.text]


def texts(*all_lines: list[Line]) -> list[str]:
    return [block.text for block in read(*all_lines)]


@pytest.mark.parametrize(
    ("text", "following", "whole"),
    [
        ("impor\u00ad", "tant", "important"),
        ("impor-", "tant", "important"),
        ("Jean-", "Paul", "Jean-Paul"),
        ("one", "two", "one two"),
        ("1990-", "1995", "1990- 1995"),
        ("漢字", "漢字", "漢字漢字"),
        ("Größen\u00ad", "änderung", "Größenänderung"),
    ],
)
def test_lines_become_one(text: str, following: str, whole: str) -> None:
    assert joined(text, following) == whole


def test_a_paragraph_ends_where_there_is_room_or_an_indent_or_a_distance() -> None:
    first = column(FULL, FULL, "it ends.", FULL, "over.")
    assert texts(first) == [f"{FULL} {FULL} it ends.", f"{FULL} over."]
    indented = [*column(FULL, FULL), line("Next " + FULL[5:], 124, left=115), *column(FULL, top=136)]
    assert texts(indented) == [f"{FULL} {FULL}", f"Next {FULL[5:]} {FULL}"]
    apart = [*column(FULL, FULL), *column(FULL, FULL, top=135)]
    assert texts(apart) == [f"{FULL} {FULL}"] * 2


def test_items_are_paragraphs_and_hang() -> None:
    lines = [line("1. " + FULL, 100), line("Second line of it.", 112, left=115), line("2. Another", 124)]
    assert texts(lines) == [f"1. {FULL} Second line of it.", "2. Another"]


def test_short_lines_that_were_meant_stay_lines() -> None:
    assert texts(
        [*column("roses are red,", "violets are blue,", "and so on"), *column(FULL, FULL, FULL, FULL, top=160)]
    )[0] == ("roses are red,\nviolets are blue,\nand so on")


@pytest.mark.parametrize(("size", "level"), [(18.0, 1), (14.0, 2), (11.5, 3), (10.0, PARAGRAPH)])
def test_headings_by_their_size(size: float, level: int) -> None:
    lines = [line("A heading", 60, size=size), *column(FULL, FULL, FULL)]
    assert read(lines)[0] == Block("A heading", level)


def test_a_bold_line_is_a_heading_and_a_bold_sentence_is_none() -> None:
    lines = [line("A heading", 60, is_bold=True), line("It is bold.", 80, is_bold=True), *column(*[FULL] * 5)]
    assert [block.level for block in read(lines)] == [4, PARAGRAPH, PARAGRAPH]


def book(heads: list[str], feet: list[str]) -> list[list[Line]]:
    """A page for each, whose paragraphs go on."""
    return [
        [line(head, 40), *column(*[f"{letter} {FULL}"] * 30), line(foot, 770, left=300)]
        for head, foot, letter in zip(heads, feet, "abcdef", strict=True)
    ]


@pytest.mark.parametrize(
    ("heads", "feet"),
    [
        (["A book"] * 6, [str(n) for n in range(1, 7)]),
        (["A book", "By nobody"] * 3, [f"Page {n} of 6" for n in range(1, 7)]),
        ([f"{n}  Chapter {n // 4}" for n in range(20, 26)], ["v", "vi", "vii", "viii", "ix", "x"]),
        (["Chapter one", "Chapter one", "Chapter two", "Chapter two", "Chapter two", "Chapter two"], ["- 7 -"] * 6),
    ],
)
def test_running_heads_and_numbers_are_not_read(heads: list[str], feet: list[str]) -> None:
    (text,) = texts(*book(heads, feet))
    assert text == " ".join(f"{letter} {FULL}" for letter in "abcdef" for _ in range(30))


def test_what_is_at_the_same_place_by_chance_is_read() -> None:
    first = [*column(*[FULL] * 30, top=40)]
    second = [line("Another beginning, of other words, stands here. It is", 40), *column(*[FULL] * 29, top=52)]
    assert "Another beginning" in " ".join(texts(first, second))


def test_large_lines_at_the_top_of_each_page_are_headings() -> None:
    slides = [[line("Results", 40, size=20.0), *column(FULL, FULL, "end.")] for _ in range(3)]
    assert texts(*slides).count("Results") == 3


def test_a_sentence_goes_on_behind_the_notes_of_its_page() -> None:
    first = [*column(*[FULL] * 20), *column("1 A note.", "2 Another.", top=600, size=8.0)]
    second = column("goes on.", *[FULL] * 5)
    found = texts(first, second)
    assert found[0].endswith("which is goes on.")
    assert found[1:3] == ["1 A note.", "2 Another."]


def test_columns_are_read_one_after_the_other() -> None:
    half = FULL[:40]
    left, right = column(*[half] * 20, left=50), column(*[half] * 20, left=320)
    (text,) = texts([*left, *right])
    assert text == " ".join([half] * 40)


def test_no_letter_is_lost_whatever_is_where() -> None:
    places = [(n * 37 % 500, n * 91 % 700, 6 + n % 13) for n in range(200)]
    lines = [line(f"w{n}", y, left=x, size=float(size)) for n, (x, y, size) in enumerate(places)]
    words = " ".join(texts(lines)).split()
    assert sorted(words) == sorted(f"w{n}" for n in range(200))
    assert all(one != other for one, other in pairwise(words))
