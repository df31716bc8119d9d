import numpy as np
import pytest

from reader.audio.stretch import Samples, Stretch

RATE_HZ = 24000


def voice(seconds: float = 2.0, pitch_hz: float = 140.0) -> Samples:
    """A pulse train through a resonance: near enough to a vowel."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tone = np.sum([np.sin(2 * np.pi * pitch_hz * k * t) / k for k in range(1, 12)], axis=0)
    return np.asarray(0.1 * tone, np.float32)


def stretched(sound: Samples, factor: float, block: int = 480) -> Samples:
    stretch = Stretch(RATE_HZ)
    stretch.factor = factor
    parts = [stretch.feed(sound[i : i + block]) for i in range(0, sound.size, block)]
    return np.concatenate([*parts, stretch.flush()])


@pytest.mark.parametrize("factor", [0.5, 0.7, 0.9, 1.1, 1.5, 2.0, 3.0, 4.0, 5.0])
def test_speed_is_exact(factor: float) -> None:
    sound = voice()
    assert sound.size / stretched(sound, factor).size == pytest.approx(factor, rel=0.06)


@pytest.mark.parametrize("factor", [0.6, 1.3, 2.5])
@pytest.mark.parametrize("pitch_hz", [90.0, 140.0, 250.0])
def test_pitch_stays(factor: float, pitch_hz: float) -> None:
    made = stretched(voice(pitch_hz=pitch_hz), factor)
    spectrum = np.abs(np.fft.rfft(made * np.hanning(made.size)))
    assert spectrum.argmax() * RATE_HZ / made.size == pytest.approx(pitch_hz, rel=0.03)


def test_nothing_changes_at_the_voices_own_speed() -> None:
    sound = voice(0.3)
    assert np.array_equal(stretched(sound, 1.0), sound)


@pytest.mark.parametrize("factor", [0.5, 1.5, 3.0])
def test_no_step_is_larger_than_the_voices_own(factor: float) -> None:
    sound = voice()
    assert np.abs(np.diff(stretched(sound, factor))).max() <= np.abs(np.diff(sound)).max() * 1.2


def test_the_speed_may_change_on_the_way() -> None:
    sound = voice(3.0)
    stretch = Stretch(RATE_HZ)
    made = [stretch.feed(sound[:RATE_HZ])]
    stretch.factor = 2.0
    made.append(stretch.feed(sound[RATE_HZ : 2 * RATE_HZ]))
    stretch.factor = 1.0
    made += [stretch.feed(sound[2 * RATE_HZ :]), stretch.flush()]
    assert sum(m.size for m in made) / RATE_HZ == pytest.approx(2.5, abs=0.05)


@pytest.mark.parametrize("size", [0, 1, 100, 700])
def test_short_sounds_come_through(size: int) -> None:
    assert stretched(voice(1.0)[:size], 2.0).size <= size
    assert stretched(np.zeros(size, np.float32), 0.5).size >= size
