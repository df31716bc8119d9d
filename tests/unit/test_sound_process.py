"""The sound device in its process while that is being started: what happens meanwhile leaves nothing behind."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from reader.audio.player import Player
from reader.audio.process import ProcessDevice
from reader.errors import SoundError
from reader.flow import Ending, Event, ReadingEnded, Segment
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
    runs: list[Run] = []
    house.on_run = runs.append
    house.is_sound_there = False
    events: list[Event] = []
    player = Player(ProcessDevice())
    player.on_event = events.append
    opening = asyncio.get_running_loop().create_task(player.open())
    while not house.alive("audio") or not player.device.is_open:  # noqa: ASYNC110 - it says nothing
        await asyncio.sleep(0.001)
    player.begin(1)
    player.start_segment(Segment(1, 0, 0, "s", 0, 1, Ending.CUT, "en"), "fake/en")
    player.add(ramp(0.5))
    player.finish()
    with pytest.raises(SoundError):
        await opening
    house.is_sound_there = True
    async with asyncio.timeout(60):
        while not any(isinstance(event, ReadingEnded) for event in events):  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.1)
    assert runs[-1].heard == round(0.5 * RATE_HZ)
    await player.close()
