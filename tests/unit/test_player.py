"""The player against a device that is listened to by hand."""

import asyncio

import numpy as np
import pytest

from reader.audio import mixer
from reader.audio.cues import Cue, tone
from reader.audio.track import Block, Track
from reader.flow import AudioChunk, Event, ReadingEnded, SegmentHeard, SegmentStarted
from tests.fakes.device import HandDevice
from tests.fakes.played import RATE_HZ, heard, make, pcm, ramp, same, say

pytestmark = [pytest.mark.own_time, pytest.mark.usefixtures("abruptly")]


async def test_everything_is_heard_once_in_order() -> None:
    player, device, events = await make()
    chunks = (ramp(1.0), ramp(0.7, 5000), ramp(0.01, 9000))
    say(player, *chunks)
    player.finish()
    await device.hear_all()
    assert same(device, *chunks)
    started = [e.segment.index for e in events if isinstance(e, SegmentStarted)]
    assert started == [0, 1, 2]
    assert events[-1] == ReadingEnded(1, is_whole=True)
    await player.close()


async def test_no_more_than_the_lead_is_written_ahead() -> None:
    player, device, _ = await make()
    say(player, ramp(20.0))
    assert device.waiting_s <= device.lead_s + 0.1
    await device.hear(3.0)
    assert 0 < device.waiting_s <= device.lead_s + 0.1
    await player.close()


@pytest.mark.parametrize("moment_s", [0.0, 0.013, 0.5, 0.99, 1.3])
async def test_a_pause_keeps_the_very_frame(moment_s: float) -> None:
    player, device, _ = await make()
    chunks = (ramp(1.0), ramp(1.0, 7000))
    say(player, *chunks)
    player.finish()
    await device.hear(moment_s)
    player.pause()
    await asyncio.sleep(0)
    before = len(device.heard)
    await device.hear(5.0)
    assert len(device.heard) == before
    player.resume()
    await asyncio.sleep(0)
    await device.hear_all()
    assert same(device, *chunks)
    await player.close()


