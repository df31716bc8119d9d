"""The official AWS SDK for JavaScript runs clean against the stand-in for Amazon Polly, so the stand-in is one."""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import miniaudio
import pytest

from tests.fakes.polly_peer import Peer, missing, official_sdk
from tests.fakes.polly_service import VOICES, Account, PollyService, hear, words
from tests.fakes.polly_service import speak as sound_of

# In CI what is missing fails.
pytestmark = pytest.mark.skipif(bool(missing()) and not os.environ.get("CI"), reason=f"not installed: {missing()}")

TEXT = "Hello there, my friend. And how are you today? I am"
SENTENCES = ["Hello there, my friend. ", "And how are you today? ", "I am"]


@asynccontextmanager
async def talking(folder: Path, service: PollyService, *, secret_key: str = "") -> AsyncIterator[Peer]:
    account = service.account
    async with (
        service,
        official_sdk(
            folder,
            service.endpoint,
            service.write_ca(folder),
            access_key=account.access_key,
            secret_key=secret_key or account.secret_key,
            token=account.token,
        ) as peer,
    ):
        yield peer


def sound(answer: dict[str, Any]) -> bytes:
    return base64.b64decode(answer["audio"])


def is_clean(service: PollyService) -> bool:
    """Whether nobody found anything wrong with the other."""
    assert (service.broken, service.refused_streams, service.refusals) == (0, 0, [])
    assert not any(service.goodbyes)
    assert [(stream.end, stream.breach) for stream in service.streams] == [("closed", "")] * len(service.streams)
    return all(stream.is_end_signed for stream in service.streams)


@pytest.mark.parametrize("token", ["", "token"], ids=["keys", "session"])
async def test_text_in_pieces_is_spoken(tmp_path: Path, token: str) -> None:
    service = PollyService(account=Account(token=token))
    async with talking(tmp_path, service) as peer:
        pieces = [f"{word} " for word in TEXT.split()]
        pieces[-1] = pieces[-1].strip()
        answer = await peer.stream(*pieces, every_ms=2, audio=True)
        assert sound(answer) == b"".join(sound_of(sentence, 16000) for sentence in SENTENCES)
        assert answer["closed"] is True
        assert answer["request_chars"] == len(TEXT) == service.billed_chars
        (stream,) = service.streams
        assert [event.text for event in stream.events] == [*pieces, ""]
        assert stream.events[-1].name == "CloseStreamEvent"
        assert stream.spoken == SENTENCES
        assert await peer.close() == 0
    assert is_clean(service)


async def test_sound_comes_while_the_text_goes_on(tmp_path: Path) -> None:
    service = PollyService()
    async with talking(tmp_path, service) as peer:
        pieces = [{"text": "One. Two"}, {"text": " three.", "hold": True}]
        answer = await peer.ask("stream", pieces=pieces)
        assert [note["event"] for note in peer.notes] == [*("first_text", "answer", "first_audio", "last_text", "done")]
        assert answer["closed"] is True
        assert service.streams[0].spoken == ["One. ", "Two three."]
    assert is_clean(service)


async def test_force_and_documents(tmp_path: Path) -> None:
    service = PollyService()
    async with talking(tmp_path, service) as peer:
        pieces = [
            {"text": "One", "force": True},
            {"text": " two", "hold": True},
            {"text": "<speak>Three <break/>four</speak>", "ssml": True},
            {"text": " "},
        ]
        answer = await peer.ask("stream", pieces=pieces, audio=True)
        (stream,) = service.streams
        assert stream.spoken == ["One", " two", "Three four"]
        assert [event.is_forced for event in stream.events] == [True, False, False, False, False]
        assert [event.is_ssml for event in stream.events] == [False, False, True, False, False]
        assert hear(sound(answer), 16000, words("One two Three four")) == words("One two Three four")
    assert is_clean(service)


@pytest.mark.parametrize("name", ["mp3", "ogg_vorbis"])
async def test_packed_sound(tmp_path: Path, name: str) -> None:
    service = PollyService()
    async with talking(tmp_path, service) as peer:
        answer = await peer.stream(TEXT, format=name, rate=24000, audio=True)
        decoded = miniaudio.decode(sound(answer), nchannels=1, sample_rate=24000)
        assert hear(decoded.samples.tobytes(), 24000, words(TEXT)) == words(TEXT)
    assert is_clean(service)


