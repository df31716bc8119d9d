"""The stand-in for Amazon Polly: text in, sound out, what it bills, and how long a stream may be silent and live."""

from __future__ import annotations

import json

import miniaudio
import pytest

from reader.voices.polly.events import SpeechParameters, close_event, text_event
from tests.fakes.polly_service import PollyService, hear, words
from tests.fakes.polly_service import speak as sound_of
from tests.integration.polly_client import connected, opened, speak

pytestmark = pytest.mark.own_time

TEXT = "Hello there, my friend. And how are you today? I am"


# ---- what is right ----


async def test_text_in_pieces_is_joined_and_spoken() -> None:
    async with PollyService() as service:
        stream = await speak(service, "Hello there, my ", "friend. And how", " are you today? I am")
        assert hear(stream.audio, 16000, words(TEXT)) == words(TEXT)
        assert stream.closed
        assert stream.closed.request_chars == len(TEXT) == service.billed_chars
        record = service.streams[0]
        assert record.spoken == ["Hello there, my friend. ", "And how are you today? ", "I am"]
        assert stream.audio == b"".join(sound_of(sentence, 16000) for sentence in record.spoken)
        assert [event.name for event in record.events] == ["TextEvent"] * 3 + ["CloseStreamEvent"]
        await service.until(lambda: record.is_end_signed)


@pytest.mark.parametrize("name", ["mp3", "ogg_vorbis"])
@pytest.mark.parametrize("rate_hz", [16000, 24000])
async def test_packed_sound_has_every_word(name: str, rate_hz: int) -> None:
    async with PollyService() as service:
        stream = await speak(service, TEXT, parameters=SpeechParameters("Matthew", name, rate_hz))
        decoded = miniaudio.decode(stream.audio, nchannels=1, sample_rate=rate_hz)
        assert hear(decoded.samples.tobytes(), rate_hz, words(TEXT)) == words(TEXT)


async def test_without_a_rate_it_is_the_formats_own() -> None:
    async with PollyService() as service, connected(service) as client:
        opening = client.opening()
        opening.set("x-amzn-samplerate", None)
        stream = await client.open(opening)
        await stream.text("Hello.")
        await stream.close()
        assert (await stream.end()).audio == sound_of("Hello.", 16000)


async def test_a_sentence_waits_for_what_follows_it_or_for_force() -> None:
    async with PollyService() as service, connected(service) as client:
        stream = await opened(client)
        record = service.streams[0]
        await stream.text("It is 3.")
        await service.until(lambda: len(record.events) == 1)
        assert record.spoken == []
        await stream.text("14 today. And")
        await stream.until_audio()
        assert record.spoken == ["It is 3.14 today. "]
        await stream.text(" so", is_forced=True)
        await service.until(lambda: len(record.spoken) == 2)
        assert record.spoken[1] == "And so"


@pytest.mark.parametrize(("joins_blank", "heard"), [(True, ["One", "two"]), (False, ["Onetwo"])])
async def test_a_blank_keep_alive_may_join_the_text_or_not(joins_blank: bool, heard: list[str]) -> None:
    async with PollyService() as service:
        service.joins_blank = joins_blank
        stream = await speak(service, "One", " ", "", "two")
        assert hear(stream.audio, 16000, ["One", "two", "Onetwo"]) == heard


async def test_documents_and_plain_text_alternate() -> None:
    async with PollyService() as service, connected(service) as client:
        stream = await opened(client)
        await stream.text("Before")
        await stream.text("<speak>Within <break/>the document</speak>", is_ssml=True)
        await stream.text(" after.")
        await stream.close()
        await stream.end()
        assert stream.closed
        assert service.streams[0].spoken == ["Before", "Within the document", " after."]
        assert stream.closed.request_chars == len("BeforeWithin the document after.")


async def test_only_what_is_synthesized_is_billed() -> None:
    sentences = [f"This is sentence {number} of many. " for number in range(40)]
    async with PollyService() as service:
        service.pace = 20.0
        async with connected(service) as client:
            stream = await opened(client)
            await stream.text("".join(sentences))
            await service.until(lambda: len(service.streams[0].spoken) == 2)
            await stream.reset()
            await service.until(lambda: service.streams[0].end == "reset: CANCEL")
            billed = service.billed_chars
            again = await client.open()
            await again.text("Again.")
            await again.close()
            await again.end()
        assert service.streams[0].spoken == sentences[: len(service.streams[0].spoken)]
        assert billed == sum(map(len, service.streams[0].spoken)) < len("".join(sentences))
        assert service.billed_chars == billed + len("Again.")
        # One handshake, one connection: the reset made it free at once.
        assert (service.handshakes, service.refused_streams) == (1, 0)


