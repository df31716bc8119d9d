"""The word, the sentence and the paragraph in which the cursor is, in texts of many kinds."""

from __future__ import annotations

import pytest

from reader.text import around

MAIL = (
    "Dear Dr. Smith,\n\nthank you for the 3.5 million. It came at 10 a.m. on\nMonday, which is early, and "
    "nobody expected that! You\nask: “Really?” Yes.\n\n- a first item\n- a second one\n"
)


def at(text: str) -> tuple[str, int]:
    """A text and where “|” stands in it."""
    before, _, behind = text.partition("|")
    return before + behind, len(before)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("|one two", "one"),
        ("one| two", "one"),
        ("one |two", "two"),
        ("one t|wo", "two"),
        ("one two  |", "two"),
        ("one  |  two", "two"),
        ("(“Hel|lo,” she", "Hello"),
        ("it's don|'t-care.", "don't-care"),
        ("see https://a.exa|mple/x?y=1 now", "https://a.example/x?y=1"),
        ("a |--> b", "-->"),
        ("Grüße, |Öl!", "Öl"),
        ("שלום |עולם.", "עולם"),
        ("|", ""),
        ("  |  ", ""),
    ],
)
def test_the_word(text: str, expected: str) -> None:
    text, place = at(text)
    start, end = around.word(text, place)
    assert text[start:end] == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("Dear", "Dear Dr. Smith,"),
        ("Smith", "Dear Dr. Smith,"),
        ("million", "thank you for the 3.5 million."),
        ("It came", "It came at 10 a.m. on\nMonday, which is early, and nobody expected that!"),
        ("nobody", "It came at 10 a.m. on\nMonday, which is early, and nobody expected that!"),
        ("first item", "- a first item"),
        ("second", "- a second one"),
    ],
)
def test_the_sentence_is_the_one_that_is_read(where: str, expected: str) -> None:
    start, end = around.sentence(MAIL, MAIL.index(where), "", "en")
    assert MAIL[start:end].strip() == expected


def test_a_cursor_behind_a_sentence_means_it_and_before_one_the_other() -> None:
    text = "One is here. Two is there. Three is last."
    for place, expected in ((12, "One is here."), (13, "Two is there."), (len(text), "Three is last.")):
        start, end = around.sentence(text, place, "en", "en")
        assert text[start:end].strip() == expected


def test_the_language_decides_where_a_sentence_ends() -> None:
    text = "Am 3. Mai kam er. Dann ging er."
    start, end = around.sentence(text, 8, "de", "en")
    assert text[start:end].strip() == "Am 3. Mai kam er."


@pytest.mark.parametrize(
    ("where", "begins", "ends"),
    [("Smith", "Dear", "Smith,"), ("nobody", "thank", "Yes."), ("second", "- a second", "one")],
)
def test_the_paragraph_is_the_one_that_is_read(where: str, begins: str, ends: str) -> None:
    start, end = around.paragraph(MAIL, MAIL.index(where))
    assert MAIL[start:end].startswith(begins)
    assert MAIL[start:end].strip().endswith(ends)


def test_a_cursor_between_paragraphs_means_the_next_one() -> None:
    start, end = around.paragraph("One.\n\n\n\nTwo.", 6)
    assert (start, end) == (8, 12)


@pytest.mark.parametrize("text", ["", "\n", " \n\n ", "\n\n\n"])
def test_nothing_is_nothing(text: str) -> None:
    for place in range(len(text) + 1):
        for start, end in (around.word(text, place), around.paragraph(text, place)):
            assert not text[start:end].strip()
        start, end = around.sentence(text, place, "", "en")
        assert not text[start:end].strip()


def test_every_place_has_a_part_that_is_of_the_text() -> None:
    for place in range(len(MAIL) + 1):
        for start, end in (around.word(MAIL, place), around.paragraph(MAIL, place)):
            assert 0 <= start < end <= len(MAIL)


@pytest.mark.parametrize("line", ["word " * 200_000, "x" * 1_000_000, "One. Two! " * 100_000])
def test_a_megabyte_in_one_line_costs_no_more_than_what_is_around(line: str) -> None:
    start, end = around.sentence(line, 500_000, "en", "en")
    assert 0 < end - start < 10_000
    assert start <= 500_000 <= end
    start, end = around.paragraph(line, 500_000)
    assert end - start < 100_000
