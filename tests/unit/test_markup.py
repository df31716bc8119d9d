"""Marks that are not said go, and everything else stays where it was."""

import pytest

from reader.text.markup import Markup
from reader.text.segment import Segmenter

BLOCKS = [
    ("Use the [plugin](https://example.org/a_(b).html) for it.", "Use the plugin for it."),
    ("![A chart](c.png) and [a][1] and [![x](y)](z)", "A chart and a and x"),
    ("**bold**, *it*, __b__, ***both***, ~~struck~~", "bold, it, b, both, struck"),
    ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
    ("```python\nprint(1)\n```", "\nprint(1)\n"),
    ("Use `ls -la` here", "Use ls -la here"),
    ("A note.[^1]", "A note."),
    ("## Heading ##", "Heading"),
    ("$x_1^2 \\leq \\frac{a}{b}$", "x₁² ≤ a / b"),
    ("It costs $5 and $10_000.", "It costs $5 and $10_000."),
    ("<p>Hello</p><p>World &amp; all</p>", " Hello.  World & all "),
    ("a < b and c > d, List<int>", "a < b and c > d, List int"),
    ("\x1b[31mError\x1b[0m and [31mred[0m", "Error and red"),
    ("│ Name │ Size │", " Name, Size "),
    ("├── src", " src"),
    ("capabili- ties, pre- and postwar", "capabilities, pre- and postwar"),
    ("Methods ........ 12", "Methods, 12"),
    ('<img src="a.png" alt="A cat"> sits', "A cat  sits"),
    ("|---|:-:|", ""),
    ("No marks at all.", "No marks at all."),
]


@pytest.mark.parametrize(("raw", "left"), BLOCKS)
def test_blocks(raw: str, left: str) -> None:
    assert Markup().rewritten(raw, "", may_think=False).text == left


def _said(text: str, pieces: int = 1) -> list[str]:
    segmenter = Segmenter(1, "en", "en")
    found = []
    size = -(-len(text) // pieces)
    for start in range(0, len(text), size):
        segmenter.feed(text[start : start + size])
        found += [segment.text for segment in segmenter.take_all()]
    segmenter.close()
    return found + [segment.text for segment in segmenter.take_all()]


@pytest.mark.parametrize("pieces", [1, 7])
def test_thoughts_are_passed_over_where_they_end(pieces: int) -> None:
    assert _said("<think>\nLet me see.\n\nA lot.\n</think>\n\nIt is four.", pieces) == ["It is four."]


@pytest.mark.parametrize("pieces", [1, 7])
def test_thoughts_without_an_end_are_read(pieces: int) -> None:
    assert _said("<think>\nLet me see.\n\nIt is four.", pieces)[-2:] == ["Let me see.", "It is four."]
    long = "<think>\n" + "Let me see.\n\n" * 3000
    assert _said(long, pieces).count("Let me see.") == 3000


def test_a_word_leads_back_to_its_place() -> None:
    raw = "See [the guide](https://example.org) for **more** of it."
    segmenter = Segmenter(1, "en", "en")
    segmenter.feed(raw)
    segmenter.close()
    *_, segment = segmenter.take_all()
    assert raw[segment.start_chars : segment.end_chars].endswith("of it.")
