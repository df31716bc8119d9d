from dataclasses import replace

import numpy as np
import pytest

from reader.audio.track import PAUSES_MS, Mark, Track
from reader.flow import FRAME_BYTES, AudioChunk, Ending, Segment

SEGMENT = Segment(1, 0, 0, "text", 0, 4, Ending.SENTENCE, "en")


def tone(seconds: float, rate_hz: int, speed: float = 1.0, *, is_last: bool = True) -> AudioChunk:
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    pcm = (8000 * np.sin(2 * np.pi * 200 * t)).astype(np.int16).tobytes()
    return AudioChunk(1, 0, rate_hz, pcm, speed, is_last)


def everything(track: Track) -> bytes:
    out = b""
    while (block := track.take()) is not None:
        out += block.pcm
    return out


def seconds(pcm: bytes, rate_hz: int = 48000) -> float:
    return len(pcm) / FRAME_BYTES / rate_hz


def test_resamples_to_the_device() -> None:
    track = Track(48000, 1.0)
    track.add(tone(1.0, 22050))
    assert seconds(everything(track)) == pytest.approx(1.0, abs=0.002)


def test_sound_at_the_devices_rate_passes_unchanged() -> None:
    track = Track(24000, 1.0)
    chunk = tone(0.5, 24000)
    track.add(chunk)
    made = np.frombuffer(everything(track), np.int16)
    assert np.abs(made - np.frombuffer(chunk.pcm, np.int16)).max() <= 1


@pytest.mark.parametrize("is_told", [True, False])
def test_a_voice_that_broke_off_leaves_the_next_one_its_pitch(is_told: bool) -> None:
    track = Track(48000, 1.0)
    track.add(tone(0.35, 16000, is_last=False))
    if is_told:
        track.pause(Ending.SENTENCE)
    track.add(tone(1.0, 24000))
    made = everything(track)
    assert seconds(made) == pytest.approx(1.35 + (PAUSES_MS[Ending.SENTENCE] / 1000 if is_told else 0), abs=0.002)
    last = np.frombuffer(made, np.int16)[-48000:].astype(float)
    assert np.abs(np.fft.rfft(last)).argmax() == 200


def test_what_was_spoken_at_another_speed_is_stretched() -> None:
    track = Track(48000, 3.0)
    track.add(tone(3.0, 24000, speed=2.0))
    assert seconds(everything(track)) == pytest.approx(2.0, rel=0.03)


def test_a_new_speed_holds_for_what_is_waiting() -> None:
    track = Track(48000, 1.0)
    track.add(tone(2.0, 24000))
    first = track.take()
    assert first is not None
    track.speed = 2.0
    assert seconds(first.pcm + everything(track)) == pytest.approx(0.1 + 1.9 / 2, rel=0.06)


@pytest.mark.parametrize("ending", list(Ending))
def test_pauses(ending: Ending) -> None:
    for speed in (1.0, 2.0):
        track = Track(48000, speed)
        track.pause(ending)
        assert seconds(everything(track)) == pytest.approx(PAUSES_MS[ending] / 1000 / speed, abs=0.001)


def test_marks_stand_in_front_of_their_sound() -> None:
    track = Track(48000, 1.0)
    mark = Mark(SEGMENT, "fake/en")
    track.add(tone(0.05, 48000))
    track.mark(mark)
    track.add(tone(0.05, 48000))
    blocks = []
    while (block := track.take()) is not None:
        blocks.append(block)
    assert [bool(b.mark) for b in blocks] == [False, True, False]
    assert blocks[1].pcm == b""


def test_waiting_seconds_count_down_to_nothing() -> None:
    track = Track(48000, 1.0)
    track.add(tone(1.0, 24000))
    track.pause(Ending.SENTENCE)
    assert track.waiting_s == pytest.approx(1.32, abs=0.001)
    everything(track)
    assert track.waiting_s == pytest.approx(0.0, abs=1e-6)
    assert track.is_empty


def test_an_empty_last_chunk_ends_the_sound() -> None:
    track = Track(48000, 1.0)
    track.add(tone(0.5, 24000, is_last=False))
    track.add(AudioChunk(1, 0, 24000, b"", 1.0, is_last=True))
    assert seconds(everything(track)) == pytest.approx(0.5, abs=0.002)


def test_a_dropped_segment_leaves_what_may_be_of_the_one_before() -> None:
    track = Track(24000, 1.0)
    track.mark(Mark(SEGMENT, "polly/Matthew"))
    track.add(replace(tone(0.2, 24000), is_shared=True))
    track.add(tone(0.5, 24000))
    track.pause(Ending.SENTENCE)
    assert track.drop(SEGMENT)
    assert track.waiting_s == pytest.approx(0.2)
    block = track.take()
    assert block is not None
    assert block.mark is None
    assert seconds(block.pcm + everything(track), 24000) == pytest.approx(0.2, abs=0.002)
