"""Picks the output device. PortAudio serves all three systems; HARKEN_AUDIO=none is for machines without sound.

Sound may also be recorded: to a file, or as a stream if the target is not a regular file.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from reader.audio.base import OutputDevice
from reader.audio.file import FileDevice
from reader.audio.formats import SoundFormat
from reader.audio.none import NoDevice
from reader.audio.process import ProcessDevice, list_outputs
from reader.audio.stream import StreamDevice
from reader.flow import SoundOutput
from reader.support import descriptors

_STANDARD_OUTPUT = 1


def output_device(device: str = "", awake_s: float = 0.0) -> OutputDevice:
    """The device for the name in a setting ("" is the system's default)."""
    if os.environ.get("HARKEN_AUDIO") == "none":
        return NoDevice()
    return ProcessDevice(device, awake_s)


def is_same_file(source: int, out: Path) -> bool:
    """Whether recording to `out` would replace, or feed back into, what is read from the file descriptor `source`."""
    try:
        target = _found(out)
        return os.path.samestat(os.fstat(source), target) and not stat.S_ISCHR(target.st_mode)
    except OSError:
        return False


def is_terminal(out: Path) -> bool:
    """Whether `out` would display sound as text."""
    if (fd := _own(out)) is not None:
        return os.isatty(fd)
    if not is_stream(out) or stat.S_ISFIFO(out.stat().st_mode):
        return False
    try:
        fd = os.open(out, os.O_WRONLY | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        return os.isatty(fd)
    finally:
        os.close(fd)


def recorder(out: Path, made: SoundFormat, title: str = "") -> FileDevice | StreamDevice:
    """A device that records to `out`; "-" is standard output."""
    if (fd := _own(out)) is not None:
        return StreamDevice(fd, made=made, title=title)
    return (StreamDevice if is_stream(out) else FileDevice)(out, made=made, title=title)


def is_stream(out: Path) -> bool:
    """Whether writing there has an immediate effect: standard output, a FIFO, a device that takes bytes."""
    try:
        mode = out.stat().st_mode
    except OSError:
        mode = 0
    return _own(out) is not None or stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def _own(out: Path) -> int | None:
    return _STANDARD_OUTPUT if str(out) == "-" else descriptors.own(str(out))


def _found(out: Path) -> os.stat_result:
    """Raises OSError."""
    fd = _own(out)
    return out.stat() if fd is None else os.fstat(fd)


async def output_devices() -> list[SoundOutput]:
    """The outputs to choose from. Raises SoundError."""
    return [] if os.environ.get("HARKEN_AUDIO") == "none" else await list_outputs()
