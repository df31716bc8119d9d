"""Each word is told when its first frame is heard, whatever is done to the sound on its way."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from reader.audio.track import Mark, Track
from reader.flow import FRAME_BYTES, AudioChunk, Ending, Segment, SegmentStarted, WordMark, WordStarted
from tests.fakes.device import HandDevice
from tests.fakes.played import RATE_HZ, make, ramp, segment

SEGMENT = Segment(1, 0, 0, "text", 0, 4, Ending.CUT, "en")
WORDS = 12
# A word and the silence in front of it, in seconds.
WORD_S, SILENCE_S = 0.3, 0.2


def bursts(rate_hz: int, speed: float, *, is_late: bool = False) -> list[AudioChunk]:
    """A sound for each word, in chunks that do not begin with them. With `is_late` marks come with the next chunk."""
    t = np.arange(round(WORD_S * rate_hz)) / rate_hz
    word = (8000 * np.sin(2 * np.pi * 150 * t)).astype(np.int16)
    silence = np.zeros(round(SILENCE_S * rate_hz), np.int16)
    pcm = np.concatenate([silence, word] * WORDS).tobytes()
    at = [round((i * (WORD_S + SILENCE_S) + SILENCE_S) * rate_hz) for i in range(WORDS)]
    size = round(0.37 * rate_hz)
    chunks = []
    for start in range(0, len(pcm) // FRAME_BYTES, size):
        due = start - size if is_late else start
        marks = tuple(WordMark(frame - start, i, i + 1) for i, frame in enumerate(at) if due <= frame < due + size)
        part = pcm[start * FRAME_BYTES : (start + size) * FRAME_BYTES]
        chunks.append(AudioChunk(1, 0, rate_hz, part, speed, words=marks))
    last = WordMark(at[-1] - len(pcm) // FRAME_BYTES, WORDS - 1, WORDS)
    told = sum(len(chunk.words) for chunk in chunks)
    chunks.append(AudioChunk(1, 0, rate_hz, b"", speed, is_last=True, words=(last,) if told < WORDS else ()))
    return chunks


def onsets(sound: np.ndarray, rate_hz: int) -> list[float]:
    """When each sound begins that follows silence, in seconds."""
    step = rate_hz // 200
    loud = np.abs(sound[: len(sound) // step * step].reshape(-1, step).astype(int)).max(axis=1) > 800
    return [i / 200 for i in range(len(loud)) if loud[i] and not loud[max(i - 6, 0) : i].any()]


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize(("rate_hz", "out_rate_hz"), [(22050, 48000), (24000, 24000), (24000, 44100)])
@pytest.mark.parametrize("speeds", [(1.0,), (0.45,), (1.6,), (3.0,), (1.0, 2.2, 0.6), (5.5, 1.0)])
def test_a_word_stays_at_its_sound(rate_hz: int, out_rate_hz: int, speeds: tuple[float, ...], is_late: bool) -> None:
    track = Track(out_rate_hz, speeds[0])
    track.mark(Mark(SEGMENT, "voice"))
    for chunk in bursts(rate_hz, 1.0, is_late=is_late):
        track.add(chunk)
    wanted = iter(speeds)
    parts, found = [], []
    at = blocks = 0
    while (block := track.take()) is not None:
        if blocks % 40 == 0:
            track.speed = next(wanted, track.speed)
        blocks += 1
        found += [(at + word.frame) / out_rate_hz for word in block.words]
        parts.append(np.frombuffer(block.pcm, np.int16))
        at += block.frames
    heard = onsets(np.concatenate(parts), out_rate_hz)
    assert len(heard) == len(found) == WORDS
    assert np.abs(np.array(heard) - np.array(found)).max() < 0.04


def spoken(index: int, *, words: int = 4) -> AudioChunk:
    """Half a second of a segment, with words that begin in even steps."""
    chunk = ramp(0.5)
    step = RATE_HZ // 2 // words
    marks = tuple(WordMark(i * step, 10 * index + i, 10 * index + i + 1) for i in range(words))
    return replace(chunk, segment=index, words=marks)


class Heard:
    """A player that says segments of four words, and when each is told."""

    async def start(self, segments: int = 3, device: HandDevice | None = None) -> Heard:
        self.player, self.device, _ = await make(device or HandDevice(RATE_HZ))
        self.told: list[tuple[int, int]] = []  # (frames heard until then, where the word stands)
        self.order: list[str] = []
        self.player.on_event = self._note
        for index in range(segments):
            self.player.start_segment(segment(index), "fake/en")
            self.player.add(spoken(index))
            self.player.end_segment(segment(index))
        return self

    def _note(self, event: object) -> None:
        if isinstance(event, WordStarted):
            assert event.start_chars // 10 == event.segment.index
            self.order.append(f"{event.start_chars}")
            self.told.append((len(self.device.heard) // FRAME_BYTES, event.start_chars))
        elif isinstance(event, SegmentStarted):
            self.order.append(f"segment {event.segment.index}")


ALL = ["segment 0", "0", "1", "2", "3", "segment 1", "10", "11", "12", "13", "segment 2", "20", "21", "22", "23"]


@pytest.mark.own_time
@pytest.mark.usefixtures("abruptly")
class TestPlayer:
    async def test_words_are_told_in_order_when_they_are_heard(self) -> None:
        heard = await Heard().start()
        heard.player.finish()
        await heard.device.hear_all()
        assert heard.order == ALL
        for i, (frames, _) in enumerate(heard.told):
            assert 0 < frames - i * RATE_HZ // 8 <= RATE_HZ // 50  # the device reports every 20 ms
        await heard.player.close()

    @pytest.mark.parametrize("moment_s", [0.0, 0.01, 0.13, 0.3, 0.51, 0.99])
    async def test_a_pause_tells_none_twice_and_loses_none(self, moment_s: float) -> None:
        heard = await Heard().start()
        heard.player.finish()
        await heard.device.hear(moment_s)
        heard.player.pause()
        await asyncio.sleep(0)
        await heard.device.hear(5.0)
        told = len(heard.told)
        assert told == -(-round(moment_s * 1000) // 125)
        heard.player.resume()
        await asyncio.sleep(0)
        await heard.device.hear_all()
        assert heard.order == ALL
        await heard.player.close()

    async def test_what_was_cut_is_told_no_more(self) -> None:
        heard = await Heard().start()
        await heard.device.hear(0.3)
        heard.player.begin(1)
        heard.player.start_segment(segment(2), "fake/en")
        heard.player.add(spoken(2))
        heard.player.finish()
        await heard.device.hear_all()
        assert heard.order == [*ALL[:4], *ALL[10:]]
        await heard.player.close()

    async def test_what_was_dropped_on_its_way_is_not_told(self) -> None:
        heard = await Heard().start(segments=60)
        await heard.device.hear(0.3)
        assert heard.player.drop_segment(segment(50))
        heard.player.finish()
        await heard.device.hear_all()
        assert heard.told[-1][1] == 493
        await heard.player.close()

    async def test_a_device_that_vanishes_and_comes_back_at_another_rate_goes_on(self) -> None:
        heard = await Heard().start()
        heard.player.finish()
        await heard.device.hear(0.3)
        heard.device.rate_hz = 2 * RATE_HZ
        heard.device.lose()
        await heard.device.hear_all()
        assert heard.order == ALL
        await heard.player.close()