async def test_sound_comes_no_faster_than_it_is_made() -> None:
    async with PollyService() as service:
        service.pace, service.first_audio_s = 40.0, 0.05
        stream = await speak(service, TEXT)
        record = service.streams[0]
        # Lower limits: a busy machine passes them the better.
        assert record.first_audio_s - record.events[0].at_s >= 0.05
        last_event_s = service.event_bytes / 2 / 16000
        length_s = len(stream.audio) / 2 / 16000 - last_event_s
        assert service.clock() - record.first_audio_s >= length_s / service.pace


async def test_sound_in_real_time_is_not_there_before_its_time() -> None:
    async with PollyService() as service:
        service.pace = 1.0
        async with connected(service) as client:
            stream = await opened(client)
            await stream.text("A sentence of some hundred letters takes a good many seconds to be said aloud by it. ")
            await stream.until_audio()
            whole = len(sound_of(service.streams[0].spoken[0], 16000))
            assert service.streams[0].audio_bytes < whole / 2


@pytest.mark.parametrize("answers_early", [False, True])
async def test_the_answer_begins_with_the_first_event_or_before(answers_early: bool) -> None:
    async with PollyService() as service:
        service.answers_early = answers_early
        async with connected(service) as client:
            stream = await opened(client)
            if answers_early:
                await client.until(lambda: stream.status == 200)
            await stream.text("Hello. ")
            await stream.until_audio()
            assert stream.status == 200


# ---- limits ----


@pytest.mark.parametrize(
    "whole",
    [
        text_event("a" * 3000),
        text_event(f"<speak>{'a' * 3000}</speak>", is_ssml=True),
        text_event(f"<speak>{'<break/>' * 748}</speak>", is_ssml=True),
    ],
    ids=["plain", "billed", "markup"],
)
async def test_an_event_may_be_as_long_as_the_limits(whole: bytes) -> None:
    async with PollyService() as service, connected(service) as client:
        stream = await opened(client)
        await stream.event(whole)
        await stream.close()
        assert (await stream.end()).closed


async def test_a_stream_without_any_event_is_ended_as_an_answer() -> None:
    async with PollyService() as service:
        service.silence_s = 0.05
        async with connected(service) as client:
            stream = await (await opened(client)).end()
            assert stream.status == 402
            assert stream.said_no.startswith("ServiceQuotaExceededException")
            assert json.loads(stream.body)["quotaCode"] == "input-stream-inbound-event-timeout"


@pytest.mark.parametrize(
    ("silence_s", "age_s", "code"),
    [(0.2, 600.0, "input-stream-inbound-event-timeout"), (600.0, 0.2, "input-stream-timeout")],
)
async def test_silence_and_age_end_a_stream(silence_s: float, age_s: float, code: str) -> None:
    async with PollyService() as service:
        service.silence_s, service.age_s = silence_s, age_s
        service.answers_early = True  # however late the text comes
        async with connected(service) as client:
            stream = await opened(client)
            await stream.text("Hello")
            await stream.end()
            assert stream.exception
            assert stream.exception.name == "ServiceQuotaExceededException"
            assert stream.exception.fields["quotaCode"] == code
            assert stream.exception.fields["serviceCode"] == "polly"
            assert service.streams[0].spoken == []  # and what was not spoken costs nothing


async def test_blank_events_keep_a_stream_until_its_age_ends_it() -> None:
    async with PollyService() as service:
        service.silence_s, service.age_s = 1.0, 2.5
        async with connected(service) as client:
            stream = await opened(client)
            while not stream.is_ended:
                await stream.text(" ")
                await service.wait(0.02)
            assert stream.exception
            assert stream.exception.fields["quotaCode"] == "input-stream-timeout"


@pytest.mark.parametrize("is_whole", [True, False], ids=["and body", "only"])
async def test_age_ends_a_stream_whose_text_was_ended(is_whole: bool) -> None:
    async with PollyService() as service:
        service.pace, service.silence_s, service.age_s = 1.0, 1.0, 2.0
        async with connected(service) as client:
            stream = await opened(client)
            await stream.text("A sentence of some hundred letters takes a good many seconds to be said aloud by it. ")
            await (stream.close() if is_whole else stream.event(close_event()))
            await stream.end()
            # Behind the close nothing more is waited for: it was not the silence.
            assert stream.exception
            assert stream.exception.fields["quotaCode"] == "input-stream-timeout"
            assert stream.audio
