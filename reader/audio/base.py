"""The interface of an output device.

A device plays runs of frames: `play` begins one, `write` fills it, `end` closes it, `cut` ends it at once.
Frames are signed 16-bit mono at `rate_hz`, in this machine's byte order. Between runs a device is open and
silent and costs nothing. What happens is reported to the listener set with `listen`, as the events below,
all on the core thread; events of a run that was cut do not come any more, but for what `cut` returns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """The root of what a device reports."""


@dataclass(frozen=True, slots=True)
class Progress(DeviceEvent):
    """How far the run is: frames taken from what was written, and frames heard (an estimate)."""

    taken: int
    heard: int


@dataclass(frozen=True, slots=True)
class Drained(DeviceEvent):
    """The run was ended and its last frame has been heard."""


@dataclass(frozen=True, slots=True)
class Lost(DeviceEvent):
    """The device is gone, and the run with it. `why` is for the log."""

    why: str


Listener = Callable[[DeviceEvent], None]


class OutputDevice(Protocol):
    """Something that can be listened to. Core thread only."""

    # Frames a second it wants; known once open.
    rate_hz: int
    # How far ahead of the ear it wants to be written to, in seconds. Infinite for a file.
    lead_s: float
    # What to call it in front of the user.
    name: str
    # The chosen device, if it was missing and another plays instead; else "".
    missing: str
    # Whether it is heard at once: a file gets neither a volume nor tones.
    is_live: bool

    @property
    def is_open(self) -> bool:
        """Whether it can play. A device may close by itself."""

    def listen(self, listener: Listener) -> None:
        """Set who gets the events."""

    async def open(self) -> None:
        """Get ready to play, silently. Raises SoundError. Does nothing when it is open."""

    def keep_awake(self, awake_s: float) -> None:
        """How long it stays awake behind a run from now on, where it is something that falls asleep."""

    def play(self) -> None:
        """Begin a run. It is heard as soon as enough was written."""

    def write(self, pcm: bytes) -> None:
        """Append frames to the run."""

    def end(self) -> None:
        """Nothing more will be written to this run; Drained follows."""

    def cut(self) -> asyncio.Future[int]:
        """Silence, at once: the call does not wait. The result is how many frames of the run were heard."""

    async def close(self) -> None:
        """Let go of the device."""
