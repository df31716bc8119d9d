"""Orca with Harken's voices: it is heard, what it says next cuts what it said, and Harken reads beside it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

import numpy as np
import pytest

from tests.desktop import orca, speechd
from tests.desktop.desk import Desk, wait_for
from tests.desktop.hearing import count, first_sound, voiced
from tests.desktop.orca import Orca, as_said_with_harken
from tests.desktop.recorder import RATE_HZ
from tests.desktop.speechd import SpeechDispatcher

pytestmark = pytest.mark.skipif(
    not all(shutil.which(program) for program in {**orca.NEEDED, **speechd.NEEDED}), reason="Orca is not installed here"
)
LONG = f"{'This is a long story that nobody wants to hear to its end. ' * 8}Here it ends at last."
SHORT = "The short line comes last."


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with Desk(tray=True) as desk:
        SpeechDispatcher(desk).start("--default")
        begun_s = time.monotonic()
        Orca(desk).start_alone()
        (said,) = as_said_with_harken("Screen reader on.")
        wait_for(lambda: count(said, desk.recorder.since(begun_s)), "Orca", 60)
        desk.start_harken()
        yield desk


def still(desk: Desk) -> None:
    """Wait until nothing has been heard for a second."""
    wait_for(lambda: np.abs(desk.recorder.sound()[-RATE_HZ:]).max() < 0.004, "silence", 60)


def test_the_next_line_cuts_the_one_that_orca_reads(desk: Desk) -> None:
    desk.open_text(f"First.\n{LONG}\n{SHORT}\n")
    still(desk)
    begun_s = time.monotonic()
    desk.keyboard.press("Down")
    beginning, *_, end = as_said_with_harken(LONG)
    wait_for(lambda: count(beginning[: RATE_HZ // 2], desk.recorder.since(begun_s)), "the long line", 60)
    desk.keyboard.press("Down")
    (line,) = as_said_with_harken(SHORT)
    wait_for(lambda: count(line, desk.recorder.since(begun_s)), "the short line", 60)
    heard = desk.recorder.since(begun_s)
    assert count(line, heard) == 1
    assert count(end, heard) == 0


def test_harken_reads_beside_it_in_its_own_voice(desk: Desk) -> None:
    desk.close_windows()
    desk.open_text(SHORT)
    desk.select_all(SHORT)
    still(desk)
    desk.begin()
    begun_s = time.monotonic()
    desk.keyboard.press("super+alt+r")
    desk.wait_for_record("ended")
    desk.call(["sleep", "0.3"])
    heard = desk.recorder.since(begun_s)
    assert first_sound(heard) is not None
    assert count(voiced([SHORT])[0], heard) == 1
