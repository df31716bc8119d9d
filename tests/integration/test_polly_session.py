"""A reading over Amazon Polly's streams, seen on the wire and heard at the other end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from reader.flow import Command, Trigger
from reader.voices.polly.synthesis_stream import Limits
from tests.fakes.heard_desk import numbered
from tests.fakes.polly_desk import desk
from tests.fakes.polly_service import PollyService, words

pytestmark = pytest.mark.own_time

# How many times faster than a person the listener is, and time passes for the long text.
SCALE = 100.0
# Two for streams, and the one that asked for the list of voices.
WARM = 3


async def test_ten_readings_take_one_handshake(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        text = numbered(3)
        await d.engine.start()
        await d.service.until(lambda: d.service.open_connections == WARM)
        before = d.service.handshakes
        for _ in range(10):
            assert await d.read(text) == words(text)
        assert d.service.handshakes == before
        assert len(d.service.streams) == 10
        assert len({stream.connection for stream in d.service.streams}) == 1
        assert d.notices == []


async def test_headers_and_first_text_leave_in_one_flight(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        for _ in range(3):
            await d.read("Warm are these words. They are many.")
        assert [stream.is_one_flight for stream in d.service.streams] == [True] * 3


async def test_the_first_sentences_go_one_by_one_and_then_paragraphs_whole(tmp_path: Path) -> None:
    w = words(numbered(20))
    clause, rest = f"{w[0]} {w[1]} {w[2]},", f"{w[3]} {w[4]} {w[5]}."
    sentences = [" ".join(w[i : i + 6]) + "." for i in range(6, 96, 6)]
    paragraphs = [" ".join(sentences[0:3]), " ".join(sentences[3:6]), " ".join(sentences[6:9])]
    text = "\n\n".join([f"{clause} {rest} {paragraphs[0]}", *paragraphs[1:]])
    async with desk(tmp_path) as d:
        assert await d.read(text) == words(text)
        (stream,) = d.service.streams
        texts = [(e.text.strip(), e.is_forced) for e in stream.events]
        assert texts[:2] == [(clause, True), (rest, True)]
        assert (sentences[0], True) in texts
        # What was heard by then leaves time for a paragraph's sound to come whole.
        assert texts[-3:] == [(paragraphs[1], True), (paragraphs[2], True), ("", False)]
        assert stream.events[-1].name == "CloseStreamEvent"
        assert stream.end == "closed"
        assert d.spending.this_month.billed == stream.billed_chars


async def test_words_are_passed_on_as_they_come_and_heard_before_the_last(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        text = "One fish jumped, and another swam far away. Later the sun sank behind a quiet lake"
        given = text.split(" ")
        reading = d.begin("", is_whole=False)
        reading.feed("One fish jumped, ")
        await d.until(lambda: d.voices)  # heard, while the text goes on
        (stream,) = d.service.streams
        for word in given[3:8]:
            reading.feed(word + " ")
            await d.service.until(lambda: stream.events[-1].text.strip() == word)  # noqa: B023 - waited for here
        reading.feed("Later the ")
        assert "lake" not in "".join(event.text for event in stream.events)
        assert len(stream.events) > 5  # word by word
        for word in given[10:]:
            reading.feed(word + " ")
        reading.close()
        await d.until(lambda: d.endings)
        assert d.heard_words(text) == words(text)
        assert len(d.service.streams) == 1


async def test_a_source_that_pauses_is_spoken_as_far_as_it_came(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        reading = d.begin("", is_whole=False)
        reading.feed("These words have no end ")
        await d.until(lambda: len(d.heard_words("These words have no end")) == 5)
        reading.feed("but now they have.")
        reading.close()
        await d.until(lambda: d.endings)
        assert d.heard_words("These words have no end but now they have.") == words(
            "These words have no end but now they have."
        )


async def test_an_interrupt_takes_the_second_connection(tmp_path: Path) -> None:
    first, second = numbered(40).split("\n\n", 1)[1], "Something else. It is new."
    service = PollyService()
    service.pace = 20.0
    async with desk(tmp_path, service, pace=4.0) as d:
        await d.engine.start()
        await service.until(lambda: service.open_connections == WARM)
        handshakes = service.handshakes
        d.begin(first)
        await d.until(lambda: d.voices)
        d.ear.heard.clear()
        d.begin(second)
        cut_at = len(d.ear.heard)
        await d.until(lambda: len(d.endings) == 2)
        old, new = service.streams
        assert old.end == "reset: CANCEL"
        assert new.connection != old.connection
        assert new.is_one_flight
        assert service.handshakes == handshakes
        assert cut_at == 0
        assert d.heard_words(second) == words(second)  # and nothing late of the old one
        # What was reset becomes the ready one.
        d.begin(first)
        await d.until(lambda: len(service.streams) == 3)
        d.begin(second)
        await d.until(lambda: len(d.endings) == 4)
        assert len({stream.connection for stream in service.streams}) == 2


@pytest.mark.parametrize("pace", [5.0, 1000.0])
async def test_what_an_interrupt_wastes_is_bounded(tmp_path: Path, pace: float) -> None:
    text = numbered(120)
    service = PollyService()
    service.pace = pace
    async with desk(tmp_path, service, pace=1.0) as d:
        d.begin(text)
        await d.until(lambda: d.voices)
        await service.until(lambda: sum(len(e.text) for e in service.streams[0].events) > 300)
        await asyncio.sleep(0.5)  # for what would come on without a bound
        d.controller.handle(Trigger(Command.STOP))
        await service.until(lambda: service.streams[0].end != "")
        (stream,) = service.streams
        # 20 s of speech, and the paragraph that filled it.
        assert sum(len(e.text) for e in stream.events) < 700 < len(text)
        assert stream.billed_chars < 700
        assert d.spending.this_month.counted <= 700


@pytest.mark.parametrize("joins_blank", [True, False])
async def test_a_paused_reading_keeps_its_stream(tmp_path: Path, joins_blank: bool) -> None:
    text = numbered(60)
    service = PollyService()
    service.silence_s = 1.0
    service.joins_blank = joins_blank
    async with desk(tmp_path, service, pace=25.0, limits=Limits(silence_s=1.0)) as d:
        d.begin(text)
        await d.until(lambda: len(d.voices) > 2)
        d.controller.handle(Trigger(Command.PAUSE))
        (stream,) = service.streams
        blanks = len([e for e in stream.events if not e.text.strip()])
        # Three times as long as the service would wait.
        await service.until(lambda: len([e for e in stream.events if not e.text.strip()]) >= blanks + 5)
        assert stream.end == ""
        d.controller.handle(Trigger(Command.RESUME))
        await d.until(lambda: d.endings)
        assert d.heard_words(text) == words(text)
        assert len(service.streams) == 1
        assert d.notices == []


async def test_a_reading_paused_for_too_long_goes_on_with_the_next_sentence(tmp_path: Path) -> None:
    text = numbered(60)
    service = PollyService()
    service.age_s = 3.0
    async with desk(tmp_path, service, pace=25.0, limits=Limits(silence_s=1.0, age_s=3.0)) as d:
        d.begin(text)
        await d.until(lambda: len(d.voices) > 2)
        d.controller.handle(Trigger(Command.PAUSE))
        await service.until(lambda: service.streams[0].end != "")
        d.controller.handle(Trigger(Command.RESUME))
        await d.until(lambda: d.endings)
        assert d.heard_words(text) == words(text)
        assert len(service.streams) > 1
        assert d.notices == []


async def test_a_long_text_crosses_the_limit_of_a_stream_without_a_seam(tmp_path: Path) -> None:
    text = numbered(400, words_each=7)
    service = PollyService()
    service.age_s = 600 / SCALE
    async with desk(tmp_path, service, pace=SCALE, limits=Limits(age_s=600 / SCALE)) as d:
        await d.engine.start()
        heard = await d.read(text)
        assert heard == words(text)
        assert len(service.streams) >= 3
        assert all(stream.end == "closed" for stream in service.streams)
        seconds = len(d.ear.heard) / 2 / d.ear.rate_hz
        assert seconds > 17 * 60
        assert d.notices == []
        assert set(d.voices) == {"polly/Matthew"}
