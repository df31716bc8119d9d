"""eSpeak NG, seen from here: a voice for each of some hundred languages. It lives in espeak_worker.py.

Which voices it has is read from its data, as the library does it, so nothing has to be started to know them.
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

# It has 0.05 GB.
WORKER = Worker("espeak", "reader.voices.local.espeak_worker", memory_bytes=1 << 29)

# The variety to take where a language has several and none is simply called by its code.
_FIRST_OF = {"en": "en-us", "fr": "fr-fr"}
# Languages that it lists without the dictionary that would let them say anything.
_UNFINISHED = ("fo", "kaa", "xex")
_NAME_OF, _LANGUAGE_OF = "name ", "language "
# Its voices are called by their languages, "English (Great Britain)".
_NAME = re.compile(r"(?P<language>[^()]+?) *(?:\((?P<variety>[^()]+)\))?")


def make(entry: EngineEntry) -> LocalEngine:
    """The engine. Its owner starts it."""
    return LocalEngine(entry.name, entry.speeds, WORKER, voices)


def listed() -> Iterator[tuple[str, str]]:
    """The voices that can speak: their language code and their name for people. Blocking. Raises OSError, RuntimeError.

    A voice's file begins with both; of several languages the first is its own.
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
    """Its voices, so ordered that the first one of a language is the one to take. Blocking. Raises as `listed`."""
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
