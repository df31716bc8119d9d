"""Which list of voices is used, and when the service is asked for another."""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any, cast

import pytest

from reader.errors import (
    AccessRefusedError,
    PermissionMissingError,
    RemoteVoiceError,
    SettingsError,
    UnreachableError,
    VoiceMissingError,
)
from reader.voices.polly import voice_list
from reader.voices.polly.client import PollyClient
from reader.voices.polly.voice_cache import VoiceCache
from reader.voices.polly.voice_list import PollyVoice

KEPT = [PollyVoice("Vicki", ("de-DE",), ("generative",))]
LISTED = {"Voices": [{"Id": "Matthew", "LanguageCode": "en-US", "SupportedEngines": ["generative"]}]}
OLD_S = 2 * 24 * 3600.0


class FakeModel:
    def voice_names(self) -> frozenset[str]:
        return frozenset({"Matthew", "Amy"})


class FakeClient:
    """Answers with `answer`, or raises it."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked = 0
        self.is_backing_off = False
        self.where = ""
        self.is_gone_once = False
        self.failures: list[RemoteVoiceError] = []
        self.gate = asyncio.Event()  # nothing is answered until it is set
        self.gate.set()

    async def region(self) -> str:
        return self.where

    async def call(self, operation: str, values: dict[str, Any]) -> bytes:
        assert operation == "DescribeVoices"
        self.asked += 1
        await self.gate.wait()
        answer = self.answer
        if self.is_gone_once:
            self.answer, self.is_gone_once = LISTED, False
        if isinstance(answer, Exception):
            raise answer
        return json.dumps(answer).encode()

    def note_failure(self, error: RemoteVoiceError) -> None:
        self.failures.append(error)

    async def model(self) -> FakeModel:
        return FakeModel()


def voice_cache(path: Path, answer: Any) -> tuple[VoiceCache, FakeClient]:
    client = FakeClient(answer)
    return VoiceCache(cast(PollyClient, client), path), client


def names(made: VoiceCache) -> list[str]:
    return [entry.id for entry in made.entries]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "voices.json"


def keep(path: Path, age_s: float = 0.0) -> None:
    voice_list.write(path, KEPT)
    at_s = time.time() - age_s
    os.utime(path, (at_s, at_s))


async def refreshed(made: VoiceCache) -> None:
    assert made._refreshing
    await asyncio.wait({made._refreshing})


async def test_the_first_list_is_asked_for_once_and_kept(path: Path) -> None:
    made, client = voice_cache(path, LISTED)
    await asyncio.gather(made.load(), made.load())
    await made.load()
    assert (names(made), client.asked) == (["Matthew"], 1)
    assert voice_list.read(path) == made.entries
    await made.close()


async def test_a_fresh_list_is_used_without_a_request(path: Path) -> None:
    keep(path)
    made, client = voice_cache(path, LISTED)
    await made.load()
    assert (names(made), client.asked) == (["Vicki"], 0)
    await made.close()


async def test_an_old_list_is_used_while_a_new_one_is_asked_for(path: Path) -> None:
    keep(path, OLD_S)
    made, client = voice_cache(path, LISTED)
    client.gate.clear()
    await made.load()
    assert names(made) == ["Vicki"]
    client.gate.set()
    await refreshed(made)
    assert names(made) == ["Matthew"]
    assert voice_list.read(path) == made.entries
    await made.close()


@pytest.mark.parametrize(
    "answer",
    [
        UnreachableError("gone"),
        AccessRefusedError("no", code="UnrecognizedClientException"),
        AccessRefusedError("no", code="AccessDeniedException"),
        SettingsError("no such certificates"),
        {"Voices": []},
        [],
    ],
)
async def test_an_old_list_is_better_than_none_and_than_names_alone(path: Path, answer: Any) -> None:
    keep(path, OLD_S)
    made, _ = voice_cache(path, answer)
    await made.load()
    await refreshed(made)
    assert made.entries == KEPT
    assert voice_list.read(path) == KEPT
    await made.close()


@pytest.mark.parametrize(
    "answer", [UnreachableError("It is gone."), AccessRefusedError("It is gone.", code="UnrecognizedClientException")]
)
async def test_why_there_is_none_is_told_and_the_next_one_asks_again(path: Path, answer: Any) -> None:
    made, client = voice_cache(path, answer)
    with pytest.raises(VoiceMissingError, match="It is gone"):
        await made.load()
    assert client.failures == [answer]
    client.answer = LISTED
    await made.load()
    assert names(made) == ["Matthew"]
    await made.close()


async def test_one_failure_on_the_way_is_no_reason_to_do_without(path: Path) -> None:
    made, client = voice_cache(path, UnreachableError("It is gone."))
    client.is_gone_once = True
    await made.load()
    assert (names(made), client.asked, client.failures) == (["Matthew"], 2, [])
    await made.close()


async def test_a_service_without_voices_is_told_and_not_kept(path: Path) -> None:
    made, _ = voice_cache(path, {"Voices": []})
    with pytest.raises(VoiceMissingError):
        await made.load()
    await made.close()
    assert not path.exists()


async def test_who_may_not_list_has_the_names_there_are(path: Path) -> None:
    made, client = voice_cache(path, PermissionMissingError("no", code="AccessDeniedException"))
    await made.load()
    assert [voice.id for voice in voice_list.stream_voices(made.entries)] == ["polly/Amy", "polly/Matthew"]
    assert len(client.failures) == 1
    await made.close()
    assert not path.exists()  # it may be allowed tomorrow


async def test_a_broken_file_is_requested_again(path: Path) -> None:
    path.write_text("[{")
    made, _ = voice_cache(path, LISTED)
    await made.load()
    assert names(made) == ["Matthew"]
    await made.close()


async def test_closing_stops_asking(path: Path) -> None:
    made, client = voice_cache(path, LISTED)
    client.gate.clear()
    loading = asyncio.create_task(made.load())
    while not client.asked:  # noqa: ASYNC110 - a file is read on a thread meanwhile
        await asyncio.sleep(0)
    await made.close()
    with pytest.raises(asyncio.CancelledError):
        await loading
    assert made.entries == []


async def test_each_region_has_a_list_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "voices.json"
    voice_list.write(tmp_path / "voices-eu-central-1.json", KEPT)
    for region, found, asked in (("eu-central-1", "Vicki", 0), ("us-east-1", "Matthew", 1)):
        made, client = voice_cache(path, LISTED)
        client.where = region
        await made.load()
        assert names(made) == [found]
        assert client.asked == asked
        await made.close()
    assert (tmp_path / "voices-us-east-1.json").exists()
