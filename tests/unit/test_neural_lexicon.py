"""The neural voice's dictionaries: whatever is looked up in them, they answer as Python's own would."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import hibari.g2p
import pytest

from reader.voices.local import neural_lexicon
from reader.voices.local.neural_lexicon import Entries

OTHERS = ["", "a", "zzzzzz", "!", '"', "\\", "DEFAULT", "NOUN", "é", "\ud800", "AA ", "VBN", "{", "t-1=\\"]


def parsed(name: str) -> Any:
    return json.loads(gzip.decompress(Path(hibari.g2p.ASSETS, name).read_bytes()))


@pytest.mark.parametrize("name", ["lexicon_us_gold.json.gz", "lexicon_us_silver.json.gz"])
def test_pronunciations(name: str) -> None:
    known, kept = parsed(name), neural_lexicon._load(name)
    assert {key: kept._find(key) for key in known} == known
    assert [kept.get(key) for key in OTHERS] == [known.get(key) for key in OTHERS]


def test_what_tells_parts_of_speech() -> None:
    known, kept = parsed("tagger.json.gz"), neural_lexicon._load("tagger.json.gz")
    weights, kept_weights = known.pop("weights"), kept.pop("weights")
    assert kept == known
    assert {key: kept_weights._find(key) for key in weights} == weights
    assert [kept_weights.get(key) for key in OTHERS] == [weights.get(key) for key in OTHERS]


@pytest.mark.parametrize("known", [{}, {"b": {"a": 1, "b": {}}, "a": "}", '"': "x\\", "\\": '{"a":2}', "é": None}])
def test_any_object(known: dict[str, Any]) -> None:
    kept = Entries(json.dumps(known, ensure_ascii=False, separators=(",", ":")).encode())
    assert {key: kept.get(key) for key in [*known, *OTHERS]} == {key: known.get(key) for key in [*known, *OTHERS]}


def test_the_library_is_left_as_it_was() -> None:
    before = hibari.g2p._load_json
    made = neural_lexicon.g2p()
    assert hibari.g2p._load_json is before
    assert made("Hello there, she will read what he read.") == hibari.g2p.G2P()(
        "Hello there, she will read what he read."
    )
