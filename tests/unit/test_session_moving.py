"""Moving within a text, also one that is still arriving."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from reader.flow import (
    CapturedText,
    Command,
    Source,
    State,
)
from reader.session.current_text import TextArrived, TextLeftOut
from reader.text.choices import Choices
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


PARAGRAPHS = "Title\n\nOne is first. Two is second.\n\nThree is third. Four is fourth.\n\nFive is fifth."


def first_words(session: Session) -> list[str]:
    return [text.split()[0] for text in session.spoken]


class TestPrevious:
    """Soon after a sentence has begun it means the one before, later that one again."""

    @pytest.mark.parametrize(("heard_s", "then"), [(1.5, "One"), (2.5, "Two")])
    async def test_by_how_much_of_the_sentence_was_heard(self, heard_s: float, then: str) -> None:
        async with Session() as s:
            await s.read(LONG)
            while s.spoken[-1:] != ["Two " + "is second " * 20 + "now."]:
                await s.hear(0.02)
            await s.hear(heard_s)
            await s.press(Command.PREVIOUS)
            await s.hear(0.02)
            assert first_words(s)[-1] == then

    @pytest.mark.own_time
    async def test_a_pause_is_no_time(self) -> None:
        async with Session() as s:
            await s.read(LONG)
            while len(s.spoken) < 2:
                await s.hear(0.02)
            await s.press(Command.PAUSE)
            await asyncio.sleep(60)
            await s.press(Command.PREVIOUS)
            await s.hear(0.02)
            assert first_words(s) == ["One", "Two", "One"]

    async def test_a_second_press_goes_further_back(self) -> None:
        async with Session() as s:
            await s.read(LONG)
            while len(s.spoken) < 3:
                await s.hear(0.5)
            await s.hear(3.0)
            await s.press(Command.PREVIOUS)
            await s.press(Command.PREVIOUS)
            await s.hear(0.02)
            assert first_words(s)[-1] == "Two"


LONG = " ".join(
    f"{word} is {what} " + f"is {what} " * 19 + "now."
    for word, what in (("One", "first"), ("Two", "second"), ("Three", "third"))
)


class TestParagraphs:
    async def test_the_next_one_and_its_beginning_and_the_one_before(self) -> None:
        async with Session() as s:
            await s.read(PARAGRAPHS)
            await s.hear(0.05)
            await s.press(Command.NEXT_PARAGRAPH)
            await s.hear(0.05)
            await s.press(Command.NEXT_PARAGRAPH)
            await s.hear(0.05)
            await s.press(Command.NEXT)
            await s.hear(0.05)
            await s.press(Command.PREVIOUS_PARAGRAPH)  # its own beginning, from its second sentence
            await s.hear(0.05)
            await s.press(Command.PREVIOUS_PARAGRAPH)
            await s.hear(0.05)
            assert first_words(s) == ["Title", "One", "Three", "Four", "Three", "One"]

    async def test_lines_that_end_like_sentences_are_paragraphs_and_headings_are_not(self) -> None:
        async with Session() as s:
            await s.read("Title\nOne is first.\nAnother title\nTwo is second. And more.\nThree is third.")
            for _ in range(2):
                await s.hear(0.05)
                await s.press(Command.NEXT_PARAGRAPH)
            await s.hear(0.05)
            assert first_words(s) == ["Title", "Another", "Three"]

    async def test_behind_the_last_is_the_end(self) -> None:
        async with Session() as s:
            await s.read(PARAGRAPHS)
            await s.hear(0.05)
            for _ in range(4):
                await s.press(Command.NEXT_PARAGRAPH)
            await s.device.hear_all()
            assert s.controller.state is State.IDLE

    async def test_one_that_is_far_away(self) -> None:
        async with Session() as s, asyncio.timeout(60):
            await s.read("First. " * 500 + "\n\nSecond.")
            await s.hear(0.05)
            await s.press(Command.NEXT_PARAGRAPH)
            while s.spoken[-1] != "Second.":
                await s.hear(0.05)
            assert len(s.spoken) == 2


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


class TestAPlace:
    """A word of the text is gone to, and what is before it can still be gone back to."""

    @pytest.mark.parametrize("moment", ["heard", "paused", "over"])
    async def test_it_is_read_from_there(self, moment: str) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.05)
            if moment == "paused":
                await s.press(Command.PAUSE)
            if moment == "over":
                await s.device.hear_all()
            before = len(s.spoken)
            go_to(s, "is second")
            await s.device.hear_all()
            assert s.spoken[before:] == ["is second.", "Three is third."]
            assert s.controller.current
            heard = s.controller.current.text_so_far.heard
            assert heard
            assert TEXT[heard.start_chars : heard.end_chars] == "Three is third."

    async def test_what_is_before_it_is_gone_back_to(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            go_to(s, "Three")
            await s.hear(0.05)
            for _ in range(3):
                await s.press(Command.PREVIOUS)
                await s.hear(0.05)
            await s.device.hear_all()
            assert s.spoken[-3:] == ["One is first.", "Two is second.", "Three is third."]

    async def test_what_arrives_later_is_read_too(self) -> None:
        async with Session() as s:
            reading = s.speak(CapturedText("One is first. Two is second.", Source.GIVEN), is_whole=False)
            await s.settle()
            go_to(s, "Two")
            reading.feed(" Three is third.")
            reading.close()
            await s.device.hear_all()
            assert s.spoken[-2:] == ["Two is second.", "Three is third."]
            assert [(e.start_chars, e.text) for e in s.events if isinstance(e, TextArrived)] == [
                (0, "One is first. Two is second."),
                (28, " Three is third."),
            ]


def go_to(session: Session, words: str) -> None:
    assert session.controller.current
    session.controller.read_from(session.controller.current.captured.text.index(words))


class TestLeftOut:
    TEXT = "One is first (a note). Two is second. Three is (another) third."

    async def test_what_is_left_out_is_told_with_its_place_and_stays_known(self) -> None:
        async with Session() as s:
            s.controller.preferences = replace(s.controller.preferences, choices=Choices(brackets=False))
            await s.read(self.TEXT)
            await s.device.hear_all()
            assert [self.TEXT[a:b].strip() for a, b in told_left_out(s)] == ["(a note)", "(another)"]
            assert s.controller.current
            known = s.controller.current.text_so_far.left_out
            assert [(p.start_chars, p.end_chars) for p in known] == told_left_out(s)

    async def test_what_is_read_again_is_known_once(self) -> None:
        async with Session() as s:
            s.controller.preferences = replace(s.controller.preferences, choices=Choices(brackets=False))
            await s.read(self.TEXT)
            await s.hear(0.05)
            go_to(s, "Three")
            await s.device.hear_all()
            assert s.controller.current
            known = s.controller.current.text_so_far.left_out
            assert [self.TEXT[p.start_chars : p.end_chars].strip() for p in known] == ["(a note)", "(another)"]


def told_left_out(session: Session) -> list[tuple[int, int]]:
    told = [piece for event in session.events if isinstance(event, TextLeftOut) for piece in event.left_out]
    return [(piece.start_chars, piece.end_chars) for piece in told]
