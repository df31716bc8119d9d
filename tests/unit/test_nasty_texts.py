"""Whatever the text: a turn looks at a bounded part of it, and all turns together at so much of it for each character.

Counted, not timed: what the segmenter hands to what does the work. `make bench` has the milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sentencex

from reader.text import segment
from reader.text.segment import Segmenter
from tests.nasty_texts import NASTY

# Of a turn: a window laid out, and two slices, each cleaned, judged, and looked at twice for sentences and for sounds.
_MOST_IN_A_TURN = segment.WINDOW_CHARS + 2 * 7 * segment.SLICE_CHARS
# Of each character: it is laid out at most twice, and in a slice at most twice.
_MOST_A_CHARACTER = 16


class Counted:
    """How many characters the work was done on."""

    def __init__(self) -> None:
        self.chars = 0

    def wrap(self, function: Callable[..., Any], argument: int) -> Callable[..., Any]:
        def counted(*args: Any, **options: Any) -> Any:
            self.chars += len(args[argument])
            return function(*args, **options)

        return counted


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted = Counted()
    for name in ("clean", "detect", "blocks", "is_speakable", "pieces"):
        monkeypatch.setattr(segment, name, counted.wrap(getattr(segment, name), 0))
    monkeypatch.setattr(sentencex, "segment", counted.wrap(sentencex.segment, 1))
    return counted


def _turns(segmenter: Segmenter, counted: Counted) -> Iterator[int]:
    """Cut all there is. How many characters were looked at, turn by turn."""
    while True:
        before = counted.chars
        is_cut = segmenter.take() is not None
        yield counted.chars - before
        if not is_cut and not segmenter.is_busy:
            return


def _work(text: str, counted: Counted, piece_chars: int) -> int:
    segmenter = Segmenter(1)
    found: list[int] = []
    for start in range(0, len(text), piece_chars):
        segmenter.feed(text[start : start + piece_chars])
        found += _turns(segmenter, counted)
    segmenter.close()
    found += _turns(segmenter, counted)
    assert max(found) <= _MOST_IN_A_TURN
    return sum(found)


@pytest.mark.parametrize("kind", NASTY)
def test_a_turn_is_bounded_and_the_whole_is_linear(kind: str, counted: Counted) -> None:
    text = NASTY[kind](12_000)
    assert _work(text, counted, len(text)) <= _MOST_A_CHARACTER * len(text)


@pytest.mark.parametrize("kind", NASTY)
def test_what_arrives_in_pieces_costs_no_more_the_longer_it_is(kind: str, counted: Counted) -> None:
    short, long = (_work(NASTY[kind](chars), counted, 8) for chars in (2_000, 6_000))
    assert long <= 4 * short + 1000