async def test_a_long_text_goes_through_the_windows_of_both(tmp_path: Path) -> None:
    text = "".join(f"This is sentence {number} of a long text. " for number in range(60))
    service = PollyService()
    service.window_bytes = 1024
    async with talking(tmp_path, service) as peer:
        answer = await peer.stream(*(text[at : at + 700] for at in range(0, len(text), 700)), audio=True)
        assert "".join(service.streams[0].spoken) == text
        assert sound(answer) == b"".join(sound_of(sentence, 16000) for sentence in service.streams[0].spoken)
        assert answer["request_chars"] == len(text)
    assert is_clean(service)


async def test_streams_on_new_connections_and_on_one(tmp_path: Path) -> None:
    service = PollyService()
    async with talking(tmp_path, service) as peer:
        for connection in ("new", "new", "warm", "warm", "warm"):
            assert (await peer.stream("Hello.", connection=connection))["closed"] is True
        first, second, *warm = [stream.connection for stream in service.streams]
        assert len({first, second, *warm}) == 3
        assert len(warm) == 3
    assert is_clean(service)


async def test_the_other_operations(tmp_path: Path) -> None:
    service = PollyService()
    async with talking(tmp_path, service) as peer:
        speech = await peer.ask("speech", text=TEXT, audio=True)
        assert sound(speech) == sound_of(TEXT, 16000)
        assert (speech["request_chars"], speech["content_type"]) == (len(TEXT), "audio/pcm")
        found = await peer.ask("voices", engine="generative")
        assert found["voices"] == [voice.id for voice in VOICES if "generative" in voice.engines]
        assert {request.path for request in service.requests} == {"/v1/speech", "/v1/voices"}
    assert is_clean(service)


async def test_legal_oddities(tmp_path: Path) -> None:
    service = PollyService()
    service.early_hints = service.has_trailers = service.answers_early = service.resets_unread = True
    async with talking(tmp_path, service) as peer:
        with service.faults.ping_flood(100, after_bytes=1):
            answer = await peer.stream(TEXT, audio=True)
        assert hear(sound(answer), 16000, words(TEXT)) == words(TEXT)
    assert is_clean(service)


@pytest.mark.parametrize("do", ["stream", "speech"])
async def test_it_takes_the_stand_ins_refusals_for_the_services(tmp_path: Path, do: str) -> None:
    service = PollyService()
    async with talking(tmp_path, service) as peer:
        options: dict[str, Any] = {"pieces": [{"text": "Hello."}]} if do == "stream" else {"text": "Hello."}
        refused = await peer.ask(do, voice="Ivy", **options)
        name = "ValidationException" if do == "stream" else "EngineNotSupportedException"
        assert (refused["error"], refused["status"]) == (name, 400)
        assert "does not support the generative engine" in refused["message"]
        # And goes on.
        assert "error" not in await peer.ask(do, **options)


async def test_it_takes_exceptions_in_a_stream_for_the_services(tmp_path: Path) -> None:
    service = PollyService()
    async with talking(tmp_path, service) as peer:
        too_long = await peer.stream("a" * 3001)
        assert too_long["error"] == "ValidationException"
        service.silence_s = 0.1
        held = await peer.ask("stream", pieces=[{"text": "Hello"}, {"text": " there.", "hold": True}])
        assert held["error"] == "ServiceQuotaExceededException"
        service.silence_s = 5.0
        with service.faults.exception("ThrottlingException", after_bytes=3200):
            assert (await peer.stream(TEXT))["error"] == "ThrottlingException"
        assert service.broken == 0


async def test_wrong_keys_are_refused(tmp_path: Path) -> None:
    service = PollyService()
    async with talking(tmp_path, service, secret_key="wrong") as peer:
        assert (await peer.stream("Hello."))["status"] == 403
        assert (await peer.ask("speech", text="Hello."))["error"] == "InvalidSignatureException"
        assert service.streams == []
        assert len(service.refusals) == 2


async def test_it_measures(tmp_path: Path) -> None:
    service = PollyService()
    async with talking(tmp_path, service) as peer:
        answer = await peer.stream("One. ", "Two. ", every_ms=5)
        assert 0 <= answer["first_text"] <= answer["first_audio"] <= answer["ms"]
        assert answer["first_text"] < answer["last_text"]
        assert answer["bytes"] == service.streams[0].audio_bytes
        assert answer["cpu_ms"] > 0
        assert answer["max_rss_bytes"] >= answer["rss_bytes"] > 1 << 20
        assert "audio" not in answer
