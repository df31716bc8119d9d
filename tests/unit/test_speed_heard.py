"""The real voices while their speed changes: no click, no gap, no word lost, and as fast as was asked for."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest

from reader.audio.track import Samples, Track
from reader.flow import MAX_SPEED, MIN_SPEED
from tests.bench import quality, spoken
from tests.bench.speed import stretched

RATE_HZ = 48000
QUIET = 0.004


@pytest.fixture(scope="module")
def voices() -> dict[str, spoken.Spoken]:
    return {voice: made for (voice, _), made in spoken.speak([1.0]).items()}


def steepest(sound: Samples) -> float:
    """The largest step from one sample to the next."""
    return float(np.abs(np.diff(sound)).max())


def longest_silence_s(sound: Samples) -> float:
    """Between the first and the last sound."""
    loud = np.flatnonzero(np.abs(sound) > QUIET)
    return float(np.diff(loud).max()) / RATE_HZ


def changing(track: Track, speeds: tuple[float, ...], every: int = 4) -> Samples:
    """All of a track, whose speed changes after so many blocks, again and again."""
    parts, turns = [], cycle(speeds)
    count = 0
    while (block := track.take()) is not None:
        if count % every == 0:
            track.speed = next(turns)
        count += 1
        parts.append(block.pcm)
    return np.asarray(np.frombuffer(b"".join(parts), np.int16) / 32768, np.float32)


@pytest.mark.parametrize("voice", spoken.VOICES)
@pytest.mark.parametrize("speeds", [(1.0, 1.3), (1.0, MAX_SPEED), (1.0, MIN_SPEED), (MIN_SPEED, 2.5, MAX_SPEED, 1.0)])
def test_a_change_has_no_click_and_no_gap(
    voices: dict[str, spoken.Spoken], voice: str, speeds: tuple[float, ...]
) -> None:
    own = spoken.taken(spoken.track(voices[voice], 1.0, RATE_HZ))
    made = changing(spoken.track(voices[voice], 1.0, RATE_HZ), speeds)
    assert steepest(made) <= 1.1 * steepest(own)
    assert longest_silence_s(made) <= longest_silence_s(own) / min(speeds) + 0.02


@pytest.mark.parametrize("voice", spoken.VOICES)
@pytest.mark.parametrize("speed", [MIN_SPEED, 0.75, 1.5, 3.0, MAX_SPEED])
def test_what_waits_is_heard_as_fast_as_was_asked_for(
    voices: dict[str, spoken.Spoken], voice: str, speed: float
) -> None:
    own = spoken.taken(spoken.track(voices[voice], 1.0, RATE_HZ))
    made = spoken.taken(spoken.track(voices[voice], speed, RATE_HZ))
    assert own.size / made.size == pytest.approx(speed, rel=0.03)


@pytest.mark.parametrize("voice", spoken.VOICES)
@pytest.mark.parametrize(("factor", "at_least"), [(MIN_SPEED, 0.95), (2.75, 0.92), (MAX_SPEED, 0.82)])
def test_stretched_speech_is_all_there(
    voices: dict[str, spoken.Spoken], voice: str, factor: float, at_least: float
) -> None:
    sound, rate_hz = spoken.plain(voices[voice]), voices[voice][0][0].rate_hz
    ours = quality.compare(sound, stretched(sound, rate_hz, factor), rate_hz, factor)
    naive = quality.compare(sound, quality.overlap_add(sound, rate_hz, factor), rate_hz, factor)
    assert ours.stoi > at_least
    if factor > 1:
        assert ours.stoi > naive.stoi
    else:  # where nothing is left out, what is plainly put together only sounds rough
        assert ours.pitch_share > naive.pitch_share + 0.3


def test_the_measure_knows_the_untouched_and_the_ruined(voices: dict[str, spoken.Spoken]) -> None:
    voice = voices["neural/heart"]
    sound, rate_hz = spoken.plain(voice), voice[0][0].rate_hz
    same = quality.compare(sound, sound, rate_hz, 1.0)
    assert same.stoi == pytest.approx(1.0, abs=1e-6)
    assert same.distance_db == pytest.approx(0.0, abs=1e-6)
    assert same.pitch_share == 1.0
    backwards = quality.compare(sound, sound[::-1].copy(), rate_hz, 1.0)
    assert backwards.stoi < 0.3
    assert backwards.distance_db > 10
    deeper = quality.compare(sound, np.repeat(sound, 2), rate_hz, 0.5)
    assert deeper.pitch_share < 0.2
