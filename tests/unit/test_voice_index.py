"""packaging/voice_index.py: the list of voices out of the hub's list and a study, as they were recorded."""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

import pytest

from reader.voices.offered import index

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))
import voice_index

HUB_PLACE = "https://huggingface.co/rhasspy/piper-voices/resolve/c10ece1aade47bb51c153c893d14e5bf8e5b7117/"
STUDY: dict[str, Any] = {
    "models": {
        "de_DE-mls-medium": {
            "locale": "de-DE",
            "quality": "medium",
            "sampleRate": 22050,
            "speakers": 236,
            "licence": "CC BY 4.0",
            "use": "credit",
            "dataset": "http://openslr.org/94/",
            "source": "catalog",
            "card": f"{HUB_PLACE.replace('resolve', 'blob')}de/de_DE/mls/medium/MODEL_CARD",
            "files": {
                "model": {
                    "url": f"{HUB_PLACE}de/de_DE/mls/medium/de_DE-mls-medium.onnx",
                    "size": 76961079,
                    "md5": "0" * 32,
                },
                "config": {
                    "url": f"{HUB_PLACE}de/de_DE/mls/medium/de_DE-mls-medium.onnx.json",
                    "size": 9000,
                    "md5": "1" * 32,
                },
            },
        },
        "en_US-clean100-medium": {"source": "community"},
    },
    "voices": [
        ["de_DE-mls-medium-s3", "de_DE-mls-medium", 3, "MLS · speaker 3", "German (Germany)", None, 70.0, 1, 1, 2, 2],
        ["de_DE-mls-medium-s162", "de_DE-mls-medium", 162, "MLS · speaker 162", "German", None, 81.2, 1, 1, 1, 2],
    ],
}
# As the hub's voices.json has them.
HUB: dict[str, Any] = {
    "pt_PT-tugão-medium": {
        "key": "pt_PT-tugão-medium",
        "name": "tugão",
        "language": {"code": "pt_PT", "family": "pt", "region": "PT", "name_english": "Portuguese"},
        "quality": "medium",
        "num_speakers": 1,
        "files": {
            "pt/pt_PT/tugão/medium/pt_PT-tugão-medium.onnx": {"size_bytes": 63201294, "md5_digest": "2" * 32},
            "pt/pt_PT/tugão/medium/pt_PT-tugão-medium.onnx.json": {"size_bytes": 6880, "md5_digest": "3" * 32},
        },
    },
    "de_DE-mls-medium": {
        "files": {
            "de/de_DE/mls/medium/de_DE-mls-medium.onnx": {"size_bytes": 76961079, "md5_digest": "0" * 32},
            "de/de_DE/mls/medium/de_DE-mls-medium.onnx.json": {"size_bytes": 9000, "md5_digest": "1" * 32},
        }
    },
}
NATURAL: dict[str, Any] = {
    "heart": {"bundled": True},
    "emma": {"language": "en-GB", "file": "bf_emma.int8.onnx", "bytes": 7936868, "sha256": "4" * 64},
}


def test_both_lists_and_the_sums_become_one() -> None:
    made = voice_index.make(STUDY, HUB, NATURAL, {"de_DE-mls-medium.onnx": "5" * 64})
    assert [row["key"] for row in made["voices"]] == ["de_DE-mls-medium", "en_GB-emma", "pt_PT-tugao-medium"]
    found = {voice.key: voice for voice in index.read(made).voices}
    known = found["de_DE-mls-medium"]
    assert (known.speaker, known.score, known.licence, known.asks) == (162, 81.2, "CC BY 4.0", index.Asks.CREDIT)
    assert known.credit == "MLS, http://openslr.org/94/, CC BY 4.0"
    assert [(file.md5, file.sha256) for file in known.files] == [("1" * 32, ""), ("0" * 32, "5" * 64)]
    unclear = found["pt_PT-tugao-medium"]
    assert (unclear.asks, unclear.licence, unclear.is_recommended) == (index.Asks.UNCLEAR, "", False)
    assert unclear.files[-1].url == f"{HUB_PLACE}pt/pt_PT/tug%C3%A3o/medium/pt_PT-tug%C3%A3o-medium.onnx"


def test_two_sums_of_one_file_are_refused() -> None:
    other = copy.deepcopy(HUB)
    other["de_DE-mls-medium"]["files"]["de/de_DE/mls/medium/de_DE-mls-medium.onnx"]["md5_digest"] = "9" * 32
    with pytest.raises(ValueError, match="two sums"):
        voice_index.make(STUDY, other, NATURAL, {})


def test_two_revisions_of_one_place_are_refused() -> None:
    other = copy.deepcopy(STUDY)
    config = other["models"]["de_DE-mls-medium"]["files"]["config"]
    config["url"] = config["url"].replace("c10ece1", "0000000")
    with pytest.raises(ValueError, match="another revision"):
        voice_index.make(other, HUB, NATURAL, {})
