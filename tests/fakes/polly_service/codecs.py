"""The formats in which the stand-in sends its voice.

A whole stream is one sound, so a packed format keeps back what does not fill a frame (mp3: some 50 ms) or a page (Ogg:
a second or two) until more follows, or nothing more.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Protocol

import numpy as np
import soundfile


class Encoder(Protocol):
    """Of one stream or call."""

    def add(self, pcm: bytes) -> bytes: ...

    def finish(self) -> bytes: ...


class _Pcm:
    def __init__(self, rate_hz: int) -> None:
        pass

    def add(self, pcm: bytes) -> bytes:
        return pcm

    def finish(self) -> bytes:
        return b""


class _Packed:
    def __init__(self, rate_hz: int, container: str, kind: str) -> None:
        self._made = io.BytesIO()
        self._taken = 0
        self._file = soundfile.SoundFile(self._made, "w", rate_hz, 1, kind, format=container)

    def __del__(self) -> None:
        self._file.close()  # of a call that broke off: before the buffer that it is written to is thrown away

    def add(self, pcm: bytes) -> bytes:
        self._file.write(np.frombuffer(pcm, "<i2"))
        return self._take()

    def finish(self) -> bytes:
        # What it goes back for, to write the length into the start, was sent long ago.
        self._file.close()
        return self._take()

    def _take(self) -> bytes:
        new = self._made.getvalue()[self._taken :]
        self._taken += len(new)
        return new


def _mp3(rate_hz: int) -> Encoder:
    return _Packed(rate_hz, "MP3", "MPEG_LAYER_III")


def _ogg_vorbis(rate_hz: int) -> Encoder:
    return _Packed(rate_hz, "OGG", "VORBIS")


# Of (format, rate in Hz). That pcm ends at 16 kHz is documented for SynthesizeSpeech, as are these rates.
FORMATS: dict[tuple[str, int], Callable[[int], Encoder]] = {
    **{("pcm", rate_hz): _Pcm for rate_hz in (8000, 16000)},
    **{("mp3", rate_hz): _mp3 for rate_hz in (8000, 16000, 22050, 24000)},
    **{("ogg_vorbis", rate_hz): _ogg_vorbis for rate_hz in (8000, 16000, 22050, 24000)},
}


def default_rate_hz(output_format: str, engine: str) -> int:
    """Where a request names none."""
    if output_format == "pcm":
        return 16000
    return 22050 if engine == "standard" else 24000
