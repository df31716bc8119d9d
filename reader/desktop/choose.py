"""Picks what there is on this system for each concern. Where nothing is, a null stands in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from reader.desktop.base import Autostart, MediaControls, OthersVolume, ScreenLockInhibitor, ScreenReaderWatch
from reader.desktop.launch import command
from reader.desktop.none import NoAutostart, NoMediaControls, NoOthersVolume, NoScreenLockInhibitor, NoScreenReaderWatch
from reader.desktop.reading_follower import ReadingFollower
from reader.flow import Command, ScreenReader


def prepare() -> None:
    """Import what `follower` and `screen_readers` will use, which takes its time. Any thread."""
    if sys.platform == "linux":
        from reader.desktop import mpris, pulse, screen_reader, screensaver  # noqa: F401 - imported is all they are to be


def follower(
    on_command: Callable[[Command], None],
    on_speed: Callable[[float], None],
    on_volume: Callable[[float], None],
    voice_name: Callable[[str], str],
    levels: tuple[float, float],
    folder: Path,
) -> ReadingFollower:
    """What follows readings. Players ask for commands, speeds and volumes; `voice_name` knows a voice's name by its id.

    `levels` are the speed and the volume in force, `folder` is where may be noted what has to be undone.
    """
    return ReadingFollower(_media(on_command, on_speed, on_volume), _awake(), _others(folder), voice_name, *levels)


async def screen_readers(on_change: Callable[[ScreenReader], None]) -> ScreenReaderWatch:
    """Begin to watch for screen readers. On Windows and macOS the windows tell, see ui/screen_reader."""
    if sys.platform == "linux":
        from reader.desktop.screen_reader import BusWatch

        watch = BusWatch(on_change)
        await watch.start()
        return watch
    return NoScreenReaderWatch()


def autostart() -> Autostart:
    """How Harken starts at login."""
    if sys.platform == "linux":
        from reader.desktop.xdg_autostart import XdgAutostart

        return XdgAutostart(command)
    if sys.platform == "win32":
        from reader.desktop.windows import RunKey

        return RunKey(command)
    if sys.platform == "darwin":
        from reader.desktop.macos import LaunchAgent

        return LaunchAgent(command)
    return NoAutostart()


def _media(
    on_command: Callable[[Command], None], on_speed: Callable[[float], None], on_volume: Callable[[float], None]
) -> MediaControls:
    if sys.platform == "linux":
        from reader.desktop.mpris import Mpris

        return Mpris(on_command, on_speed, on_volume)
    return NoMediaControls()


def _others(folder: Path) -> OthersVolume:
    if sys.platform == "linux":
        from reader.desktop.pulse import PulseVolume

        return PulseVolume(folder / "lowered.json")
    return NoOthersVolume()


def _awake() -> ScreenLockInhibitor:
    if sys.platform == "linux":
        from reader.desktop.screensaver import ScreenSaver

        return ScreenSaver()
    if sys.platform == "win32":
        from reader.desktop.windows import ExecutionState

        return ExecutionState()
    if sys.platform == "darwin":
        from reader.desktop.macos import Caffeinate

        return Caffeinate()
    return NoScreenLockInhibitor()
