import numpy as np
import pytest

from reader.audio.cues import Cue, tone
from reader.audio.mixer import Mixer
from reader.audio.track import to_pcm

RATE_HZ = 48000


def hum(seconds: float) -> bytes:
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return to_pcm(np.asarray(0.5 * np.sin(2 * np.pi * 100 * t), np.float32))


def samples(*pcm: bytes) -> np.ndarray:
    return np.frombuffer(b"".join(pcm), np.int16).astype(np.int64)


def test_at_full_volume_nothing_is_touched() -> None:
    assert Mixer().mix(hum(0.1), RATE_HZ) == hum(0.1)


@pytest.mark.parametrize("volume", [0.05, 0.5])
@pytest.mark.parametrize("block_s", [0.003, 0.1])
def test_a_new_volume_comes_without_a_click_and_is_exact(volume: float, block_s: float) -> None:
    mixer = Mixer()
    mixer.begin()
    mixer.volume = volume
    size = round(block_s * RATE_HZ) * 2
    whole = hum(0.3)
    made = samples(*(mixer.mix(whole[i : i + size], RATE_HZ) for i in range(0, len(whole), size)))
    assert np.abs(np.diff(made)).max() <= np.abs(np.diff(samples(whole))).max() * 1.05 + 15
    late = slice(round(0.1 * RATE_HZ), None)
    assert np.abs(made[late] - samples(whole)[late] * volume).max() <= 1
    mixer.volume = 1.0
    mixer.mix(whole, RATE_HZ)
    assert mixer.mix(whole, RATE_HZ) == whole


def test_a_run_begins_at_its_volume() -> None:
    mixer = Mixer()
    mixer.volume = 0.5
    mixer.begin()
    assert np.abs(samples(mixer.mix(hum(0.1), RATE_HZ)) - samples(hum(0.1)) * 0.5).max() <= 1


@pytest.mark.parametrize("volume", [0.3, 1.0])
def test_a_run_that_begins_inside_a_sound_is_faded_in(volume: float) -> None:
    mixer = Mixer()
    mixer.volume = volume
    mixer.begin(is_inside=True)
    loud = np.full(RATE_HZ // 10, 10000, np.int16).tobytes()
    made = samples(mixer.mix(loud, RATE_HZ))
    assert np.diff(made, prepend=0).max() <= 10000 / (0.015 * RATE_HZ) + 1
    assert np.abs(made[RATE_HZ * 15 // 1000 :] - 10000 * volume).max() <= 1
    mixer.volume = 0.5  # a later change has its own, slower ramp
    assert np.abs(np.diff(samples(mixer.mix(loud, RATE_HZ)))).max() <= 10000 / (0.03 * RATE_HZ) + 1


def test_what_lies_over_it_is_heard_once_and_delays_nothing() -> None:
    mixer = Mixer()
    over = tone(Cue.RESUMED, RATE_HZ)
    mixer.begin(over)
    size = 2 * 1000
    whole = hum(0.5)
    made = samples(*(mixer.mix(whole[i : i + size], RATE_HZ) for i in range(0, len(whole), size)))
    added = made - samples(whole)
    assert np.abs(added[: over.size] - over * 32767).max() <= 1
    assert not added[over.size :].any()


def test_the_sum_of_two_loud_sounds_is_bounded() -> None:
    mixer = Mixer()
    mixer.begin(np.ones(100, np.float32))
    assert samples(mixer.mix(b"\xff\x7f" * 100, RATE_HZ)).max() == 32767


@pytest.mark.parametrize("cue", list(Cue))
@pytest.mark.parametrize("rate_hz", [8000, 44100, 48000])
def test_tones_are_soft_and_have_no_click(cue: Cue, rate_hz: int) -> None:
    made = tone(cue, rate_hz)
    pitch_hz, duration_s = cue.value
    assert made.size == round(duration_s * rate_hz)
    assert np.abs(made).max() <= 0.125
    assert abs(made[0]) < 0.002
    assert abs(made[-1]) < 0.002
    steepest = 0.1 * 2 * np.pi * pitch_hz * 1.6 / rate_hz  # of the sine and its octave
    assert np.abs(np.diff(made)).max() <= steepest
    spectrum = np.abs(np.fft.rfft(made * np.hanning(made.size)))
    assert spectrum.argmax() * rate_hz / made.size == pytest.approx(pitch_hz, rel=0.05)


def test_going_on_sounds_higher_than_pausing() -> None:
    assert Cue.RESUMED.value[0] > 1.4 * Cue.PAUSED.value[0]
