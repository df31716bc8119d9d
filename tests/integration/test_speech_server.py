"""A speech server with OpenAI's interface: what is heard, what it is asked, and how a reading goes on when it fails."""

from __future__ import annotations

from typing import Any

import pytest

from reader.errors import (
    AccessRefusedError,
    ConnectionBrokenError,
    HarkenError,
    RequestRefusedError,
    ServiceFailedError,
    StreamCorruptError,
    ThrottledError,
)
from reader.flow import AudioChunk, SpeechRequest
from reader.http.address import ServerAddress
from reader.voices.server.engine import Choices, ServerEngine
from tests.fakes.heard_desk import numbered
from tests.fakes.polly_service import hear, words
from tests.fakes.server_desk import desk
from tests.fakes.speech_server import RATE_HZ, SpeechServer, Trouble, wav_header

TEXT = numbered(6, words_each=4)
FIRST = TEXT.split(". ")[0] + "."


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is not to be asked for what is on this computer."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")


@pytest.mark.parametrize("output_format", ["pcm", "wav", "mp3"])
async def test_a_text_is_heard_word_for_word(output_format: str) -> None:
    async with desk(output_format=output_format) as it:
        assert await it.read(TEXT) == words(TEXT)
        assert it.endings == [True]
        assert set(it.voices) == {"server/alloy"}
        assert it.notices == []
        assert {asked.values["response_format"] for asked in it.server.asked} == {output_format}
        assert it.server.most_at_once <= 2


async def test_the_next_sentence_is_asked_for_while_one_is_being_spoken() -> None:
    async with desk() as it:
        it.server.holds = lambda text: True
        it.begin(TEXT)
        await it.server.until(lambda: len(it.server.texts) == 2)
        it.server.may_end.set()
        await it.until(lambda: bool(it.endings))
        assert words(" ".join(it.server.texts)) == words(TEXT)


async def test_sound_is_heard_before_all_of_it_is_there() -> None:
    """A sentence of which only the beginning has come."""
    async with desk() as it:
        it.server.troubles = [Trouble(cut_at_bytes=24_000, stalls=True)]
        it.begin(TEXT)
        await it.until(lambda: bool(it.ear.heard))
        assert not it.server.may_end.is_set()


async def test_it_reads_any_script_as_its_language_is_not_known() -> None:
    async with desk() as it:
        it.begin("Москва и 東京 and Paris.")
        await it.until(lambda: bool(it.endings))
        assert it.server.texts == ["Москва и 東京 and Paris."]
        assert set(it.voices) == {"server/alloy"}


@pytest.mark.noisy
async def test_its_key_is_sent_to_it_and_a_model_only_where_one_is_named() -> None:
    async with desk(SpeechServer(key="secret-1234"), key="secret-1234") as it:
        assert await it.read(TEXT) == words(TEXT)
        assert {asked.key for asked in it.server.asked} == {"secret-1234"}
    async with desk(model="") as it:
        it.begin(FIRST)
        await it.until(lambda: bool(it.endings))
        assert "you must provide a model parameter" in it.notices[0]


async def test_a_wav_of_another_rate_and_two_channels_keeps_its_pitch() -> None:
    server = SpeechServer()
    server.rate_hz = 22_050
    async with desk(server, output_format="wav") as it:
        assert await it.read(TEXT) == words(TEXT)


@pytest.mark.noisy
@pytest.mark.parametrize(
    ("options", "server", "told"),
    [
        ({}, SpeechServer(key="k"), "requires a key"),
        ({"key": "wrong"}, SpeechServer(key="k"), "does not accept your key"),
        ({"voice": "nobody"}, SpeechServer(), "refused: “Input should be one of alloy”"),
        ({"model": "none"}, SpeechServer(), "does not have this model"),
        ({"output_format": "opus"}, SpeechServer(), "refused: “the response_format 'opus' is not built in”"),
    ],
)
async def test_what_it_refuses_is_told_and_another_voice_reads(
    options: dict[str, Any], server: SpeechServer, told: str
) -> None:
    async with desk(server, **options) as it:
        assert await it.read(TEXT) == words(TEXT)
        assert set(it.voices) == {"local/en"} or set(it.voices) == {it.local.voices()[0].id}
        assert len(it.notices) == 1
        assert told in it.notices[0]
        assert it.notices[0].endswith("continues.")


GARBAGE = bytes(range(256)) * 40


@pytest.mark.noisy
@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (Trouble(429, {"retry-after": "30"}), "too many requests"),
        (Trouble(429, body=b'{"error": {"code": "insufficient_quota"}}'), "You have no credit left"),
        (Trouble(402), "You have no credit left"),
        (Trouble(403), "requires a key"),
        (Trouble(404), "There is no speech server at http://127.0.0.1:"),
        (Trouble(301, {"location": "http://elsewhere.example/"}), "redirects Harken to a different address"),
        (Trouble(413), "too long"),
        (Trouble(422, body=b'{"detail": [{"msg": "voice not loaded"}]}'), "refused: “voice not loaded”"),
        (Trouble(type="text/html", garbage=b"<html>Welcome to my router</html>"), "sent “text/html” instead of sound"),
        (Trouble(type="application/json", garbage=b'{"error": "no"}'), "sent “application/json” instead of sound"),
    ],
)
async def test_a_fault_that_lasts_has_another_voice_read_on(trouble: Trouble, told: str) -> None:
    async with desk() as it:
        it.server.troubles = [None, *[trouble] * 20]
        assert await it.read(TEXT) == words(TEXT)
        assert it.voices[0] == "server/alloy"
        assert it.voices[-1] == it.local.voices()[0].id
        assert len(it.notices) == 1
        assert told in it.notices[0]


