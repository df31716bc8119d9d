"""How much of tests/data/text/cases.jsonl is heard as a listener wants it. Each kind may only get better."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

from tests.heard import cases, failures, sentences

# What does not hold, and why.
KNOWN: dict[str, str] = {
    "ja-kanji": "eSpeak NG knows no readings of Chinese characters; such a dictionary weighs more than the voices",
    "lay-two-columns": "the two halves of a line would change places, and positions in a text only go forward",
}
# What stands behind has to be seen: a page's end behind its number.
# And which language's rules cut the first sentences, where each is in another one.
_SEEN_TOGETHER = {"pdf-pagenumber", "lang-3scripts"}


def _kind(case: dict[str, Any]) -> str:
    return str(case["id"]).partition("-")[0]


# One test a kind, and not a case: of thousands of short tests, the tests themselves take half the time.
KINDS = Counter(map(_kind, cases()))
_of_each_kind = pytest.mark.parametrize("kind", KINDS)


def _cases(kind: str) -> list[dict[str, Any]]:
    return [case for case in cases() if _kind(case) == kind]


@_of_each_kind
def test_what_is_written_is_what_is_heard(kind: str) -> None:
    found = {str(case["id"]): failures(case) for case in _cases(kind)}
    assert {name: wrong for name, wrong in found.items() if wrong and name not in KNOWN} == {}
    assert not [name for name, wrong in found.items() if not wrong and name in KNOWN], (
        "they hold: take them off the list"
    )


@_of_each_kind
@pytest.mark.parametrize("piece_chars", [0, 1, 3, 10])
def test_a_text_that_arrives_in_pieces_has_the_same_sentences(kind: str, piece_chars: int) -> None:
    for case in _cases(kind):
        if not case["id"].startswith("lay-page") and case["id"] not in _SEEN_TOGETHER:
            text, language = case["input"], case["lang"]
            assert sentences(text, language, piece_chars) == _whole(text, language), case["id"]


@cache
def _whole(text: str, language: str) -> list[str]:
    return sentences(text, language)


def test_most_of_each_kind_holds() -> None:
    known = Counter(name.partition("-")[0] for name in KNOWN)
    assert all(known[kind] * 2 <= count for kind, count in KINDS.items())
    assert len(KNOWN) * 10 <= sum(KINDS.values())
