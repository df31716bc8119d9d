"""Builds the engines there are, in the order in which they are tried for a text.

The neural voice speaks English; eSpeak NG speaks everything else, and stands in when the neural one
fails. The order is the fallback order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reader.flow import Voice
from reader.voices.base import Engine
from reader.voices.local.engine import LocalEngine

# Speeds the voices reach by themselves, as factors of their own pace: the neural one's are its
# documentation's, eSpeak's are 80 to 450 words a minute around 175.
NEURAL_SPEEDS = (0.5, 2.0)
ESPEAK_SPEEDS = (80 / 175, 450 / 175)

# ISO 639-1 codes of what eSpeak NG names otherwise.
_ISO = {"cmn": "zh"}
# The variety to take where a language has several and none is simply called by its code.
_FIRST_OF = {"en": "en-us", "fr": "fr-fr"}


def engines() -> Mapping[str, Engine]:
    """The engines by name, in fallback order. They are started by whoever owns them."""
    return {
        "neural": LocalEngine("neural", NEURAL_SPEEDS, _neural_voices),
        "espeak": LocalEngine("espeak", ESPEAK_SPEEDS, _espeak_voices),
    }


def _neural_voices(_reported: Sequence[Mapping[str, Any]]) -> Sequence[Voice]:
    return [Voice("neural/heart", "Heart (natural, American English)", "en")]


def _espeak_voices(reported: Sequence[Mapping[str, Any]]) -> Sequence[Voice]:
    """ESpeak's voices, so ordered that the first one of a language is the one to take."""
    voices = []
    for voice in reported:
        code: str = voice["code"]
        base = code.partition("-")[0]
        voices.append((code != _FIRST_OF.get(base, base), code, base, voice["name"]))
    return [Voice(f"espeak/{code}", f"{name} (eSpeak)", _ISO.get(base, base)) for _, code, base, name in sorted(voices)]
