"""The bench's loudness is that of ITU-R BS.1770: what the recommendation says of sines, and its gates."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.bench.loudness import loudness_lufs
from tests.desktop.recorder import RATE_HZ, Samples


def sine(level: float, seconds: float = 3.0) -> Samples:
    turns = 997 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.asarray(level * np.sin(2 * np.pi * turns), np.float32)


@pytest.mark.parametrize(("level", "lufs"), [(1.0, -3.01), (0.1, -23.01)])
def test_a_sine_of_997_hz(level: float, lufs: float) -> None:
    assert loudness_lufs(sine(level)) == pytest.approx(lufs, abs=0.01)


def test_silence_and_what_is_quiet_between_do_not_count() -> None:
    parts = [sine(0.1), np.zeros(RATE_HZ * 10, np.float32), sine(0.001)]
    assert loudness_lufs(np.concatenate(parts)) == pytest.approx(-23.0, abs=0.3)


def test_nothing_but_silence() -> None:
    assert loudness_lufs(np.zeros(RATE_HZ, np.float32)) == -math.inf