@pytest.mark.noisy
@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(500),
        Trouble(503, {"retry-after": "0"}),
        Trouble(429, {"retry-after": "0"}),
        Trouble(cut_at_bytes=0),
        Trouble(cut_at_bytes=0, stalls=True),
    ],
)
async def test_a_fault_that_passes_is_not_noticed(trouble: Trouble) -> None:
    async with desk(answer_limit_s=0.3) as it:
        it.server.troubles = [None, trouble]
        assert await it.read(TEXT) == words(TEXT)
        assert set(it.voices) == {"server/alloy"}
        assert it.notices == []


@pytest.mark.noisy
@pytest.mark.parametrize("output_format", ["wav", "mp3"])
async def test_garbage_instead_of_sound_has_another_voice_read_on(output_format: str) -> None:
    async with desk(output_format=output_format) as it:
        it.server.troubles = [Trouble(garbage=GARBAGE)] * 30
        assert await it.read(TEXT) == words(TEXT)
        assert set(it.voices) == {it.local.voices()[0].id}
        assert "damaged" in it.notices[0]


@pytest.mark.noisy
async def test_one_that_is_not_running_is_told_and_is_used_again_when_it_is() -> None:
    async with desk() as it:
        port, it.server.port = it.server.port, 0
        assert it.server._server
        it.server._server.close()
        assert await it.read(TEXT) == words(TEXT)
        assert f"No speech server answers at http://127.0.0.1:{port}/v1. Start it" in it.notices[0]
        assert set(it.voices) == {it.local.voices()[0].id}


# ---- a call by itself ----


async def call(server: SpeechServer, text: str = "Hello.", answer_limit_s: float = 0.5, **options: str) -> bytes:
    """The sound of a text. Raises HarkenError."""

    async def no_key() -> str:
        return ""

    given = {"voice": "alloy", "model": "tts-1", "output_format": "pcm"} | options
    engine = ServerEngine(Choices(ServerAddress.of(server.url), **given), no_key, answer_limit_s)
    try:
        await engine.start()
        stream = engine.open_stream(1)
        await stream.send(SpeechRequest(1, 0, text, engine.voices()[0], 1.0))
        await stream.finish()
        chunks: list[AudioChunk] = [chunk async for chunk in stream]
        assert [chunk.is_last for chunk in chunks] == [*[False] * (len(chunks) - 1), True]
        return b"".join(chunk.pcm for chunk in chunks)
    finally:
        server.may_end.set()
        await engine.close()


@pytest.mark.noisy
@pytest.mark.parametrize(
    ("trouble", "kind", "code"),
    [
        (Trouble(401), AccessRefusedError, "401"),
        (Trouble(403), AccessRefusedError, "403"),
        (Trouble(404), RequestRefusedError, "404"),
        (Trouble(429, {"retry-after": "7"}), ThrottledError, "429"),
        (Trouble(500), ServiceFailedError, "500"),
        (Trouble(cut_at_bytes=9601), ConnectionBrokenError, ""),
        (Trouble(cut_at_bytes=9600, stalls=True), ConnectionBrokenError, ""),
        (Trouble(garbage=b""), StreamCorruptError, ""),
        (Trouble(type="text/plain", garbage=b"no"), RequestRefusedError, "content-type"),
        (Trouble(type="audio/flac", garbage=b"fLaC"), RequestRefusedError, "content-type"),
        (Trouble(type="audio/wav", garbage=b"RIFF1234WAVEdata\0\0\0\0"), StreamCorruptError, ""),
        (Trouble(type="audio/wav", garbage=b"RIFF"), StreamCorruptError, ""),
        (Trouble(type="audio/wav", garbage=b"RIFF\0\0\0\0WAVE" + b"junk\xff\xff\xff\x7f" * 9), StreamCorruptError, ""),
        (Trouble(type="audio/mpeg", garbage=GARBAGE), StreamCorruptError, ""),
    ],
)
async def test_each_fault_has_its_sentence(trouble: Trouble, kind: type[HarkenError], code: str) -> None:
    async with SpeechServer() as server:
        server.troubles = [trouble]
        with pytest.raises(kind) as raised:
            await call(server, "Hello there, this is a longer sentence.")
        assert raised.value.sentence.endswith(".")
        assert getattr(raised.value, "code", "") == code
        if trouble.headers:
            assert getattr(raised.value, "retry_after_s", 0) == 7


async def test_what_comes_counts_and_not_what_was_asked_for() -> None:
    """Some servers send WAV or MP3 whatever they were asked, and call it by any name."""
    plain = b"\0\0" * 2400
    async with SpeechServer() as server:
        wanted = await call(server)
        for content_type in ("audio/wav", "audio/pcm", "application/octet-stream"):
            sound = wav_header(RATE_HZ) + plain + wanted + plain
            server.troubles = [Trouble(type=content_type, garbage=sound)]
            made = await call(server)
            assert hear(made, RATE_HZ, ["Hello"]) == ["Hello"]
            assert len(made) < len(sound)
        server.troubles = [None]
        assert hear(await call(server, output_format="mp3"), RATE_HZ, ["Hello"]) == ["Hello"]


async def test_what_is_no_word_ends_all_the_same() -> None:
    async with SpeechServer() as server:
        assert await call(server, " ") == b""
        assert server.asked == []


async def test_a_connection_is_kept_for_the_next_sentence() -> None:
    async with desk() as it:
        assert await it.read(TEXT) == words(TEXT)
        assert len(it.server.texts) > 4
        assert it.server.connections <= 2
