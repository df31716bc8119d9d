"""The monthly limit: no text goes out that would exceed it, and nothing of it is lost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.fakes.heard_desk import numbered
from tests.fakes.polly_desk import desk
from tests.fakes.polly_service import words

pytestmark = [pytest.mark.noisy, pytest.mark.own_time]

TEXT = numbered(12)
POLLY, LOCAL = "polly/Matthew", "local/en"


@pytest.mark.parametrize("voice", [POLLY, "polly-sentences/Matthew-neural"])
@pytest.mark.parametrize("limit", [len(TEXT) // 2, 100, 1])
async def test_another_voice_reads_on_in_the_middle_of_a_text(tmp_path: Path, voice: str, limit: int) -> None:
    async with desk(tmp_path, limit_chars=limit) as d:
        assert await d.read(TEXT, voice=voice) == words(TEXT)
        spent = d.spending.this_month
        assert spent.billed + spent.counted <= limit
        assert LOCAL in d.voices
        assert (limit == 1) == (d.voices[0] == LOCAL)
        assert d.voices == sorted(d.voices, key=lambda one: one == LOCAL)  # it does not come back
        assert len(d.notices) == 1
        assert "limit" in d.notices[0]
        assert "local en" in d.notices[0]


async def test_it_is_lifted_on_the_first_of_the_month(tmp_path: Path) -> None:
    day = datetime(2026, 11, 30)
    async with desk(tmp_path, limit_chars=len(TEXT) + 20, today=lambda: day) as d:
        assert await d.read(TEXT) == words(TEXT)
        assert set(d.voices) == {POLLY}
        d.events.clear()
        d.spending.add(billed=20)
        for _ in range(2):
            assert await d.read(TEXT) == words(TEXT)
        assert set(d.voices) == {LOCAL}
        assert all("limit" in sentence for sentence in d.notices)
        day = datetime(2026, 12, 1)
        d.events.clear()
        assert await d.read(TEXT) == words(TEXT)
        assert set(d.voices) == {POLLY}
        assert d.notices == []


async def test_without_falling_back_the_reading_ends_and_says_why(tmp_path: Path) -> None:
    async with desk(tmp_path, limit_chars=len(TEXT) // 2) as d:
        heard = await d.read(TEXT, falls_back=False)
        whole = heard[:-1]  # it ends at once, also in the middle of a word
        assert whole == words(TEXT)[: len(whole)]
        assert LOCAL not in d.voices
        assert d.endings == [False]
        assert "limit" in d.notices[0]


async def test_text_that_arrives_word_by_word(tmp_path: Path) -> None:
    async with desk(tmp_path, limit_chars=len(TEXT) // 2) as d:
        reading = d.begin("", is_whole=False)
        for word in TEXT.split(" "):
            reading.feed(word + " ")
        reading.close()
        await d.until(lambda: d.endings)
        heard = d.heard_words(TEXT)
        assert set(heard) == set(words(TEXT))
        assert len(heard) <= len(words(TEXT)) + 6  # at most one sentence is begun twice
        spent = d.spending.this_month
        assert spent.billed + spent.counted <= len(TEXT) // 2
