"""A text that was stopped goes on at its sentence when it is read again, or resumed, also by another Harken."""

from __future__ import annotations

import asyncio

import pytest

from reader.errors import NothingToReadError
from reader.flow import CapturedText, Command, Source, State
from reader.session.places import LONG_CHARS, Place
from reader.session.preferences import Preferences
from tests.fakes.session import OTHER, TEXT, Session

pytestmark = pytest.mark.own_time

LONG = " ".join(f"This is the sentence number {number} of a long text." for number in range(30))
assert len(LONG) > LONG_CHARS


def first_words(session: Session) -> list[str]:
    return [text.split()[0] for text in session.spoken]


async def hear_until(session: Session, text: str) -> None:
    while session.spoken[-1:] != [text]:
        await session.hear(0.05)


async def stop_in_the_second(session: Session) -> None:
    await session.read(TEXT)
    await hear_until(session, "Two is second.")
    await session.press(Command.STOP)
    await asyncio.sleep(5)


async def test_the_same_selection_goes_on_at_the_sentence() -> None:
    async with Session() as s:
        await stop_in_the_second(s)
        await s.read(TEXT)
        await s.device.hear_all()
        assert first_words(s) == ["One", "Two", "Two", "Three"]
        assert s.notices == []


async def test_stopped_with_the_same_key_and_at_once() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await hear_until(s, "Two is second.")
        await s.read(TEXT)
        assert s.controller.state is State.IDLE
        await s.read(TEXT)
        await s.device.hear_all()
        assert first_words(s) == ["One", "Two", "Two", "Three"]


@pytest.mark.parametrize(("wait_s", "then"), [(0.5, ["One", "Two", "Three"]), (1.5, [])])
async def test_twice_within_a_second_starts_over(wait_s: float, then: list[str]) -> None:
    async with Session() as s:
        await stop_in_the_second(s)
        before = len(s.spoken)
        await s.read(TEXT)
        await asyncio.sleep(wait_s)  # and nothing of it is heard meanwhile
        await s.read(TEXT)
        await s.device.hear_all()
        assert first_words(s)[before:] == then


async def test_twice_while_the_text_is_still_looked_for_starts_over() -> None:
    async with Session() as s:
        await stop_in_the_second(s)
        s.place.gate = asyncio.Event()
        await s.read(TEXT)
        await s.press(Command.READ_SELECTION)
        s.place.gate.set()
        await s.settle()
        await s.device.hear_all()
        assert first_words(s) == ["One", "Two", "One", "Two", "Three"]


async def test_another_key_while_the_text_is_looked_for_is_no_second_press() -> None:
    async with Session() as s:
        await stop_in_the_second(s)
        s.place.gate = asyncio.Event()
        await s.read(TEXT)
        await s.press(Command.PAUSE)
        s.place.gate.set()
        await s.settle()
        await s.device.hear_all()
        assert first_words(s) == ["One", "Two", "Two", "Three"]


async def test_what_was_heard_to_its_end_starts_over() -> None:
    async with Session() as s:
        for _ in range(2):
            await s.read(TEXT)
            await s.device.hear_all()
        assert first_words(s) == ["One", "Two", "Three"] * 2


@pytest.mark.parametrize("text", [TEXT, LONG])
async def test_what_was_skipped_past_its_end_starts_over(text: str) -> None:
    async with Session() as s:
        await s.read(text)
        await s.hear(0.05)
        while s.controller.state is not State.IDLE:
            await s.press(Command.NEXT)
        first, *_ = s.spoken
        await s.read(text)
        await s.hear(0.05)
        assert s.spoken[-1] == first
        assert not any(place.at_chars and not place.is_read for place in s.library.places.entries())


async def test_what_was_left_for_a_place_with_nothing_to_read_behind_it_starts_over() -> None:
    async with Session() as s:
        text = f"{TEXT}\n\n* * *\n"
        await s.read(text)
        await s.hear(0.05)
        s.controller.read_from(text.index("*"))
        await s.settle()
        assert s.notices == ["There is nothing in this text that can be read aloud."]
        before = len(s.spoken)
        await s.read(text)
        await s.device.hear_all()
        assert first_words(s)[before:] == ["One", "Two", "Three"]


async def test_another_text_in_between_forgets_a_short_one_but_not_a_long_one() -> None:
    async with Session() as s:
        await s.read(LONG)
        await hear_until(s, "This is the sentence number 3 of a long text.")
        await s.read(OTHER)
        await s.device.hear_all()
        before = len(s.spoken)
        await s.read(LONG)
        await s.device.hear_all()
        assert s.spoken[before] == "This is the sentence number 3 of a long text."
        assert s.notices == ["Continuing where you stopped. Press the key twice to start from the beginning."]


@pytest.mark.parametrize("is_given", [False, True])
async def test_what_is_found_too_late_goes_on_nowhere(is_given: bool) -> None:
    async with Session() as s:
        await s.read(LONG)
        await hear_until(s, "This is the sentence number 3 of a long text.")
        await s.read(OTHER)
        await s.device.hear_all()
        s.place.gate = asyncio.Event()
        await s.read(LONG)
        if is_given:
            s.speak(CapturedText(TEXT, Source.GIVEN))
        else:
            await s.press(Command.STOP)
        await s.settle()
        assert not s.controller.search.is_searching
        s.place.gate.set()
        await s.device.hear_all()
        assert s.notices == []
        assert "This is the sentence number 4 of a long text." not in s.spoken