async def test_going_on_in_the_middle_of_a_sound_is_no_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixer, "_FADE_IN_S", 0.005)
    player, device, _ = await make()
    say(player, AudioChunk(1, 0, RATE_HZ, np.full(RATE_HZ, 9000, np.int16).tobytes(), 1.0, is_last=True))
    player.finish()
    await device.hear(0.5)
    player.pause()
    await asyncio.sleep(0)
    player.resume()
    await asyncio.sleep(0)
    await device.hear_all()
    first, again = heard(device)[:10], np.array(heard(device)[RATE_HZ // 2 :], np.int64)
    assert min(first) >= 8999  # the beginning of a text is not touched
    assert np.abs(np.diff(again, prepend=0)).max() <= 9000 / (0.005 * RATE_HZ) + 1
    assert again.size == RATE_HZ // 2
    assert min(again[40:]) >= 8999
    await player.close()


async def test_pausing_and_resuming_at_once_loses_nothing() -> None:
    player, device, _ = await make()
    say(player, ramp(2.0))
    player.finish()
    await device.hear(0.4)
    for _ in range(3):
        player.pause()
        player.resume()
    await asyncio.sleep(0)
    await device.hear_all()
    assert same(device, ramp(2.0))
    await player.close()


async def test_a_cut_is_silence_and_forgets() -> None:
    player, device, events = await make()
    say(player, ramp(2.0))
    await device.hear(0.5)
    player.cut()
    before = len(device.heard)
    player.add(ramp(1.0))  # late news of the old utterance
    await device.hear(1.0)
    assert len(device.heard) == before
    player.begin(2)
    player.add(AudioChunk(1, 0, RATE_HZ, b"\x01\x00" * 800, 1.0, is_last=True))
    assert device.waiting_s == 0
    assert not [e for e in events if isinstance(e, ReadingEnded)]
    await player.close()


async def test_who_is_told_of_a_segment_may_cut_and_hears_of_no_other() -> None:
    player, device, events = await make()

    def cut(event: Event) -> None:
        events.append(event)
        player.cut()

    player.on_event = cut
    say(player, ramp(0.01), ramp(0.01), ramp(1.0))
    await device.hear(0.5)
    assert [type(event) for event in events] == [SegmentStarted]
    await player.close()


async def test_a_new_speed_is_heard_within_the_lead() -> None:
    player, device, _ = await make()
    say(player, *(ramp(1.0) for _ in range(10)))
    player.finish()
    await device.hear(1.0)
    player.set_speed(2.0)
    await device.hear_all()
    # 1 s was heard, up to 0.6 s were on the way, the rest passes at double speed.
    assert len(device.heard) / 2 / RATE_HZ == pytest.approx(1.0 + 9.0 / 2, abs=0.45)
    await player.close()


async def test_an_empty_utterance_ends() -> None:
    player, device, events = await make()
    player.finish()
    await device.hear_all()
    assert events == [ReadingEnded(1, is_whole=True)]
    await player.close()


async def test_room_is_waited_for() -> None:
    player, device, _ = await make()
    say(player, ramp(3.0))
    waiting = asyncio.create_task(player.wait_for_room(1.0, lambda: 0.0))
    await asyncio.sleep(0)
    assert not waiting.done()
    await device.hear(2.5)
    await waiting
    await player.close()


class TestCues:
    async def test_a_pause_is_heard_as_a_low_tone_and_keeps_the_place(self) -> None:
        player, device, _ = await make()
        say(player, ramp(2.0))
        player.finish()
        await device.hear(0.5)
        player.pause(with_cue=True)
        await asyncio.sleep(0)
        speech, device.heard = device.heard, b""
        await device.hear_all()
        made = tone(Cue.PAUSED, RATE_HZ)
        assert heard(device) == pytest.approx(made * 32767, abs=1)
        device.heard = speech
        player.resume()
        await asyncio.sleep(0)
        await device.hear_all()
        assert same(device, ramp(2.0))
        await player.close()

    async def test_going_on_waits_for_no_tone(self) -> None:
        player, device, _ = await make()
        say(player, ramp(2.0))
        player.finish()
        await device.hear(0.5)
        player.pause(with_cue=True)
        await asyncio.sleep(0)
        await device.hear(0.02)  # of the low tone
        player.pause()
        speech, device.heard = device.heard, b""
        player.resume(with_cue=True)
        await asyncio.sleep(0)
        await device.hear_all()
        made = tone(Cue.RESUMED, RATE_HZ)
        rest = np.array(pcm(ramp(2.0)))[RATE_HZ // 2 :]
        added = np.array(heard(device)) - rest  # the very next frame, from the first on
        assert np.abs(added[: made.size] - made * 32767).max() <= 2
        assert np.abs(added[made.size :]).max() <= 1
        assert len(speech) == 2 * round(0.52 * RATE_HZ)
        await player.close()

    async def test_the_end_is_heard_as_a_tone(self) -> None:
        player, device, events = await make()
        say(player, ramp(0.5))
        player.finish(with_cue=lambda: True)
        await device.hear_all()
        made = heard(device)
        assert made[: RATE_HZ // 2] == pytest.approx(pcm(ramp(0.5)), abs=1)
        assert made[RATE_HZ // 2 :] == pytest.approx(tone(Cue.ENDED, RATE_HZ) * 32767, abs=1)
        assert events[-1] == ReadingEnded(1, is_whole=True)
        await player.close()

    @pytest.mark.parametrize("is_ending", [True, False])
    async def test_stop_is_silence_also_in_a_tone(self, is_ending: bool) -> None:
        player, device, _ = await make()
        say(player, ramp(0.5))
        player.finish(with_cue=lambda: is_ending)
        await device.hear(0.51 if is_ending else 0.2)
        if not is_ending:
            player.pause(with_cue=True)
            await asyncio.sleep(0)
            await device.hear(0.01)
        player.cut()
        before = len(device.heard)
        await device.hear(1.0)
        assert len(device.heard) == before
        player.begin(2)
        player.add(AudioChunk(2, 0, RATE_HZ, ramp(0.1).pcm, 1.0, is_last=True))
        player.finish()
        await device.hear_all()
        assert len(device.heard) - before == 2 * RATE_HZ // 10
        await player.close()

    async def test_a_file_gets_neither_tones_nor_a_volume(self) -> None:
        device = HandDevice(RATE_HZ)
        device.is_live = False
        player, _, _ = await make(device)
        player.set_volume(0.2)
        say(player, ramp(0.5))
        player.finish(with_cue=lambda: True)
        await device.hear(0.2)
        player.pause(with_cue=True)
        await asyncio.sleep(0)
        player.resume(with_cue=True)
        await asyncio.sleep(0)
        await device.hear_all()
        assert same(device, ramp(0.5))
        await player.close()


async def test_a_new_volume_is_heard_within_the_lead() -> None:
    player, device, _ = await make()
    say(player, ramp(4.0, 20000))
    player.finish()
    await device.hear(1.0)
    player.set_volume(0.25)
    await device.hear_all()
    made, full = np.array(heard(device)), np.array(pcm(ramp(4.0, 20000)))
    late = slice(round((1.0 + device.lead_s + 0.2) * RATE_HZ), None)
    assert made.size == full.size
    assert np.abs(made[late] - full[late] * 0.25).max() <= 1
    await player.close()


async def test_how_long_each_segment_was_heard() -> None:
    player, device, events = await make()
    say(player, *(ramp(1.0) for _ in range(6)))
    player.finish()
    await device.hear(1.5)
    player.pause(with_cue=True)
    await device.hear(5.0)
    player.resume()
    await asyncio.sleep(0)
    player.set_speed(2.0)
    await device.hear_all()
    told = [(e.segment.index, e.speed, e.duration_s) for e in events if isinstance(e, SegmentHeard)]
    assert [index for index, _, _ in told] == list(range(6))
    assert told[0][1:] == pytest.approx((1.0, 1.0), abs=0.01)
    assert told[1][1] == 0.0  # it was changed in the middle
    assert told[-1][1:] == pytest.approx((2.0, 0.5), abs=0.06)
    await player.close()


@pytest.mark.parametrize("lead_s", [0.3, 2.0])
@pytest.mark.parametrize("speed", [0.4, 1.0, 5.5])
async def test_in_a_turn_of_the_loop_only_a_block_is_made_fit_for_the_device(
    monkeypatch: pytest.MonkeyPatch, lead_s: float, speed: float
) -> None:
    made: list[int] = []
    take = Track.take

    def counted(track: Track) -> Block | None:
        block = take(track)
        made[-1] += bool(block and block.pcm)
        return block

    monkeypatch.setattr(Track, "take", counted)
    made.append(0)
    device = HandDevice(RATE_HZ)
    device.lead_s = lead_s
    player, device, _ = await make(device)
    player.set_speed(speed)
    say(player, *(ramp(0.5) for _ in range(40)))
    while device.waiting_s < lead_s:
        made.append(0)
        await asyncio.sleep(0)
    await player.close()
    assert max(made) == 1 < sum(made)
