"""The service's voices, fetched with DescribeVoices and kept in a file, so that the next start need not wait for them.

A voice is named "polly/Matthew" if it has the generative engine, which streams, and "polly-sentences/Joanna-neural" for
each engine it has, that one included. A voice made for the account alone ("vc-…") goes under the name it was given.
botocore's model knows neither how such a voice is made nor what state it is in, so a state is respected only if the
service names one.

Core thread, except for `read` and `write`, which may be called on any.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reader.flow import Voice
from reader.support import files, languages
from reader.voices.polly.events import json_object

log = logging.getLogger(__name__)

STREAMS = "polly"
SENTENCES = "polly-sentences"
GENERATIVE = "generative"
# Best first. An engine that the service adds later is unknown here, and not offered.
ENGINES = (GENERATIVE, "long-form", "neural", "standard")
_ENGINE_NAMES = {GENERATIVE: "generative", "long-form": "long-form", "neural": "neural", "standard": "standard"}
# The prefix of ids of the account's own voices, and the state of those that can speak.
_OWN = "vc-"
_ACTIVE = "ACTIVE"
# The list has some hundred voices; the service returns it in pages.
_MAX_PAGES = 50
# The service's own language tags, and the usual ones for them.
_TAGS = {"arb": "ar", "cmn-CN": "zh-CN", "en-GB-WLS": "en-GB"}


@dataclass(frozen=True, slots=True)
class PollyVoice:
    """A voice as the service describes it. `languages` begins with its own; more make it bilingual.

    `gender` is "female", "male" or "" (lists stored by older Harkens lack it). `name` is for users.
    """

    id: str
    languages: tuple[str, ...]
    engines: tuple[str, ...]
    gender: str = ""
    name: str = ""


async def ask(call: Callable[[dict[str, Any]], Awaitable[bytes]]) -> list[PollyVoice]:
    """All voices, page by page. `call` fetches one page and returns its body. Raises whatever `call` raises."""
    entries: list[PollyVoice] = []
    token = ""
    for _ in range(_MAX_PAGES):
        page = json_object(await call({"NextToken": token} if token else {}))
        voices = page.get("Voices")
        entries += (entry for voice in (voices if isinstance(voices, list) else ()) if (entry := _entry(voice)))
        token = page.get("NextToken") or ""
        if not token:
            break
    return entries


def _entry(voice: dict[str, Any]) -> PollyVoice | None:
    try:
        languages = (voice["LanguageCode"], *(voice.get("AdditionalLanguageCodes") or ()))
        engines = tuple(map(str, voice["SupportedEngines"]))
        state = voice.get("Status") or voice.get("State") or _ACTIVE
        if str(state).upper() != _ACTIVE:
            return None  # it is still being made, or has failed
        name = str(voice.get("Name") or "") if str(voice["Id"]).startswith(_OWN) else ""
        return PollyVoice(str(voice["Id"]), tuple(map(str, languages)), engines, _gender(voice.get("Gender")), name)
    except (KeyError, TypeError):
        return None  # of a kind that Harken does not know


def _gender(told: object) -> str:
    return {"Female": "female", "Male": "male"}.get(str(told), "")


def stream_voices(entries: Sequence[PollyVoice]) -> list[Voice]:
    """The voices for StartSpeechSynthesisStream, one for each language a voice speaks."""
    return [
        _voice(f"{STREAMS}/{entry.id}", entry, language, GENERATIVE)
        for entry in _sorted(entries)
        if GENERATIVE in entry.engines
        for language in entry.languages
    ]


def sentence_voices(entries: Sequence[PollyVoice]) -> list[Voice]:
    """The voices for SynthesizeSpeech, one for each engine and language."""
    return [
        _voice(f"{SENTENCES}/{entry.id}-{engine}", entry, language, engine)
        for engine in ENGINES
        for entry in _sorted(entries)
        if engine in entry.engines
        for language in entry.languages
    ]


def split_name(voice: Voice) -> tuple[str, str, str]:
    """(the service's name of a voice, its engine there, the language to ask for or "")."""
    engine, _, name = voice.id.partition("/")
    name, _, language = name.partition("@")
    if engine == STREAMS:
        return name, GENERATIVE, language
    for kind in ENGINES:  # ids may contain hyphens, too
        if name.endswith(f"-{kind}"):
            return name.removesuffix(f"-{kind}"), kind, language
    return name, "neural", language


def _sorted(entries: Sequence[PollyVoice]) -> list[PollyVoice]:
    return sorted(entries, key=lambda entry: (entry.languages, entry.id))


def _voice(voice_id: str, entry: PollyVoice, language: str, engine: str) -> Voice:
    """A bilingual voice's second language is part of its id, because it has to be asked for."""
    is_second = language != entry.languages[0]
    base = language.partition("-")[0]
    called = entry.name or entry.id
    name = f"{called} (Amazon Polly, {_ENGINE_NAMES[engine]}, {language})"
    voice_id = f"{voice_id}@{language}" if is_second else voice_id
    return Voice(
        voice_id,
        name,
        "zh" if base == "yue" else languages.code_of(base),
        takes_ssml=True,
        given_name=called,
        locale=_TAGS.get(language, language),
        gender=entry.gender,
        technique=engine,
    )


def read(path: Path) -> list[PollyVoice]:
    """The stored list; empty if there is none, or if it is damaged."""
    try:
        rows = files.read_json(path)
        return [
            PollyVoice(
                str(row["id"]),
                tuple(map(str, row["languages"])),
                tuple(map(str, row["engines"])),
                str(row.get("gender", "")),
                str(row.get("name", "")),
            )
            for row in rows
        ]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return []


def write(path: Path, entries: Sequence[PollyVoice]) -> None:
    """Store the list. If that fails, it will be fetched again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_json(path, [asdict(entry) for entry in entries])
    except OSError as error:
        log.warning("the list of voices can't be kept: %s", files.reason(error))
