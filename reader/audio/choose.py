"""Picks the output device. PortAudio serves all three systems; HARKEN_AUDIO=none is for machines without."""

from __future__ import annotations

import os
from pathlib import Path

from reader.audio.base import OutputDevice
from reader.audio.file import FileDevice
from reader.audio.none import NoDevice
from reader.audio.process import ProcessDevice, list_outputs
from reader.flow import SoundOutput


def output_device(device: str = "", awake_s: float = 0.0, out: Path | None = None) -> OutputDevice:
    """The device for a setting's name ("" is the system's default), or a file when `out` is given."""
    if out is not None:
        return FileDevice(out)
    if os.environ.get("HARKEN_AUDIO") == "none":
        return NoDevice()
    return ProcessDevice(device, awake_s)


async def output_devices() -> list[SoundOutput]:
    """Those that can be chosen. Raises SoundError."""
    return [] if os.environ.get("HARKEN_AUDIO") == "none" else await list_outputs()
