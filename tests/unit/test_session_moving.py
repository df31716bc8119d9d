"""Moving within a text, also one that is still arriving."""

from __future__ import annotations

import asyncio

from reader.flow import (
    CapturedText,
    Command,
    Source,
    State,
)
from tests.fakes.session import TEXT, Session


class TestMoving:
    async def test_next_and_previous(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.05)
            await s.press(Command.NEXT)
            await s.hear(0.05)
            await s.press(Command.NEXT)
            await s.hear(0.05)
            await s.press(Command.PREVIOUS)
            await s.device.hear_all()
            assert [t.split()[0] for t in s.spoken] == ["One", "Two", "Three", "Two", "Three"]
            assert s.endings == [True]

    async def test_several_presses_add_up(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.05)
            await s.press(Command.NEXT)
            await s.press(Command.NEXT)
            await s.device.hear_all()
            assert [t.split()[0] for t in s.spoken] == ["One", "Three"]

    async def test_repeat(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.05)
            await s.press(Command.REPEAT)
            await s.device.hear_all()
            assert [t.split()[0] for t in s.spoken] == ["One", "One", "Two", "Three"]

    async def test_repeat_when_it_is_over(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.device.hear_all()
            await s.press(Command.REPEAT)
            await s.device.hear_all()
            assert [t.split()[0] for t in s.spoken] == ["One", "Two", "Three", "Three"]

    async def test_before_the_first_and_behind_the_last(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.05)
            await s.press(Command.PREVIOUS)
            await s.hear(0.05)
            assert [t.split()[0] for t in s.spoken] == ["One", "One"]
            for _ in range(3):
                await s.press(Command.NEXT)
            assert s.controller.state is State.IDLE
            await s.press(Command.NEXT)
            assert s.controller.state is State.IDLE

    async def test_moving_while_paused_speaks(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.05)
            await s.press(Command.PAUSE)
            await s.press(Command.NEXT)
            await s.device.hear_all()
            assert [t.split()[0] for t in s.spoken] == ["One", "Two", "Three"]


async def test_text_that_arrives_is_read_as_it_comes() -> None:
    async with Session() as s:
        reading = s.speak(CapturedText("", Source.GIVEN), is_whole=False)
        reading.feed("First one. Sec")
        await s.settle()
        await s.hear(0.3)
        assert s.spoken == ["First one."]
        reading.feed("ond one. And")
        await s.settle()
        await s.hear(2.0)
        assert s.spoken == ["First one.", "Second one."]
        assert s.controller.state is State.SPEAKING
        reading.feed(" the last.")
        reading.close()
        await s.settle()
        await s.device.hear_all()
        assert s.spoken == ["First one.", "Second one.", "And the last."]
        assert s.endings == [True]


async def test_words_are_spoken_when_their_source_pauses() -> None:
    async with Session() as s:
        reading = s.speak(CapturedText("", Source.GIVEN), is_whole=False)
        reading.feed("Words without an end ")
        await asyncio.sleep(0.9)  # the pause is the test
        await s.hear(5.0)
        assert s.spoken == ["Words without an end"]
        reading.close()
        await s.settle()
        await s.device.hear_all()


async def test_what_is_still_arriving_is_not_given_up_for_going_too_far() -> None:
    async with Session() as session:
        reading = session.speak(CapturedText("First here. ", Source.GIVEN), is_whole=False)
        reading.feed("Then ")
        await session.hear(0.1)
        await session.press(Command.NEXT)
        reading.feed("more.")
        reading.close()
        await session.hear(5.0)
        assert session.spoken[-1] == "Then more."
