"""eSpeak NG, seen from here: a voice for each of some hundred languages. It lives in espeak_worker.py."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reader.flow import Voice
from reader.voices.local.engine import LocalEngine
from reader.voices.registry import EngineEntry
from reader.workers.worker import Worker

# It has 0.05 GB.
WORKER = Worker("espeak", "reader.voices.local.espeak_worker", memory_bytes=1 << 29)

# ISO 639-1 codes of what eSpeak NG names otherwise.
_ISO = {"cmn": "zh"}
# The variety to take where a language has several and none is simply called by its code.
_FIRST_OF = {"en": "en-us", "fr": "fr-fr"}
# Its voices are called by their languages, "English (Great Britain)".
_NAME = re.compile(r"(?P<language>[^()]+?) *(?:\((?P<variety>[^()]+)\))?")


def make(entry: EngineEntry) -> LocalEngine:
    """The engine. Its owner starts it."""
    return LocalEngine(entry.name, entry.speeds, WORKER, voices)


def voices(reported: Sequence[Mapping[str, Any]]) -> Sequence[Voice]:
    """Its voices, so ordered that the first one of a language is the one to take."""
    found = []
    for voice in reported:
        code: str = voice["code"]
        base = code.partition("-")[0]
        found.append((code != _FIRST_OF.get(base, base), code, base, voice["name"]))
    return [_voice(code, _ISO.get(base, base), name) for _, code, base, name in sorted(found)]


def _voice(code: str, language: str, name: str) -> Voice:
    parts = _NAME.fullmatch(name)
    return Voice(
        f"espeak/{code}",
        f"{name} (eSpeak)",
        language,
        language_name=parts["language"] if parts else name,
        variety=(parts["variety"] or "") if parts else "",
    )
