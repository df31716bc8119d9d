"""Controller and reading with voices, a device and places of text that a test has in hand."""

from __future__ import annotations

import asyncio

import pytest

from reader.capture.base import Extent
from reader.errors import CaptureError, CaptureTimeoutError, NothingToReadError
from reader.flow import (
    CapturedText,
    Command,
    ReadingEnded,
    Source,
    State,
)
from reader.session.preferences import Preferences
from tests.fakes.session import OTHER, TEXT, Session

pytestmark = pytest.mark.own_time


async def test_a_press_reads_the_selection_to_the_end() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.device.hear_all()
        assert s.spoken == ["One is first.", "Two is second.", "Three is third."]
        assert s.states == [State.PREPARING, State.SPEAKING, State.IDLE]
        assert s.endings == [True]


async def test_the_same_text_again_stops() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.1)
        await s.read(TEXT)
        assert s.controller.state is State.IDLE
        assert s.endings == [False]
        before = len(s.device.heard)
        await s.hear(1.0)
        assert len(s.device.heard) == before


async def test_another_text_replaces_it_at_once() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.1)
        await s.read(OTHER)
        await s.device.hear_all()
        assert s.spoken == ["One is first.", "Another text.", "It has two sentences."]
        assert s.endings == [False, True]
        assert s.engines["fake"].streams[0].is_cancelled


async def test_a_press_silences_before_the_new_text_is_known() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.1)
        s.place.gate = asyncio.Event()
        await s.press(Command.READ_SELECTION)
        before = len(s.device.heard)
        await s.hear(1.0)
        assert len(s.device.heard) == before
        s.place.gate.set()
        await s.settle()


async def test_only_the_newest_press_counts() -> None:
    async with Session() as s:
        s.place.gate = asyncio.Event()
        for _ in range(5):
            await s.read(TEXT)
        s.place.text = OTHER
        s.place.gate.set()
        await s.settle()
        await s.device.hear_all()
        assert s.spoken[0] == "Another text."
        assert s.endings == [True]


async def test_pause_and_resume() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.2)
        await s.press(Command.PAUSE_RESUME)
        assert s.controller.state is State.PAUSED
        before = len(s.device.heard)
        await s.hear(1.0)
        assert len(s.device.heard) == before
        await s.press(Command.PAUSE_RESUME)
        await s.device.hear_all()
        assert s.spoken == ["One is first.", "Two is second.", "Three is third."]


async def test_the_read_key_goes_on_with_a_paused_text() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.2)
        await s.press(Command.PAUSE)
        await s.read(TEXT)
        assert s.controller.state is State.SPEAKING
        await s.device.hear_all()
        assert s.endings == [True]


async def test_nothing_selected_while_reading_stops_without_a_word() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.1)
        s.place.text = NothingToReadError("Nothing is selected.")
        await s.press(Command.READ_SELECTION)
        assert s.controller.state is State.IDLE
        assert s.notices == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (CaptureTimeoutError("The program does not answer."), ["The program does not answer."]),
        (NothingToReadError("Nothing is selected."), []),
    ],
)
async def test_only_a_fault_is_told_of_over_a_pause(error: CaptureError, told: list[str]) -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.1)
        await s.press(Command.PAUSE)
        s.place.text = error
        await s.press(Command.READ_SELECTION)
        assert s.notices == told
        assert s.controller.state is State.PAUSED


async def test_a_program_that_hangs_is_told_of() -> None:
    async with Session() as s:
        s.place.text = CaptureTimeoutError("The program does not answer.")
        await s.press(Command.READ_SELECTION)
        assert s.notices == ["The program does not answer."]
        assert s.states == [State.PREPARING, State.IDLE]


async def test_why_nothing_is_read_is_said_aloud() -> None:
    async with Session() as s:
        s.controller.preferences = Preferences(speaks_notices=True)
        await s.press(Command.READ_SELECTION)
        await s.device.hear_all()
        assert " ".join(s.spoken) == s.notices[0]
        await s.press(Command.REPEAT)  # that was no reading of the user's
        await s.device.hear_all()
        assert s.notices[1:] == ["Nothing is being read. Select some text and read it."]


