"""Speed and volume, what is said and heard of them, and what is remembered."""

from __future__ import annotations

import asyncio

import pytest

from reader.errors import NothingToReadError
from reader.flow import (
    CapturedText,
    Command,
    PaceMeasured,
    Source,
    SpeedChanged,
    State,
    VolumeChanged,
)
from reader.session.meanings import Other
from reader.session.preferences import Preferences
from tests.fakes.session import OTHER, TEXT, Session

pytestmark = pytest.mark.own_time


async def test_speed_is_bounded_and_told() -> None:
    async with Session() as s:
        for _ in range(40):
            await s.press(Command.FASTER)
        for _ in range(80):
            await s.press(Command.SLOWER)
        speeds = [e.speed for e in s.events if isinstance(e, SpeedChanged)]
        assert max(speeds) == 5.5
        assert min(speeds) == 0.36
        assert speeds[0] == 1.1


async def test_faster_goes_on_from_the_speed_that_is_heard() -> None:
    async with Session() as session:
        session.speak(CapturedText(TEXT, Source.GIVEN), speed=3.0)
        await session.settle()
        await session.press(Command.FASTER)
        assert session.player.current_speed == pytest.approx(3.3)


async def test_louder_and_quieter() -> None:
    async with Session() as s:
        await s.press(Command.LOUDER)
        await s.press(Command.QUIETER)
        for _ in range(20):
            await s.press(Command.QUIETER)
        await s.press(Command.LOUDER)
        told = [e.volume for e in s.events if isinstance(e, VolumeChanged)]
        assert told[:2] == [1.0, 0.8]
        assert min(told) == 0.05
        assert told[-1] == 0.06
        assert s.player.volume == 0.06


@pytest.mark.parametrize("sounds", [True, False])
async def test_only_a_pause_that_was_asked_for_is_heard(sounds: bool) -> None:
    async with Session() as s:
        s.controller.preferences = Preferences(speaks_notices=False, sounds_pauses=sounds)
        await s.read(TEXT)
        await s.hear(0.1)
        s.place.gate = asyncio.Event()  # a press looks for text, and the reading is held meanwhile
        await s.read(OTHER)
        before = len(s.device.heard)
        await s.hear(1.0)
        assert len(s.device.heard) == before
        s.place.gate.set()
        await s.settle()
        await s.hear(0.1)
        await s.press(Command.PAUSE_RESUME)
        before = len(s.device.heard)
        await s.hear(1.0)
        assert (len(s.device.heard) > before) is sounds


async def test_readings_are_remembered_and_notices_are_not() -> None:
    async with Session() as s:
        s.controller.preferences = Preferences(speaks_notices=True)
        await s.press(Command.READ_SELECTION)  # nothing is selected, which is said aloud
        await s.device.hear_all()
        await s.read(TEXT)
        arriving = s.speak(CapturedText("", Source.GIVEN), is_whole=False)
        arriving.feed("Words that ")
        arriving.feed("arrive.")
        arriving.close()
        await s.settle()
        await s.device.hear_all()
        found = s.controller.history.entries()
        assert [(e.first_words, e.source) for e in found] == [
            ("Words that arrive.", Source.GIVEN),
            (TEXT, Source.SELECTION),
        ]


async def test_what_is_not_the_users_is_neither_remembered_nor_repeated() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.device.hear_all()
        s.speak(CapturedText("A sample.", Source.GIVEN), is_users=False)
        await s.settle()
        await s.device.hear_all()
        assert s.spoken[-1] == "A sample."
        assert [entry.first_words for entry in s.controller.history.entries()] == [TEXT]
        await s.press(Command.REPEAT)
        await s.device.hear_all()
        assert s.spoken[-1] == "Three is third."


class TestAChangeOfSpeed:
    @staticmethod
    def session(*, says_speed: bool, has_screen_reader: bool = False) -> Session:
        s = Session()
        s.controller.preferences = Preferences(says_speed=says_speed, has_screen_reader=has_screen_reader)
        return s

    async def test_is_said_while_nothing_is_read_and_the_last_one_only(self) -> None:
        async with self.session(says_speed=True) as s:
            for _ in range(3):
                await s.press(Command.FASTER)
            await s.device.hear_all()
            assert s.spoken == ["266 words a minute"]
            assert s.player.speed == 1.33
            told = [e for e in s.events if isinstance(e, SpeedChanged)]
            assert told[-1].words_a_minute == 266
            assert s.controller.history.entries() == []
            await s.read(TEXT)
            await s.device.hear_all()
            await s.press(Command.REPEAT)  # of what was read, not of what was said
            await s.device.hear_all()
            assert s.spoken[-1] == "Three is third."

    async def test_is_not_said_over_a_reading(self) -> None:
        async with self.session(says_speed=True) as s:
            await s.read(TEXT)
            await s.hear(0.1)
            await s.press(Command.FASTER)
            await s.device.hear_all()
            assert s.spoken == ["One is first.", "Two is second.", "Three is third."]
            assert [e for e in s.events if isinstance(e, PaceMeasured)]

    async def test_may_be_kept_silent(self) -> None:
        async with self.session(says_speed=False) as s:
            await s.press(Command.FASTER)
            assert s.states == []

    async def test_is_left_to_a_screen_reader_where_one_runs(self) -> None:
        async with self.session(says_speed=True, has_screen_reader=True) as s:
            await s.press(Command.FASTER)
            assert s.states == []
            (told,) = s.events
            assert isinstance(told, SpeedChanged)
            assert told.words_a_minute == 220


class TestACommandThatCanDoNothing:
    @staticmethod
    def session() -> Session:
        s = Session()
        s.controller.preferences = Preferences(speaks_notices=True)
        why = NothingToReadError("Nothing is in the queue.")
        s.controller.others[Command.READ_QUEUED] = Other(lambda: None, lambda: why)
        return s

    async def test_says_so_while_nothing_is_read(self) -> None:
        async with self.session() as s:
            await s.press(Command.READ_QUEUED)
            await s.device.hear_all()
            assert s.spoken == ["Nothing is in the queue."]

    @pytest.mark.parametrize("is_paused", [True, False])
    async def test_does_not_end_what_is_read_to_say_so(self, is_paused: bool) -> None:
        async with self.session() as s:
            await s.read(TEXT)
            await s.hear(0.05)
            if is_paused:
                await s.press(Command.PAUSE)
            await s.press(Command.READ_QUEUED)
            assert s.notices == ["Nothing is in the queue."]
            await s.press(Command.RESUME)
            await s.device.hear_all()
            assert s.spoken == ["One is first.", "Two is second.", "Three is third."]
            assert s.endings == [True]


async def test_going_on_behind_the_last_sentence_of_what_was_stopped_ends_nothing_a_second_time() -> None:
    async with Session() as s:
        await s.read("One is first.")
        await s.hear(0.05)
        await s.press(Command.STOP)
        await s.press(Command.NEXT_PARAGRAPH)
        assert s.endings == [False]
        assert s.controller.state is State.IDLE
