"""Each letter and digit of documents is spoken, or told to be left out: a small part of tests/bench/accounted.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.accounted import Account, account
from tests.heard import cases

_PROJECT = Path(__file__).parents[2]
_DOCUMENTS = sorted([*_PROJECT.glob("*.md"), *_PROJECT.glob("docs/*.md"), _PROJECT / "LICENSE"])


@pytest.mark.parametrize("document", _DOCUMENTS, ids=lambda path: path.name)
def test_no_letter_of_a_document_is_lost(document: Path) -> None:
    total = Account()
    account(document.read_text(encoding="utf-8"), total)
    assert total.letters > 100
    assert not total.lost
    assert total.spoken + total.left_out.total() == total.letters


def test_what_is_lost_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reader.text.segment.clean", lambda raw: _without_word(raw))
    total = Account()
    account("The word lighthouse is here. The other sentence is whole.", total)
    assert any("lighthouse" in lost for lost in total.lost)


def _without_word(raw: str) -> object:
    from reader.text.clean import clean

    return clean(raw.replace("lighthouse", "__________"))


def test_no_letter_of_what_people_reported_is_lost() -> None:
    lost = []
    for case in cases():
        total = Account()
        account(case["input"], total)
        lost += [(case["id"], text) for text in total.lost]
    assert not lost
