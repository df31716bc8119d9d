"""Formats, languages, lexicons and operations that are asked for, and what is done where they are refused."""

from __future__ import annotations

import asyncio
import gc
import itertools
from pathlib import Path

import pytest

from reader.flow import Command, Trigger
from reader.voices.polly.synthesis_stream import Limits
from tests.fakes.heard_desk import numbered
from tests.fakes.polly_desk import desk
from tests.fakes.polly_service import Account, PollyService, words
from tests.integration.test_polly_failures import check_heard

pytestmark = [pytest.mark.own_time, pytest.mark.usefixtures("nothing_left")]

TEXT = numbered(6)
NEURAL = "polly-sentences/Ivy-neural"


def taking(*formats: tuple[str, int]) -> PollyService:
    """A service that makes no others."""
    service = PollyService()
    service.formats = {key: made for key, made in service.formats.items() if key in formats}
    return service


def asked_formats(service: PollyService) -> list[tuple[str, str]]:
    return [(s.headers["x-amzn-outputformat"], s.headers["x-amzn-samplerate"]) for s in service.streams]


# ---- formats ----


@pytest.mark.parametrize("kind", [("mp3", 24000), ("ogg_vorbis", 24000)])
@pytest.mark.parametrize("voice", ["polly/Matthew", NEURAL])
async def test_packed_sound_is_heard_word_for_word(tmp_path: Path, kind: tuple[str, int], voice: str) -> None:
    async with desk(tmp_path, formats=(kind,)) as d:
        for event_bytes in (3200, 70):
            d.service.event_bytes = event_bytes
            assert await d.read(TEXT, voice=voice) == words(TEXT)
        assert set(d.voices) == {voice}
        assert d.notices == []


@pytest.mark.noisy
async def test_a_format_that_is_refused_gives_way_to_the_next_for_good(tmp_path: Path) -> None:
    service = taking(("mp3", 24000))
    async with desk(tmp_path, service) as d:
        for _ in range(2):
            assert await d.read(TEXT) == words(TEXT)
        assert len(service.refusals) == 1
        assert dict(d.engine.refused_formats) == {"Matthew": (("pcm", 16000),)}
        assert set(d.voices) == {"polly/Matthew"}
        assert d.notices == []


@pytest.mark.noisy
async def test_where_all_formats_are_refused_another_voice_reads_and_says_so_once(tmp_path: Path) -> None:
    service = taking()
    async with desk(tmp_path, service) as d:
        assert await d.read(TEXT) == words(TEXT)
        assert len(service.refusals) == 3
        assert set(d.voices) == {"local/en"}
        assert len(d.notices) == 1
        # It was not the format, so all of them may be tried again.
        assert dict(d.engine.refused_formats) == {}


# ---- what is asked for ----


@pytest.mark.parametrize("voice", ["polly/Matthew", NEURAL])
async def test_lexicons_are_sent_along(tmp_path: Path, voice: str) -> None:
    service = PollyService()
    service.lexicons = {"names", "places"}
    async with desk(tmp_path, service, lexicons=("names", "places")) as d:
        assert await d.read(TEXT, voice=voice) == words(TEXT)
        if voice == NEURAL:
            bodies = [request.body for request in service.requests if request.path == "/v1/speech"]
            assert all(b'"LexiconNames": ["names", "places"]' in body for body in bodies)
        else:
            (stream,) = service.streams
            assert stream.headers["x-amzn-lexiconnames"].replace(" ", "") == "names,places"
        assert d.notices == []


@pytest.mark.parametrize(
    ("voice", "language"), [("polly/Kajal@hi-IN", "hi-IN"), ("polly-sentences/Kajal-neural@hi-IN", "hi-IN")]
)
async def test_the_second_language_of_a_voice_is_asked_for(tmp_path: Path, voice: str, language: str) -> None:
    # In letters that any voice has, for the stand-in for local voices has no others.
    async with desk(tmp_path) as d:
        await d.read("namaste", voice=voice)
        asked = [s.headers.get("x-amzn-languagecode") for s in d.service.streams]
        asked += [language for r in d.service.requests if f'"LanguageCode": "{language}"'.encode() in r.body]
        assert asked
        await d.read("hello", voice=voice.partition("@")[0])
        assert [s.headers.get("x-amzn-languagecode") for s in d.service.streams[1:]] in ([], [None])


# ---- sentence by sentence ----


async def test_sentences_are_heard_word_for_word(tmp_path: Path) -> None:
    text = numbered(20)
    async with desk(tmp_path) as d:
        assert await d.read(text, voice=NEURAL) == words(text)
        assert d.service.streams == []
        assert len(d.service.speeches) >= 20
        assert d.spending.this_month.billed == d.service.speech_chars
        assert d.notices == []


