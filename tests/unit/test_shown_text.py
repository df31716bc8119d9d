"""Where each character of a text is in the document that shows it."""

from __future__ import annotations

import pytest

from ui.player.shown_text import PART_CHARS, ShownText

TEXTS = {
    "plain": "One is first.\nTwo is second.",
    "emoji": "😀 One 😀😀 is first.\n😀",
    "line ends": "One\r\nTwo\rThree\u2028Four\x0bFive\r\n\r\nSix",
    "unshown": "A\x00B\ud800C\ufdd0D\ufffcE",
    "one word": "x" * (5 * PART_CHARS),
    "one line": "A sentence is here. " * 2000 + "😀" * 3000,
    "Japanese": "これは文です。" * 3000,
}


@pytest.mark.parametrize("size", [1, 7, 1000, 10**6])
@pytest.mark.parametrize("name", TEXTS)
def test_every_character_is_found_both_ways(name: str, size: int) -> None:
    text = TEXTS[name]
    if size == 1:
        text = text[:3000]
    shown_text = ShownText()
    shown = "".join(shown_text.add(text[at : at + size]) for at in range(0, len(text), size))
    units = shown.encode("utf-16-le")
    assert shown_text.chars == len(text)
    for chars, char in enumerate(text):
        at = shown_text.unit(chars)
        assert shown_text.char(at) == chars
        width = 2 if char > "\uffff" else 1
        there = units[2 * at : 2 * (at + width)].decode("utf-16-le")
        assert there == char or (char.isspace() and there in "\n ") or (there == " " and name == "unshown")
    assert shown_text.unit(len(text)) == len(units) // 2


@pytest.mark.parametrize("size", [50, 10**6])
@pytest.mark.parametrize("name", ["one line", "Japanese"])
def test_no_paragraph_takes_long_to_lay_out_and_none_is_cut_in_a_sentence(name: str, size: int) -> None:
    text = TEXTS[name].replace("😀", "")
    shown_text = ShownText()
    shown = "".join(shown_text.add(text[at : at + size]) for at in range(0, len(text), size))
    paragraphs = shown.split("\n")
    assert max(map(len, paragraphs)) <= PART_CHARS + 200
    assert len(paragraphs) > 5
    if name == "one line" and size > 50:
        assert all(paragraph.rstrip().endswith(".") for paragraph in paragraphs if paragraph)


def test_a_line_end_in_two_parts_is_one() -> None:
    shown_text = ShownText()
    assert shown_text.add("One\r") + shown_text.add("\nTwo") == "One\n Two"
