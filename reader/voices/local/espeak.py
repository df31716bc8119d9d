"""eSpeak NG as an engine: a voice for each of some hundred languages. It runs in espeak_worker.py.

Its voices are read from its data files, as the library does, so nothing has to be started to list them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import espeakng_loader

from reader.flow import Voice
from reader.support import languages
from reader.voices.local.engine import LocalEngine
from reader.voices.registry import EngineEntry
from reader.workers.worker import Worker

# Uses 0.05 GB.
WORKER = Worker("espeak", "reader.voices.local.espeak_worker", memory_bytes=1 << 29)

# The variety to prefer if a language has several and none is named by the plain code.
_FIRST_OF = {"en": "en-us", "fr": "fr-fr"}
# Languages that are listed but lack the dictionary they need to say anything.
_UNFINISHED = ("fo", "kaa", "xex")
_NAME_OF, _LANGUAGE_OF = "name ", "language "
# Voices are named after their languages: "English (Great Britain)".
_NAME = re.compile(r"(?P<language>[^()]+?) *(?:\((?P<variety>[^()]+)\))?")


def make(entry: EngineEntry) -> LocalEngine:
    """The engine. Its owner starts it."""
    return LocalEngine(entry.name, entry.speeds, WORKER, voices)


def listed() -> Iterator[tuple[str, str]]:
    """The voices that can speak: language code and display name. Blocking. Raises OSError, RuntimeError.

    Both are at the beginning of a voice's file; if it lists several languages, the first is its own.
    """
    for path in Path(espeakng_loader.get_data_path(), "lang").rglob("*"):
        if not path.is_file():
            continue
        lines = [line.partition("//")[0] for line in path.read_text("utf-8").splitlines()]
        name, code = (next((line for line in lines if line.startswith(of)), "") for of in (_NAME_OF, _LANGUAGE_OF))
        code = "".join(code.split()[1:2])
        if code and code not in _UNFINISHED:
            yield code, name.removeprefix(_NAME_OF).strip()


def voices() -> Sequence[Voice]:
    """Its voices, sorted so that the first one of a language is the one to use. Blocking. Raises as `listed`."""
    found = []
    for code, name in listed():
        base = code.partition("-")[0]
        found.append((code != _FIRST_OF.get(base, base), code, base, name))
    return [_voice(code, languages.code_of(base), name) for _, code, base, name in sorted(found)]


def _voice(code: str, language: str, name: str) -> Voice:
    parts = _NAME.fullmatch(name)
    return Voice(
        f"espeak/{code}",
        f"{name} (eSpeak)",
        language,
        language_name=parts["language"] if parts else name,
        variety=(parts["variety"] or "") if parts else "",
    )