async def test_off() -> None:
    async with Session() as s:
        s.controller.preferences = Preferences(speaks_notices=False, goes_on=False)
        await stop_in_the_second(s)
        await s.read(TEXT)
        await s.device.hear_all()
        assert first_words(s) == ["One", "Two", "One", "Two", "Three"]


async def test_a_text_that_only_begins_alike_is_another() -> None:
    async with Session() as s:
        await stop_in_the_second(s)
        await s.read(f"{TEXT} Four is fourth.")
        await s.device.hear_all()
        assert first_words(s) == ["One", "Two", "One", "Two", "Three", "Four"]


async def test_it_can_still_be_moved_back_in() -> None:
    async with Session() as s:
        await stop_in_the_second(s)
        await s.read(TEXT)
        await s.press(Command.PREVIOUS)  # before a word of it is heard
        await s.device.hear_all()
        assert first_words(s) == ["One", "Two", "One", "Two", "Three"]


class TestDocuments:
    async def test_resume_opens_the_file_again_at_its_place(self) -> None:
        async with Session() as s:
            s.library.texts["/book.txt"] = CapturedText(LONG, Source.GIVEN, path="/book.txt")
            reading = s.speak(CapturedText("", Source.GIVEN, path="/book.txt"), is_whole=False)
            reading.feed(LONG[:800])
            await s.settle()
            await hear_until(s, "This is the sentence number 5 of a long text.")
            await s.press(Command.STOP)  # its client sends no more
            reading.close()
            before = len(s.spoken)
            await s.press(Command.RESUME)
            await s.device.hear_all()
            assert s.spoken[before] == "This is the sentence number 5 of a long text."
            assert s.spoken[-1] == "This is the sentence number 29 of a long text."
            assert s.endings == [False, True]

    @pytest.mark.parametrize("command", [Command.RESUME, Command.PAUSE_RESUME])
    async def test_resume_after_a_start(self, command: Command) -> None:
        async with Session() as s:
            text = CapturedText(LONG, Source.GIVEN, path="/book.txt")
            s.library.texts["/book.txt"] = text
            s.library.places.note(
                s.library.places.place(text, LONG, LONG.index("This is the sentence number 7"), is_whole=True)
            )
            assert s.controller.refusal(command) is None
            await s.press(command)
            await s.hear(0.05)
            assert s.spoken == ["This is the sentence number 7 of a long text."]

    async def test_one_that_is_gone_is_told_of(self) -> None:
        async with Session() as s:
            text = CapturedText(LONG, Source.GIVEN, path="/gone.txt")
            s.library.places.note(s.library.places.place(text, LONG, 100, is_whole=True))
            await s.press(Command.RESUME)
            assert s.notices == ["There is no such text."]
            assert s.controller.state is State.IDLE

    @pytest.mark.noisy
    async def test_one_that_fails_unforeseen_is_told_of_too(self, noise: list[str]) -> None:
        async with Session() as s:
            text = CapturedText(LONG, Source.GIVEN, path="/book.txt")
            s.library.places.note(s.library.places.place(text, LONG, 100, is_whole=True))

            async def fail(place: Place) -> tuple[CapturedText, int]:
                raise ZeroDivisionError

            s.library.open = fail  # type: ignore[method-assign]
            await s.press(Command.RESUME)
            assert "could not look for text" in s.notices[0]
            assert s.controller.state is State.IDLE
        assert any("looking for text failed" in message for message in noise)

    async def test_stop_while_it_is_opened_reads_nothing(self) -> None:
        async with Session() as s:
            text = CapturedText(LONG, Source.GIVEN, path="/book.txt")
            s.library.texts["/book.txt"] = text
            s.library.places.note(s.library.places.place(text, LONG, 100, is_whole=True))
            s.library.gate = asyncio.Event()
            await s.press(Command.RESUME)
            await s.press(Command.STOP)
            s.library.gate.set()
            await s.settle()
            assert s.controller.state is State.IDLE
            assert s.spoken == []

    async def test_only_a_place_is_no_text(self) -> None:
        async with Session() as s:
            s.library.places.note(
                s.library.places.place(CapturedText(LONG, Source.SELECTION), LONG, 100, is_whole=True)
            )
            refusal = s.controller.refusal(Command.RESUME)
            assert isinstance(refusal, NothingToReadError)
            assert "Have the same text read again" in refusal.sentence
            await s.read(LONG)
            await s.hear(0.05)
            assert s.spoken == ["This is the sentence number 2 of a long text."]


async def test_what_programs_give_and_short_texts_leave_no_note() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.1)
        s.speak(CapturedText(LONG, Source.GIVEN))
        await s.hear(0.1)
        await s.press(Command.STOP)
        assert s.library.places.entries() == []


@pytest.mark.parametrize("text", ["", " \n\n"])
async def test_a_file_with_nothing_in_it_leaves_no_note(text: str) -> None:
    async with Session() as s:
        s.speak(CapturedText(text, Source.GIVEN, path="/some/file.txt"))
        await s.settle()
        assert s.controller.state is State.IDLE
        assert s.library.places.entries() == []


async def test_the_place_is_noted_while_it_is_read() -> None:
    async with Session() as s:
        await s.read(LONG)
        for _ in range(20):
            await s.hear(0.5)
            await asyncio.sleep(5)
        (place,) = s.library.places.entries()
        assert 0 < place.at_chars < len(LONG)
        assert s.controller.state is State.SPEAKING
