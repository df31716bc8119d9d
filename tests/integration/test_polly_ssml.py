"""Speech markup, from the session to Amazon Polly and to the ear."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reader.flow import CapturedText, Source
from reader.session.preferences import Preferences, ReadingOptions
from tests.fakes.heard_desk import numbered
from tests.fakes.polly_desk import Desk, desk
from tests.fakes.polly_service import words

TEXT = numbered(3, paragraph=2)
FIRST, SECOND = TEXT.split("\n\n")
BEGINNING, _, REST = FIRST.partition(" ")
MARKUP = f"<speak>{BEGINNING} <emphasis>{REST}</emphasis>\n\n<prosody rate='slow'>{SECOND}</prosody></speak>"
STREAMS, SENTENCES = "polly/Matthew", "polly-sentences/Ivy-neural"


async def read(d: Desk, voice: str) -> list[str]:
    options = ReadingOptions(Preferences(voice_id=voice, speaks_notices=False))
    d.controller.speak(CapturedText(MARKUP, Source.GIVEN, is_ssml=True), options)
    await d.until(lambda: d.endings)
    return d.heard_words(TEXT)


async def test_a_document_goes_in_one_event(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        assert await read(d, STREAMS) == words(TEXT)
        (stream,) = d.service.streams
        assert [(e.text, e.is_ssml) for e in stream.events if e.text.strip()] == [(MARKUP, True)]
        assert stream.end == "closed"
        assert stream.billed_chars == d.spending.this_month.billed == len(TEXT)
        assert d.notices == []
        assert d.endings == [True]


async def test_a_document_goes_in_one_call(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        assert await read(d, SENTENCES) == words(TEXT)
        (body,) = (json.loads(r.body) for r in d.service.requests if r.path == "/v1/speech")
        assert (body["Text"], body["TextType"]) == (MARKUP, "ssml")


@pytest.mark.noisy
@pytest.mark.parametrize("voice", [STREAMS, SENTENCES])
async def test_another_voice_says_the_text_of_it(tmp_path: Path, voice: str) -> None:
    async with desk(tmp_path) as d:
        await d.engine.start()
        with d.service.faults.http_error(400, "ValidationException", times=float("inf")):
            assert await read(d, voice) == words(TEXT)
        assert set(d.voices) == {"local/en"}
        assert len(d.notices) == 1
        assert all("<" not in text for text in d.local.asked)
