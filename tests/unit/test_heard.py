"""How much of tests/data/text/cases.jsonl is heard as a listener wants it. Each kind may only get better."""

from collections import Counter

import pytest

from tests.heard import cases, failures, heard

# What does not hold, and why.
KNOWN: dict[str, str] = {
    "ja-kanji": "eSpeak NG knows no readings of Chinese characters; such a dictionary weighs more than the voices",
    "lay-two-columns": "the two halves of a line would change places, and positions in a text only go forward",
}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_what_is_written_is_what_is_heard(case: dict[str, object]) -> None:
    found = failures(case)
    if case["id"] in KNOWN:
        assert found, "it holds: take it off the list"
    else:
        assert not found


# What stands behind has to be seen: a page's end behind its number.
# And which language's rules cut the first sentences, where each is in another one.
_SEEN_TOGETHER = {"pdf-pagenumber", "lang-3scripts"}


@pytest.mark.parametrize(
    "case",
    [c for c in cases() if not c["id"].startswith("lay-page") and c["id"] not in _SEEN_TOGETHER],
    ids=lambda case: case["id"],
)
@pytest.mark.parametrize("piece_chars", [0, 1, 3, 10])
def test_a_text_that_arrives_in_pieces_has_the_same_sentences(case: dict[str, str], piece_chars: int) -> None:
    whole = heard(case["input"], case["lang"]).sentences
    assert heard(case["input"], case["lang"], piece_chars).sentences == whole


def test_most_of_each_kind_holds() -> None:
    kinds = Counter(case["id"].partition("-")[0] for case in cases())
    known = Counter(name.partition("-")[0] for name in KNOWN)
    assert all(known[kind] * 2 <= count for kind, count in kinds.items())
    assert len(KNOWN) * 10 <= sum(kinds.values())
