"""The interface of an output device.

A device plays runs of frames: `play` begins one, `write` fills it, `end` closes it, `cut` ends it at once. Frames are
signed 16-bit mono at `rate_hz`, in this machine's byte order. Between runs a device is open and silent, and costs
nothing. What happens is reported to the listener set with `listen`, as the events below, all on the core thread. After
a run was cut, there are no more events for it; `cut` itself returns the frames heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """Base class of what a device reports."""


@dataclass(frozen=True, slots=True)
class Progress(DeviceEvent):
    """How far the run is: frames consumed out of those written, and frames heard (an estimate)."""

    taken: int
    heard: int


@dataclass(frozen=True, slots=True)
class Drained(DeviceEvent):
    """The run has ended and its last frame has been heard."""


@dataclass(frozen=True, slots=True)
class Lost(DeviceEvent):
    """The device is gone, and the run with it. `why` is for the log."""

    why: str


Listener = Callable[[DeviceEvent], None]


class OutputDevice(Protocol):
    """Somewhere to play sound. Core thread only."""

    # The sample rate it takes, in frames a second; known once open.
    rate_hz: int
    # How far ahead of the ear it needs to be written to, in seconds.
    lead_s: float
    # The name to show to the user.
    name: str
    # The name of the chosen device, if it is missing and another plays instead; else "".
    missing: str
    # Whether it is heard live: a file gets neither a volume nor tones.
    is_live: bool

    @property
    def is_open(self) -> bool:
        """Whether it can play. A device may close of its own accord."""

    def listen(self, listener: Listener) -> None:
        """Set what receives the events."""

    async def open(self) -> None:
        """Get ready to play, silently. Raises SoundError. Does nothing if already open."""

    def keep_awake(self, awake_s: float) -> None:
        """Set how long it stays awake after a run, from now on, if it is a device that falls asleep."""

    def play(self) -> None:
        """Begin a run. It is heard as soon as enough has been written."""

    def write(self, pcm: bytes) -> None:
        """Append frames to the run."""

    def end(self) -> None:
        """No more will be written to this run; Drained follows."""

    def cut(self) -> asyncio.Future[int]:
        """Fall silent at once, without waiting. The result is how many frames of the run were heard."""

    async def close(self) -> None:
        """Release the device."""
