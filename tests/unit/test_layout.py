import pytest

from reader.text.layout import blocks


def cut(text: str) -> list[str]:
    return [text[a:b] for a, b in blocks(text)[0]]


def test_wrapped_lines_are_one_block() -> None:
    text = (
        "This is a paragraph that some program has wrapped at a\n"
        "width of about fifty characters, so that none of the\n"
        "line ends in it mean anything at all to a listener."
    )
    assert cut(text) == [text]


def test_a_short_line_among_long_ones_was_ended_on_purpose() -> None:
    text = "Heading\nThis is the paragraph below it, which is a good deal longer than that."
    assert cut(text) == text.split("\n")


@pytest.mark.parametrize("mark", ["- ", "* ", "• ", "1. ", "2) ", "a) "])
def test_list_items_stand_alone(mark: str) -> None:
    text = (
        f"{mark}an item that is about as long as the next one is\n{mark}an item that is about as long as the last one"
    )
    assert cut(text) == text.split("\n")


def test_labels_stand_alone() -> None:
    assert cut("Open\nSave as\nClose") == ["Open", "Save as", "Close"]


def test_lines_that_were_never_wrapped_stand_alone() -> None:
    line = "word " * 60
    assert len(cut(f"{line}\n{line}")) == 2


def test_verse_stands_alone() -> None:
    text = (
        "Half a league, half a league,\nHalf a league onward,\nAll in the valley of Death\nRode the six hundred, once."
    )
    assert "All in the valley of Death" not in cut(text)[0]


def test_a_line_in_another_script_stands_alone() -> None:
    assert len(cut("Первая строка этого текста по-русски\nThe second line is an English one")) == 2


def test_a_hyphen_at_the_end_never_stands_alone() -> None:
    text = "This line is rather long and it goes on and is hyphen-\nated"
    assert cut(text) == [text]
