"""The soak's own parts: what would go wrong if they did not notice that something goes wrong."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from reader.audio.unheard import Unheard
from reader.flow import FRAME_BYTES
from reader.session.course import Course
from tests.soak import fakes, words
from tests.soak.growth import Growth
from tests.soak.records import Order
from tests.soak.story import SoakError, Story

RATE_HZ = 8000


def story(seed: int = 1) -> Story:
    return Story("fakes", seed)


class TestWords:
    def test_every_word_is_heard_for_as_long_as_it_is_said(self) -> None:
        spelt = " ".join(words.WORDS)
        heard = words.hear(words.speak(spelt, RATE_HZ)[0], RATE_HZ)
        assert [tone.word for tone in heard] == list(range(len(words.WORDS)))
        assert all(abs(tone.duration_s - words.WORD_S) < 0.03 for tone in heard)

    def test_a_text_has_no_word_twice(self) -> None:
        for seed in range(50):
            text = words.make(random.Random(seed))
            assert len(set(text.words)) == len(text.words)
            assert words.numbers(text.text) == text.words


def storm(readings: int = 15) -> str:
    return fakes.main(story(), readings, lambda: False)


@pytest.mark.noisy
class TestAStorm:
    def test_is_the_same_for_the_same_seed(self) -> None:
        told: list[list[str]] = [[], []]
        note = Story.note
        for mine in told:

            def note_too(story: Story, what: str, _told: list[str] = mine, **more: object) -> None:
                note(story, what, **more)
                _told.append(what)

            with patch.object(Story, "note", note_too):
                storm()
        # Whether there is a process to end depends on when the network has answered.
        first, second = ([what for what in mine if "process" not in what] for mine in told)
        both = min(len(first), len(second))
        assert both > 30
        assert first[:both] == second[:both]

    def test_notices_a_word_that_is_lost_in_a_pause(self) -> None:
        rewind = Unheard.rewind

        def lose(unheard: Unheard) -> None:
            if unheard._kept:
                unheard._heard += len(unheard._kept.popleft()) // FRAME_BYTES
            rewind(unheard)

        with patch.object(Unheard, "rewind", lose), pytest.raises(SoakError, match="heard"):
            storm(400)

    def test_notices_a_step_to_the_wrong_place(self) -> None:
        go = Course.go

        def go_further(course: Course, wanted: Any) -> None:
            go(course, wanted)
            course._next_index += 1

        with patch.object(Course, "go", go_further), pytest.raises(SoakError, match=r"began with|was told"):
            storm(400)


class TestGrowth:
    @pytest.mark.parametrize(("each", "is_leak"), [(0, False), (3, True)])
    def test_of_what_is_never_given_back(self, each: int, is_leak: bool) -> None:
        growth = Growth(story())
        for i in range(40):
            growth.note_other(files=10 + each * i, threads=5 + i % 2)
        if is_leak:
            with pytest.raises(SoakError, match="files grow"):
                growth.check()
        else:
            assert growth.check().startswith("files 10 then 10")


class TestOrder:
    @staticmethod
    def write(record: Path, *indices: int, at_s: float) -> None:
        with record.open("a", encoding="utf-8") as file:
            for index in indices:
                fields = {"event": "segment", "utterance": 1, "index": index, "at_s": at_s, "voice": "neural/heart"}
                file.write(json.dumps(fields) + "\n")

    def test_of_segments(self, tmp_path: Path) -> None:
        record, order, now_s = tmp_path / "record.jsonl", Order(), time.time()
        self.write(record, 0, 1, 2, at_s=now_s)
        order.read(record)
        order.note_jump(60.0)
        self.write(record, 1, 2, at_s=now_s + 30.0)
        order.read(record)
        order.forget(record)
        self.write(record, 4, at_s=now_s + 90.0)
        with pytest.raises(SoakError, match="segment 4 follows 2"):
            order.read(record)


def test_a_failure_tells_how_it_is_seen_again() -> None:
    mine = Story("fakes", 7)
    for i in range(60):
        mine.note("press", number=i)
    told = mine.told(SoakError("a word is lost"))
    assert "a word is lost" in told
    assert "number 59" in told
    assert "number 9\n" not in told
    assert told.endswith("again: make soak SEED=7 LEVEL=fakes")
