"""The player when its device is lost, or changed for another one."""

import asyncio
from dataclasses import replace

import pytest

from reader.errors import SoundError
from reader.flow import Notice, ReadingEnded
from tests.fakes.device import HandDevice
from tests.fakes.played import RATE_HZ, make, ramp, same, say
from tests.own_time import settle

pytestmark = [pytest.mark.own_time, pytest.mark.usefixtures("abruptly")]


async def test_a_lost_device_goes_on_at_the_very_frame() -> None:
    player, device, events = await make()
    chunks = (ramp(1.0), ramp(1.0, 7000))
    say(player, *chunks)
    player.finish()
    await device.hear(0.7)
    device.lose()
    await asyncio.sleep(0.05)
    await device.hear_all()
    assert same(device, *chunks)
    assert device.runs == 2
    assert [e.cause for e in events if isinstance(e, Notice) and "back" in e.sentence] == ["sound"]
    await player.close()


async def test_a_device_that_stays_away_is_told_and_waited_for() -> None:
    player, device, events = await make()
    say(player, ramp(1.0))
    player.finish()
    await device.hear(0.2)
    device.refuses = True
    device.lose()
    await asyncio.sleep(0.6)
    notices = [(e.sentence, e.cause) for e in events if isinstance(e, Notice)]
    assert notices == [("There is no sound output.", "sound")]  # so that it and its end are merged: core/events.py
    device.refuses = False
    await asyncio.sleep(1.2)
    await device.hear_all()
    assert same(device, ramp(1.0))
    await player.close()


SLOW = "The sound is taking a while to start. Harken reads as soon as it is ready."


async def test_one_that_hangs_is_told_after_the_first_attempt() -> None:
    player, device, events = await make()
    say(player, ramp(1.0))
    player.finish()
    device.refuses, device.refuses_after_s = True, 10.0
    device.lose()
    await asyncio.sleep(11.0)
    told = [e.sentence for e in events if isinstance(e, Notice)]
    assert told == [SLOW, "There is no sound output."]
    await asyncio.sleep(60.0)
    assert len([e for e in events if isinstance(e, Notice)]) == 2
    await player.close()


async def test_another_device_with_another_rate_goes_on() -> None:
    player, device, _ = await make()
    say(player, ramp(1.0), ramp(1.0))
    player.finish()
    await device.hear(0.5)
    device.lose()
    device.rate_hz = 16000
    await asyncio.sleep(0.05)
    await device.hear_all()
    assert len(device.heard) / 2 == pytest.approx(0.5 * 8000 + 1.5 * 16000, rel=0.02)
    await player.close()


async def test_what_was_being_converted_for_another_rate_is_not_lost() -> None:
    player, device, _ = await make()
    say(player, replace(ramp(3.0), rate_hz=3 * RATE_HZ))  # a second
    player.finish()
    await device.hear(0.3)
    device.lose()
    device.rate_hz = 16000
    await asyncio.sleep(0.05)
    await device.hear_all()
    rest_s = (len(device.heard) / 2 - 0.3 * 8000) / 16000
    assert rest_s == pytest.approx(0.7, abs=0.005)
    await player.close()


@pytest.mark.parametrize("rate_hz", [RATE_HZ, 2 * RATE_HZ])
async def test_another_device_goes_on_at_the_very_frame(rate_hz: int) -> None:
    player, device, events = await make()
    chunks = (ramp(1.0), ramp(1.0, 7000))
    say(player, *chunks)
    player.finish()
    await device.hear(0.7)
    other = HandDevice(rate_hz)
    await player.change_device(other)
    assert not device.is_open
    await other.hear_all()
    if rate_hz == RATE_HZ:
        device.heard += other.heard
        assert same(device, *chunks)
    assert len(other.heard) / 2 == pytest.approx(1.3 * rate_hz, rel=0.01)
    assert events[-1] == ReadingEnded(1, is_whole=True)
    await player.close()


async def test_a_device_that_cant_be_opened_leaves_the_old_one() -> None:
    player, device, _ = await make()
    say(player, ramp(1.0))
    player.finish()
    await device.hear(0.3)
    other = HandDevice(RATE_HZ)
    other.refuses = True
    with pytest.raises(SoundError):
        await player.change_device(other)
    await device.hear_all()
    assert same(device, ramp(1.0))
    await player.close()


async def test_another_device_while_paused_and_for_the_next_reading() -> None:
    player, device, _ = await make()
    say(player, ramp(1.0))
    player.finish()
    await device.hear(0.3)
    player.pause(with_cue=True)
    await asyncio.sleep(0)
    other = HandDevice(2 * RATE_HZ)
    await player.change_device(other)
    assert other.heard == b""
    player.resume()
    await asyncio.sleep(0)
    await other.hear_all()
    assert len(other.heard) / 2 == pytest.approx(0.7 * other.rate_hz, rel=0.01)
    await player.close()


class SlowToCut(HandDevice):
    """One that says later how much was heard, as those of a sound server do."""

    def __init__(self) -> None:
        super().__init__(RATE_HZ)
        self.heard_frames = 0
        self.answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def cut(self) -> asyncio.Future[int]:
        self.heard_frames = super().cut().result()
        return self.answer


async def test_another_device_while_a_pause_is_on_its_way_loses_nothing() -> None:
    device = SlowToCut()
    player, _, _ = await make(device)
    say(player, ramp(1.0))
    player.finish()
    await device.hear(0.3)
    player.pause()
    other = HandDevice(2 * RATE_HZ)
    changing = asyncio.create_task(player.change_device(other))
    await settle()
    device.answer.set_result(device.heard_frames)
    await changing
    player.resume()
    await other.hear_all()
    assert len(other.heard) / 2 == pytest.approx(0.7 * other.rate_hz, rel=0.01)
    await player.close()


async def test_another_device_after_the_end_has_nothing_to_end_again() -> None:
    player, device, events = await make()
    say(player, ramp(0.3))
    player.finish()
    await device.hear_all()
    other = HandDevice(2 * RATE_HZ)
    await player.change_device(other)
    await other.hear_all()
    assert events.count(ReadingEnded(1, is_whole=True)) == 1
    await player.close()