async def test_a_new_selection_is_read_when_it_is_new() -> None:
    async with Session() as s:
        s.place.text = TEXT
        await s.press(Command.READ_SELECTION, "selection")
        await s.hear(0.05)
        await s.press(Command.READ_SELECTION, "selection")  # the same: nothing happens
        s.place.text = NothingToReadError("")
        await s.press(Command.READ_SELECTION, "selection")  # unselected: nothing happens
        assert s.controller.state is State.SPEAKING
        s.place.text = OTHER
        await s.press(Command.READ_SELECTION, "selection")
        await s.device.hear_all()
        assert s.spoken == ["One is first.", "Another text.", "It has two sentences."]
        assert s.notices == []


@pytest.mark.parametrize("is_reading", [False, True])
async def test_a_new_selection_that_is_being_looked_for_is_not_read_after_stop(is_reading: bool) -> None:
    async with Session() as s:
        if is_reading:
            await s.read(TEXT)
            await s.hear(0.1)
        s.place.text, s.place.gate = OTHER, asyncio.Event()
        await s.press(Command.READ_SELECTION, "selection")
        await s.press(Command.STOP)
        s.place.gate.set()
        await s.settle()
        assert s.controller.state is State.IDLE


@pytest.mark.parametrize("is_paused", [False, True])
async def test_a_press_is_answered_though_the_reading_before_is_withdrawn_meanwhile(is_paused: bool) -> None:
    async with Session() as s:
        given = s.speak(CapturedText(TEXT, Source.GIVEN))
        await s.hear(0.1)
        if is_paused:
            await s.press(Command.PAUSE)
        s.place.gate = asyncio.Event()
        await s.read(OTHER)
        s.controller.stop_reading(given)
        s.place.gate.set()
        await s.settle()
        await s.device.hear_all()
        assert s.spoken[-2:] == ["Another text.", "It has two sentences."]
        assert s.endings == [False, True]


async def test_a_device_that_is_not_open_yet_gets_everything_when_it_is() -> None:
    async with Session() as session:
        await session.player.close()
        session.device.lose()
        await session.read(TEXT)
        await session.player.open()
        await session.settle()
        async with asyncio.timeout(5):
            while not any(isinstance(e, ReadingEnded) for e in session.events):
                await session.hear(1.0)
                await asyncio.sleep(0.01)
        assert " ".join(session.spoken) == TEXT


@pytest.mark.noisy
async def test_an_unforeseen_error_while_looking_for_text_is_reported_and_the_next_press_works(
    noise: list[str],
) -> None:
    async with Session() as session:
        original = session.place.read

        async def fail(_source: Source, _extent: Extent = Extent.FOCUS, /) -> CapturedText:
            raise ZeroDivisionError

        session.place.read = fail  # type: ignore[method-assign]
        await session.press(Command.READ_SELECTION)
        assert "could not look for text" in session.notices[0]
        assert session.controller.state is State.IDLE
        session.place.read = original  # type: ignore[method-assign]
        await session.read(TEXT)
        await session.hear(1.0)
        assert session.spoken[0] == "One is first."
    assert any("looking for text failed" in message for message in noise)


@pytest.mark.noisy
async def test_a_text_that_can_not_be_made_ready_is_reported_and_the_next_press_works(
    noise: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Session() as session:
        with monkeypatch.context() as broken:
            broken.setattr(session.controller.maker, "make", lambda *_, **__: 1 / 0)
            await session.read(TEXT)
        assert "could not look for text" in session.notices[0]
        assert session.controller.state is State.IDLE
        await session.read(TEXT)
        await session.hear(1.0)
        assert session.spoken[0] == "One is first."
    assert any("looking for text failed" in message for message in noise)


async def test_a_press_is_not_given_up_for_a_new_selection() -> None:
    async with Session() as session:
        await session.read(TEXT)
        await session.hear(0.1)
        session.place.gate = asyncio.Event()
        session.place.text = OTHER
        await session.press(Command.READ_SELECTION)
        await session.press(Command.READ_SELECTION, "selection")
        session.place.gate.set()
        await session.settle()
        await session.hear(5.0)
        assert session.spoken[-2:] == ["Another text.", "It has two sentences."]
