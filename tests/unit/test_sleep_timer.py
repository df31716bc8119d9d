"""The sleep timer: it fades out and stops, holds over a new reading, and leaves alone what is paused or over."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from reader.audio.mixer import Mixer
from reader.core.sleep_timer import STEPS, SleepTimer
from reader.flow import CapturedText, Command, Notice, Source, State, Trigger
from tests.fakes.session import OTHER, Session

pytestmark = pytest.mark.own_time

PARAGRAPHS = "One is first. Two is second.\n\nThree is third. Four is fourth."


class Bed:
    """A session with a timer. `fades` are how loud it was to be."""

    def __init__(self, session: Session) -> None:
        self.fades: list[float] = []
        self.told: list[str] = []
        self.timer = SleepTimer(
            self.fades.append,
            lambda: session.controller.handle(Trigger(Command.STOP, "timer")),
            lambda: session.controller.state,
            lambda: not session.controller.is_saying,
            lambda event: self.told.append(event.sentence) if isinstance(event, Notice) else None,
        )
        on_event = session.controller._on_event

        def both(event: object) -> None:
            on_event(event)  # type: ignore[arg-type]
            self.timer(event)  # type: ignore[arg-type]

        session.controller._on_event = both


async def test_it_fades_and_stops_and_resume_goes_on_there() -> None:
    async with Session() as s:
        bed = Bed(s)
        await s.read(PARAGRAPHS)
        await s.hear(0.05)
        bed.timer.set_minutes(1)
        assert bed.told[0].startswith("Reading stops in 1 minute")
        assert bed.timer.minutes_left == 1
        await asyncio.sleep(49)
        assert bed.fades == []
        await asyncio.sleep(12)
        await s.settle()
        assert s.controller.state is State.IDLE
        assert bed.fades[:-1] == sorted(bed.fades[:-1], reverse=True)
        assert bed.fades[-2] < 0.05
        assert bed.fades[-1] == 1.0
        assert bed.timer.minutes_left == 0
        await s.press(Command.RESUME)
        await s.hear(0.05)
        assert s.spoken == ["One is first."] * 2


async def test_a_new_reading_does_not_cancel_it() -> None:
    async with Session() as s:
        bed = Bed(s)
        bed.timer.set_minutes(1)
        await asyncio.sleep(30)
        await s.read(PARAGRAPHS)
        await s.hear(0.05)
        await asyncio.sleep(31)
        await s.settle()
        assert s.controller.state is State.IDLE


@pytest.mark.parametrize("off", ["off", "step"])
async def test_it_is_cancelled_also_while_it_fades(off: str) -> None:
    async with Session() as s:
        bed = Bed(s)
        await s.read(PARAGRAPHS)
        await s.hear(0.05)
        bed.timer.set_minutes(1)
        await asyncio.sleep(55)
        if off == "off":
            bed.timer.set_minutes(0)
            assert bed.told[-1] == "The sleep timer is off."
        else:
            bed.timer.step()
        await asyncio.sleep(10)
        assert bed.fades[-1] == 1.0
        assert s.controller.state is State.SPEAKING
        await bed.timer.close()


async def test_what_is_paused_stays_paused() -> None:
    async with Session() as s:
        bed = Bed(s)
        await s.read(PARAGRAPHS)
        await s.hear(0.05)
        bed.timer.set_minutes(1)
        await s.press(Command.PAUSE)
        await asyncio.sleep(61)
        await s.settle()
        assert s.controller.state is State.PAUSED


async def test_the_end_of_the_paragraph() -> None:
    async with Session() as s:
        bed = Bed(s)
        await s.read(PARAGRAPHS)
        await s.hear(0.05)
        bed.timer.set_paragraph()
        await s.device.hear_all()
        assert s.spoken[:2] == ["One is first.", "Two is second."]
        assert "Four is fourth." not in s.spoken
        assert s.controller.state is State.IDLE
        assert not bed.timer.is_at_paragraph


async def test_a_text_that_ends_with_its_paragraph_ends_the_wait_too() -> None:
    async with Session() as s:
        bed = Bed(s)
        bed.timer.set_paragraph()
        await s.read(OTHER)
        await s.device.hear_all()
        assert s.endings == [True]
        assert not bed.timer.is_at_paragraph


async def test_sentences_of_harkens_own_are_no_paragraph() -> None:
    async with Session() as s:
        bed = Bed(s)
        bed.timer.set_paragraph()
        s.controller.preferences = s.controller.preferences.__class__(speaks_notices=True)
        s.controller.say("A sentence of its own.")
        await s.device.hear_all()
        assert bed.timer.is_at_paragraph
        s.speak(CapturedText(PARAGRAPHS, Source.GIVEN))
        await s.device.hear_all()
        assert "Four is fourth." not in s.spoken


async def test_the_key_goes_through_the_steps() -> None:
    async with Session() as s:
        bed = Bed(s)
        for minutes in STEPS:
            bed.timer.step()
            assert bed.timer.minutes == minutes
        bed.timer.step()
        assert bed.timer.is_at_paragraph
        bed.timer.step()
        assert (bed.timer.minutes, bed.timer.is_at_paragraph) == (0, False)
        assert bed.told[-1] == "The sleep timer is off."


def test_the_fade_is_on_top_of_the_volume() -> None:
    mixer = Mixer()
    mixer.volume, mixer.fade = 0.5, 0.5
    mixer.begin()
    mixed = np.frombuffer(mixer.mix(np.full(800, 10_000, np.int16).tobytes(), 8000), np.int16)
    assert mixed.tolist() == [2500] * 800
