"""What of a text is not said, and why."""

import pytest

from reader.text.left_out import LeftOut, Tally, Why, letters
from reader.text.segment import Segmenter


def _left_out(text: str, piece_chars: int = 0) -> tuple[list[LeftOut], Tally, str]:
    found: list[LeftOut] = []
    segmenter = Segmenter(1)
    segmenter.on_left_out = found.append
    said = []
    for i in range(0, len(text), piece_chars or len(text)):
        segmenter.feed(text[i : i + (piece_chars or len(text))])
        said += [segment.text for segment in segmenter.take_all()]
    segmenter.close()
    said += [segment.text for segment in segmenter.take_all()]
    return found, segmenter.tally, " ".join(said)


@pytest.mark.parametrize(
    ("text", "why", "pieces"),
    [
        ("See [the page](https://example.com/a1) now.", Why.LINKS, ["](https://example.com/a1)"]),
        ("![A cat](cat.png) sleeps here.", Why.LINKS, ["](cat.png)"]),
        ("As told.[^note] And on.", Why.FOOTNOTES, ["[^note]"]),
        ("As they wrote.¹² It is so.", Why.FOOTNOTES, ["¹²"]),
        ("```python\nprint(1)\n```", Why.MARKS, ["```python"]),
        ("- [x] buy milk", Why.MARKS, [" [x] "]),
        ("It is <answer>four</answer> then.", Why.MARKS, ["<answer>", "</answer>"]),
        (
            "So <think>hm</think> it <Thinking>is</Thinking>.",
            Why.MARKS,
            ["<think>", "</think>", "<Thinking>", "</Thinking>"],
        ),
        ("Some <b>bold</b> words.", Why.TAGS, ["<b>", "</b>"]),
        ('See <img src="x1.png" alt="a dog"> here.', Why.TAGS, ['<img src="x1.png" alt="']),
        ("One <!-- a comment --> two.", Why.HIDDEN, ["<!-- a comment -->"]),
        ("\x1b[31mRed\x1b[0m text.", Why.CODES, ["\x1b[31m", "\x1b[0m"]),
        ("1\n00:00:01,000 --> 00:00:02,000\nHello there.", Why.TIMES, ["1", "00:00:01,000 --> 00:00:02,000"]),
        ("<think>Hm.\n\nWell, yes.</think>It is four.", Why.THOUGHTS, ["<think>Hm.", "Well, yes.</think>"]),
    ],
)
@pytest.mark.parametrize("piece_chars", [0, 400])
def test_each_piece_that_is_left_out_is_told_with_its_reason_and_place(
    text: str, why: Why, pieces: list[str], piece_chars: int
) -> None:
    before = "These are some words in front of it, which are all said.\n\n" * 20
    found, tally, said = _left_out(before + text, piece_chars)
    told = "".join((before + text)[piece.start_chars : piece.end_chars] for piece in found)
    assert told.split() == "".join(pieces).split()  # a long one may come in several pieces
    assert {piece.why for piece in found} == {why}
    assert tally.left_out == {why: sum(map(letters, pieces))}
    assert letters(said) == tally.letters - tally.left_out.total() == letters(before + text) - tally.left_out.total()


def test_what_is_said_as_a_sign_is_no_loss() -> None:
    found, tally, said = _left_out(r"If A &amp; B, then $a \leq b$.")
    assert [piece.why for piece in found] == [Why.SIGNS, Why.SIGNS]
    assert not tally.left_out
    assert "≤" in said
    assert "&" in said


def test_thoughts_without_an_end_are_read_and_no_loss() -> None:
    _, tally, said = _left_out("<think>All of it.\n\nAnd this too.")
    assert "And this too" in said
    assert not tally.left_out[Why.THOUGHTS]


def test_letters_that_show_nothing_are_no_loss() -> None:
    _, tally, _ = _left_out("كـــتاب")
    assert tally == Tally(4)
