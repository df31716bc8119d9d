"""What the desktop is told in which state of a reading."""

from __future__ import annotations

import asyncio
from typing import Any

from reader.desktop.base import Playing
from reader.desktop.reading_follower import DesktopOptions, ReadingFollower
from reader.flow import Ending, Segment, SegmentStarted, SpeedChanged, State, StateChanged

SEGMENT = Segment(3, 0, 0, "secret", 0, 6, Ending.SENTENCE, "en")


class Fakes:
    """All three of what a desktop can do, and what was asked of it."""

    is_supported = True

    def __init__(self) -> None:
        self.shown: list[Playing | None] = []
        self.is_held = False
        self.percent = 100.0
        self.on_release = asyncio.Event()
        self.on_show = asyncio.Event()

    def show(self, playing: Playing | None) -> None:
        self.on_show.set()
        if self.shown[-1:] != [playing]:
            self.shown.append(playing)

    def hold(self) -> None:
        self.is_held = True

    def release(self) -> None:
        self.is_held = False
        self.on_release.set()

    def lower(self, percent: float) -> None:
        self.percent = percent

    def restore(self) -> None:
        self.percent = 100.0

    async def close(self) -> None:
        self.show(None)
        self.release()
        self.restore()


def made(**options: Any) -> tuple[ReadingFollower, Fakes]:
    fakes = Fakes()
    return ReadingFollower(fakes, fakes, fakes, {"v": "Heart"}.__getitem__, 1.5, **options), fakes


def begin(follower: ReadingFollower) -> None:
    follower.on_event(StateChanged(3, State.PREPARING))
    follower.on_event(SegmentStarted(3, SEGMENT, "v"))
    follower.on_event(StateChanged(3, State.SPEAKING))


async def test_a_reading_from_its_beginning_to_its_end() -> None:
    follower, fakes = made()
    follower.apply(DesktopOptions(others_percent=30.0))
    assert (fakes.is_held, fakes.percent) == (False, 100.0)
    begin(follower)
    assert (fakes.is_held, fakes.percent) == (True, 30.0)
    follower.on_event(SpeedChanged(3, 2.0))
    follower.on_event(StateChanged(3, State.PAUSED))
    assert (fakes.is_held, fakes.percent) == (True, 100.0)
    follower.on_event(StateChanged(3, State.PREPARING))  # another text is looked for, and not found
    assert fakes.is_held
    follower.on_event(StateChanged(3, State.SPEAKING))
    assert fakes.percent == 30.0
    follower.on_event(StateChanged(0, State.IDLE))
    assert (fakes.is_held, fakes.percent) == (False, 100.0)
    assert fakes.shown == [
        None,
        Playing(3, False, "Heart", 1.5),
        Playing(3, False, "Heart", 2.0),
        Playing(3, True, "Heart", 2.0),
        Playing(3, False, "Heart", 2.0),
        None,
    ]
    await follower.close()


async def test_after_a_long_pause_the_screen_may_lock() -> None:
    follower, fakes = made(pause_s=0.01)
    follower.apply(DesktopOptions())
    begin(follower)
    fakes.on_release.clear()
    follower.on_event(StateChanged(3, State.PAUSED))
    assert fakes.is_held
    await fakes.on_release.wait()
    assert fakes.shown[-1] == Playing(3, True, "Heart", 1.5)  # the keys are still ours
    follower.on_event(StateChanged(3, State.SPEAKING))
    assert fakes.is_held
    await follower.close()
    assert not fakes.is_held


async def test_what_is_switched_off_is_not_done_and_holds_at_once() -> None:
    follower, fakes = made()
    follower.apply(DesktopOptions(media_keys=False, keep_unlocked=False))
    begin(follower)
    assert (fakes.shown, fakes.is_held, fakes.percent) == ([None], False, 100.0)
    follower.apply(DesktopOptions(others_percent=0.0))
    assert (fakes.shown[-1], fakes.is_held, fakes.percent) == (Playing(3, False, "Heart", 1.5), True, 0.0)
    follower.apply(DesktopOptions(media_keys=False, keep_unlocked=False))
    assert (fakes.shown[-1], fakes.is_held, fakes.percent) == (None, False, 100.0)
    await follower.close()


async def test_after_stop_the_keys_are_kept_for_a_while_so_that_play_goes_on() -> None:
    follower, fakes = made(stopped_s=0.01)
    follower.apply(DesktopOptions())
    begin(follower)
    follower.on_event(StateChanged(3, State.IDLE, can_resume=True))
    assert fakes.shown[-1] == Playing(3, False, "Heart", 1.5, is_stopped=True)
    assert not fakes.is_held
    fakes.on_show.clear()
    await fakes.on_show.wait()
    assert fakes.shown[-1] is None
    follower.on_event(SpeedChanged(3, 2.0))
    assert fakes.shown[-1] is None  # they stay the music's
    begin(follower)
    assert fakes.shown[-1] == Playing(3, False, "Heart", 2.0)
    follower.on_event(StateChanged(3, State.IDLE))  # it was read to its end
    assert fakes.shown[-1] is None
    await follower.close()