async def test_no_more_than_the_next_sentence_is_asked_for_ahead(tmp_path: Path) -> None:
    text = numbered(30)
    service = PollyService()
    service.pace = 6.0
    async with desk(tmp_path, service, pace=4.0) as d:
        d.begin(text, voice=NEURAL)
        await d.until(lambda: len(d.voices) >= 2)
        # One at the ear, the one behind it, and what waits in front of the ear.
        sound_s = len(d.ear.heard) / 2 / d.ear.rate_hz + d.player.ahead_s
        assert len(service.speeches) - len(d.voices) <= 2 + sound_s / 1.5
        d.controller.handle(Trigger(Command.STOP))
        asked = len(service.speeches)
        assert asked < 30
        await service.until(lambda: service.open_connections <= 1)
        assert len(service.speeches) == asked


always = float("inf")


# Who stops waiting for a connection in the very turn in which it is made leaves its socket to be collected (CPython).
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.noisy
@pytest.mark.parametrize(
    ("status", "name", "times", "told"),
    [
        (500, "", 1, ""),
        (500, "", always, "has an internal problem"),
        (403, "UnrecognizedClientException", 1, ""),
        (403, "AccessDeniedException", always, "not allowed to use this voice"),
        (400, "ThrottlingException", always, "too many requests"),
        (400, "InvalidSampleRateException", 1, ""),
    ],
)
async def test_sentences_that_are_refused(tmp_path: Path, status: int, name: str, times: float, told: str) -> None:
    async with desk(tmp_path) as d:
        await d.engine.start()
        with d.service.faults.http_error(status, name, times=times) as fault:
            heard = await d.read(TEXT, voice=NEURAL)
        assert fault.hits
        check_heard(TEXT, heard, repeats=0)
        assert set(d.voices) == ({"local/en"} if told else {NEURAL})
        assert len(d.notices) == bool(told)
        assert told in "".join(d.notices)
        assert d.endings == [True]
    gc.collect()  # of which no other test is to hear


@pytest.mark.noisy
async def test_an_answer_that_is_cut_off_is_asked_for_again(tmp_path: Path) -> None:
    text = numbered(12)
    service = PollyService()
    service.pace = 30.0
    async with desk(tmp_path, service, pace=10.0, limits=Limits(stall_s=1.0)) as d:
        d.begin(text, voice=NEURAL)
        await d.until(lambda: len(d.voices) >= 2)
        async with service.faults.no_network():
            pass
        await d.until(lambda: d.endings)
        check_heard(text, d.heard_words(text))
        assert d.endings == [True]


# ---- regions and rights ----


@pytest.mark.noisy
async def test_a_region_without_streams_is_read_sentence_by_sentence(tmp_path: Path) -> None:
    service = PollyService()
    service.lacks_streams = True
    async with desk(tmp_path, service) as d:
        for _ in range(2):
            assert await d.read(TEXT) == words(TEXT)
        assert len(service.refusals) == 1
        assert service.speeches
        assert set(d.voices) == {"polly/Matthew"}
        assert d.notices == []


@pytest.mark.noisy
async def test_a_region_without_streams_is_not_asked_word_by_word(tmp_path: Path) -> None:
    service = PollyService()
    service.lacks_streams = True
    async with desk(tmp_path, service) as d:
        await d.read(TEXT)  # finds it out
        service.speeches.clear()
        reading = d.begin("", is_whole=False)
        for word in TEXT.split(" "):
            reading.feed(word + " ")
            await asyncio.sleep(0)
        reading.close()
        count = len(d.endings)
        await d.until(lambda: len(d.endings) > count)
        assert words(" ".join(service.speeches)) == words(TEXT)
        assert len(service.speeches) <= TEXT.count(".") + 1


@pytest.mark.noisy
async def test_who_may_not_list_voices_may_still_speak(tmp_path: Path) -> None:
    account = Account()
    account.denied.add("DescribeVoices")
    async with desk(tmp_path, PollyService(account=account)) as d:
        assert await d.read(TEXT) == words(TEXT)
        assert set(d.voices) == {"polly/Matthew"}
        assert d.notices == []


# ---- idleness ----


async def test_unused_connections_are_closed_and_reading_works_afterwards(tmp_path: Path) -> None:
    async with desk(tmp_path, idle_s=0.3) as d:
        await d.engine.start()
        before = 0
        for _ in range(2):
            assert await d.read(TEXT) == words(TEXT)
            # What asked for the list of voices is another client's.
            await d.service.until(lambda: d.service.open_connections <= 1)
            assert d.service.handshakes > before
            before = d.service.handshakes
        assert set(d.voices) == {"polly/Matthew"}
        assert [end for end, _ in itertools.groupby(s.end for s in d.service.streams)] == ["closed"]
