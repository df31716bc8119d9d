"""The sound device in its process while that is being started: what happens meanwhile leaves nothing behind."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from reader.audio.base import DeviceEvent, Drained
from reader.audio.player import Player
from reader.audio.process import ProcessDevice
from reader.errors import SoundError
from reader.flow import Ending, Event, Notice, ReadingEnded, Segment
from reader.workers.child import Child
from tests.fakes.played import RATE_HZ, ramp
from tests.soak.children import House, Run

pytestmark = pytest.mark.own_time


@pytest.fixture
def house() -> Iterator[House]:
    made = House(random.Random(1))
    made.rate_hz = RATE_HZ
    with patch.object(Child, "start", made.start):
        yield made


async def test_whoever_opens_it_at_the_same_time_opens_one(house: House) -> None:
    device = ProcessDevice()
    await asyncio.gather(device.open(), device.open())
    assert len(house.alive("audio")) == 1
    await device.close()
    assert house.alive() == []


@pytest.mark.noisy
@pytest.mark.parametrize("after_s", [0.0, 0.001, 0.021])
async def test_one_that_is_closed_while_it_opens_is_closed_at_once(house: House, after_s: float) -> None:
    device = ProcessDevice()
    opening = asyncio.get_running_loop().create_task(device.open())
    await asyncio.sleep(after_s)  # until the process is starting, or until it has
    await device.close()
    async with asyncio.timeout(1):
        with pytest.raises(SoundError):
            await opening
    assert house.alive() == []


@pytest.mark.noisy
async def test_what_is_played_before_it_is_known_that_it_cant_be_opened_is_heard_later(house: House) -> None:
    house.is_sound_there = False
    reading = Reading(house)
    with pytest.raises(SoundError):
        await reading.opening
    house.is_sound_there = True
    await reading.is_heard()


async def test_one_that_starts_slowly_is_neither_ended_nor_is_the_sound_system_blamed(house: House) -> None:
    house.loads_s = 100.0
    reading = Reading(house)
    await reading.is_heard()
    assert reading.told == ["The sound is taking a while to start. Harken reads as soon as it is ready."]
    assert reading.lasting == []
    assert house.started == 1


@pytest.mark.noisy
async def test_a_sound_system_that_answers_late_gets_more_time_at_each_opening(house: House) -> None:
    house.asks_s = 15.0
    reading = Reading(house)
    await reading.is_heard()
    assert house.started == 2
    with pytest.raises(SoundError, match="not responding"):
        await reading.opening


async def test_the_lead_grows_while_reports_come_late_and_shrinks_again_with_the_runs(house: House) -> None:
    device = ProcessDevice()
    await device.open()
    house.reports_late_s = 0.15
    leads = [await _lead_after_a_run(device)]
    house.reports_late_s = 0.0
    leads += [await _lead_after_a_run(device) for _ in range(2)]
    assert leads == [0.6, 0.3, 0.3]
    await device.close()


async def _lead_after_a_run(device: ProcessDevice) -> float:
    """Play half a second."""
    events: asyncio.Queue[DeviceEvent] = asyncio.Queue()
    device.listen(events.put_nowait)
    device.play()
    device.write(ramp(0.5).pcm)
    device.end()
    async with asyncio.timeout(10):
        while not isinstance(await events.get(), Drained):
            pass
    return device.lead_s


class Reading:
    """Half a second that is to be heard, from while the sound process is starting."""

    def __init__(self, house: House) -> None:
        self._runs: list[Run] = []
        self._events: list[Event] = []
        house.on_run = self._runs.append
        self._player = Player(ProcessDevice())
        self._player.on_event = self._events.append
        self.opening = asyncio.get_running_loop().create_task(self._player.open())
        self._player.begin(1)
        self._player.start_segment(Segment(1, 0, 0, "s", 0, 1, Ending.CUT, "en"), "fake/en")
        self._player.add(ramp(0.5))
        self._player.finish()

    async def is_heard(self) -> None:
        """Wait until all of it was, and end."""
        async with asyncio.timeout(200):
            while not any(isinstance(event, ReadingEnded) for event in self._events):  # noqa: ASYNC110 - it says nothing
                await asyncio.sleep(0.1)
        assert self._runs[-1].heard == round(0.5 * RATE_HZ)
        await self._player.close()

    @property
    def told(self) -> list[str]:
        return [event.sentence for event in self._events if isinstance(event, Notice)]

    @property
    def lasting(self) -> list[str]:
        """The problems that are still shown when it is over."""
        return [e.sentence for e in self._events if isinstance(e, Notice) and e.is_problem and not e.is_passing]
