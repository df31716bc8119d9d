"""Sounds that programs ask for by name, from the package sound-icons. Blocking; any thread."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reader.support import files
from reader.support.files import DamagedFileError

_FOLDER = Path("/usr/share/sounds/sound-icons")
_MAX_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class Sound:
    """16-bit mono frames in this machine's byte order."""

    rate_hz: int
    pcm: bytes


def load(name: str) -> Sound | None:
    """The sound with that name; None if there is none that can be played."""
    if name != Path(name).name:
        return None
    for path in (_FOLDER / name, _FOLDER / f"{name}.wav"):
        try:
            return _read(files.read_bytes(path, _MAX_BYTES))
        except (OSError, DamagedFileError, wave.Error, EOFError, ValueError):
            continue
    return None


def _read(data: bytes) -> Sound:
    """Raises wave.Error, EOFError or ValueError if it is no such sound."""
    with wave.open(io.BytesIO(data)) as file:
        if file.getsampwidth() != 2:
            raise ValueError("not 16 bits")
        frames = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
        return Sound(file.getframerate(), frames.mean(axis=1).astype(np.int16).tobytes())
