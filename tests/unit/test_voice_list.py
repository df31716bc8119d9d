"""The list of Amazon Polly's voices: asked for, named, kept."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from reader.flow import Voice
from reader.voices.polly import voice_list
from reader.voices.polly.voice_list import PollyVoice

MATTHEW = {"Id": "Matthew", "LanguageCode": "en-US", "SupportedEngines": ["generative", "neural"], "Gender": "Male"}
KAJAL = {
    "Id": "Kajal",
    "LanguageCode": "en-IN",
    "AdditionalLanguageCodes": ["hi-IN"],
    "SupportedEngines": ["neural", "generative"],
}
DANIELLE = {"Id": "Danielle", "LanguageCode": "en-US", "SupportedEngines": ["long-form"]}
ZEINA = {"Id": "Zeina", "LanguageCode": "arb", "SupportedEngines": ["standard"]}


def ask(*bodies: Any) -> tuple[list[PollyVoice], list[dict[str, Any]]]:
    """(what was found, what was asked) of a service that gives these answers; the last of them for ever."""
    asked: list[dict[str, Any]] = []

    async def call(values: dict[str, Any]) -> bytes:
        asked.append(values)
        body = bodies[min(len(asked), len(bodies)) - 1]
        return body if isinstance(body, bytes) else json.dumps(body).encode()

    return asyncio.run(voice_list.ask(call)), asked


def entries(*voices: dict[str, Any]) -> list[PollyVoice]:
    return ask({"Voices": voices})[0]


OWN = {**MATTHEW, "Id": "vc-0a1b-2c3d", "Name": "My old voice"}


# ---- asked for ----


def test_pages_are_asked_for_until_there_are_no_more() -> None:
    found, asked = ask({"Voices": [MATTHEW], "NextToken": "two"}, {"Voices": [KAJAL], "NextToken": None})
    assert [entry.id for entry in found] == ["Matthew", "Kajal"]
    assert asked == [{}, {"NextToken": "two"}]


def test_a_service_that_has_no_last_page_is_left_in_the_end() -> None:
    found, asked = ask({"Voices": [MATTHEW], "NextToken": "again"})
    assert len(asked) == len(found) == 50


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"\xff\xfe", b"[]", b"null", b"[" * 100_000, {}, {"Voices": None}, {"Voices": 3}]
)
def test_an_answer_that_is_none_has_no_voices(body: Any) -> None:
    assert ask(body)[0] == []


@pytest.mark.parametrize(
    "voice",
    [
        None,
        "Matthew",
        [],
        {},
        {"Id": "Matthew"},
        {**MATTHEW, "SupportedEngines": None},
        {**MATTHEW, "AdditionalLanguageCodes": 3},
    ],
)
def test_a_voice_that_is_not_understood_does_not_take_the_others_along(voice: Any) -> None:
    assert [entry.id for entry in entries(MATTHEW, voice, KAJAL)] == ["Matthew", "Kajal"]


def test_an_empty_list_of_more_languages_may_be_missing() -> None:
    assert entries({**MATTHEW, "AdditionalLanguageCodes": None}) == entries(MATTHEW)


# ---- named ----


def test_streams_are_for_generative_voices_only_and_sentences_for_all() -> None:
    found = entries(ZEINA, DANIELLE, MATTHEW)
    assert [(voice.id, voice.language) for voice in voice_list.stream_voices(found)] == [("polly/Matthew", "en")]
    assert [(voice.id, voice.language) for voice in voice_list.sentence_voices(found)] == [
        ("polly-sentences/Matthew-generative", "en"),
        ("polly-sentences/Danielle-long-form", "en"),
        ("polly-sentences/Matthew-neural", "en"),
        ("polly-sentences/Zeina-standard", "ar"),
    ]


def test_a_bilingual_voice_is_there_in_both_languages() -> None:
    voices = voice_list.stream_voices(entries(KAJAL))
    assert [(voice.id, voice.language) for voice in voices] == [("polly/Kajal", "en"), ("polly/Kajal@hi-IN", "hi")]
    assert len({voice.name for voice in voices}) == 2


def test_names_lead_there_and_back() -> None:
    found = entries(MATTHEW, KAJAL, DANIELLE, ZEINA)
    voices = [*voice_list.stream_voices(found), *voice_list.sentence_voices(found)]
    assert len({voice.id for voice in voices}) == len(voices)
    for voice in voices:
        name, engine, language = voice_list.split_name(voice)
        entry = next(entry for entry in found if entry.id == name)
        assert engine in entry.engines
        assert language in ("", *entry.languages[1:])
        assert (f" {engine}, {language or entry.languages[0]})") in voice.name
    assert {voice_list.split_name(voice) for voice in voices} >= {
        ("Kajal", "generative", "hi-IN"),
        ("Danielle", "long-form", ""),
        ("Kajal", "neural", "hi-IN"),
    }


def test_a_name_without_an_engine_is_a_neural_voices() -> None:
    assert voice_list.split_name(Voice("polly-sentences/Joanna", "", "en")) == ("Joanna", "neural", "")


def test_what_is_known_of_a_voice_is_told_apart() -> None:
    _, kajal, matthew = voice_list.stream_voices(entries(MATTHEW, KAJAL))
    assert (matthew.given_name, matthew.locale, matthew.gender) == ("Matthew", "en-US", "male")
    assert matthew.technique == "generative"
    assert (kajal.given_name, kajal.locale, kajal.gender) == ("Kajal", "hi-IN", "")
    (zeina,) = voice_list.sentence_voices(entries({**ZEINA, "Gender": "Female"}))
    assert (zeina.locale, zeina.gender, zeina.technique) == ("ar", "female", "standard")


@pytest.mark.parametrize("gender", [None, 3, "Neutral", ["Male"]])
def test_a_gender_that_is_not_understood_is_none(gender: Any) -> None:
    assert [entry.gender for entry in entries({**MATTHEW, "Gender": gender})] == [""]


# ---- kept ----


def test_a_list_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "voices.json"
    found = entries(MATTHEW, KAJAL)
    voice_list.write(path, found)
    assert voice_list.read(path) == found
    assert [file.name for file in path.parent.iterdir()] == ["voices.json"]


def test_a_list_of_an_older_harken_has_no_genders(tmp_path: Path) -> None:
    path = tmp_path / "voices.json"
    path.write_text('[{"id": "Amy", "languages": ["en-GB"], "engines": ["neural"]}]')
    assert voice_list.read(path) == [PollyVoice("Amy", ("en-GB",), ("neural",))]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"{}",
        b"[1]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'[{"id": "Matthew"}]',
        b'[{"id": "Matthew", "languages": [1], "engines": null}]',
    ],
)
def test_a_broken_file_is_an_empty_list(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "voices.json"
    path.write_bytes(data)
    assert voice_list.stream_voices(voice_list.read(path)) == []
    assert voice_list.read(tmp_path / "missing.json") == []


def test_strange_values_in_a_file_are_words(tmp_path: Path) -> None:
    path = tmp_path / "voices.json"
    path.write_text('[{"id": 7, "languages": [1], "engines": ["generative"]}]')
    assert [voice.id for voice in voice_list.stream_voices(voice_list.read(path))] == ["polly/7"]


@pytest.mark.noisy
def test_a_list_that_can_not_be_kept_is_no_failure(tmp_path: Path, noise: list[str]) -> None:
    (tmp_path / "file").write_text("")
    voice_list.write(tmp_path / "file" / "voices.json", entries(MATTHEW))
    assert "can't be kept" in noise[0]


# ---- the account's own ----


def test_a_voice_of_ones_own_is_called_by_its_name() -> None:
    (found,) = entries(OWN)
    (streaming,) = voice_list.stream_voices([found])
    assert (streaming.id, streaming.given_name) == ("polly/vc-0a1b-2c3d", "My old voice")
    assert streaming.name == "My old voice (Amazon Polly, generative, en-US)"
    sentences = voice_list.sentence_voices([found])
    assert [voice_list.split_name(voice) for voice in [streaming, *sentences]] == [
        ("vc-0a1b-2c3d", "generative", ""),
        ("vc-0a1b-2c3d", "generative", ""),
        ("vc-0a1b-2c3d", "neural", ""),
    ]
    assert [voice.given_name for voice in voice_list.stream_voices(entries(MATTHEW))] == ["Matthew"]


@pytest.mark.parametrize("state", ["CREATING", "FAILED", "deleting", "INACTIVE", 3])
def test_one_that_does_not_speak_yet_or_any_more_is_not_offered(state: Any) -> None:
    assert entries({**OWN, "Status": state}) == []
    assert len(entries({**OWN, "Status": "ACTIVE"}, {**OWN, "Status": "Active"}, {**OWN, "Status": None})) == 3


def test_its_name_is_kept_in_the_file(tmp_path: Path) -> None:
    found = entries(OWN, MATTHEW)
    voice_list.write(tmp_path / "voices.json", found)
    assert voice_list.read(tmp_path / "voices.json") == found
