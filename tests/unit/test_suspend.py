"""Whether the computer has slept, by its clocks."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from reader.http.suspend import SuspendDetector, awake_s


@dataclass
class Clocks:
    wall_s: float = 1_700_000_000.0
    awake_s: float = 500.0

    def awake(self) -> SuspendDetector:
        return SuspendDetector(lambda: self.wall_s, lambda: self.awake_s)

    def run(self, seconds: float) -> None:
        self.wall_s += seconds
        self.awake_s += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def test_time_that_passes_is_no_sleep(clocks: Clocks) -> None:
    awake = clocks.awake()
    for _ in range(3):
        clocks.run(8 * 3600.0)
        assert not awake.has_slept()


def test_a_wall_clock_that_goes_on_alone_tells_of_sleep_once(clocks: Clocks) -> None:
    awake = clocks.awake()
    clocks.wall_s += 60.0
    assert awake.has_slept()
    clocks.run(1.0)
    assert not awake.has_slept()


@pytest.mark.parametrize("leap_s", [3600.0, -3600.0])
def test_a_clock_that_is_set_counts_and_a_small_correction_does_not(clocks: Clocks, leap_s: float) -> None:
    awake = clocks.awake()
    clocks.wall_s += leap_s / 1000
    assert not awake.has_slept()
    clocks.wall_s += leap_s
    assert awake.has_slept()


def test_small_corrections_do_not_add_up(clocks: Clocks) -> None:
    awake = clocks.awake()
    for _ in range(10):
        clocks.wall_s += 3.0
        assert not awake.has_slept()


def test_a_busy_computer_that_asks_late_has_not_slept(clocks: Clocks) -> None:
    awake = clocks.awake()
    clocks.run(60.0)
    assert not awake.has_slept()


def test_the_clock_of_this_system_goes_on_while_it_is_awake() -> None:
    begun_s, monotonic_s = awake_s(), time.monotonic()
    while time.monotonic() < monotonic_s + 0.05:
        pass
    assert awake_s() > begun_s
