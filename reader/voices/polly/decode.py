"""Turns what the service sends into frames, as it comes.

mp3 and Ogg are decoded by `miniaudio` (MIT, 0.6 MB, wheels for the three systems) on a thread a stream, because it
pulls its bytes. PCM needs no thread.
"""

from __future__ import annotations

import array
import asyncio
import logging
import queue
import sys
from collections.abc import Callable
from typing import Protocol

import miniaudio

from reader import tasks
from reader.errors import StreamCorruptError
from reader.voices.polly.mp3 import Frames

log = logging.getLogger(__name__)

FRAME_BYTES = 2
# How many frames are decoded at a time: 20 ms at 24 kHz.
_FRAMES = 480
# Formats of the service (see the model's OutputFormat) that can be heard here.
_PACKED = {"mp3": miniaudio.FileFormat.MP3, "ogg_vorbis": miniaudio.FileFormat.VORBIS}
FORMATS = ("pcm", *_PACKED)

OnSound = Callable[[bytes], None]
OnEnd = Callable[[StreamCorruptError | None], None]


class Decoder(Protocol):
    """Takes bytes cut anywhere. What it makes goes to `on_sound`, and `on_end` follows `finish`: core thread."""

    def feed(self, data: bytes) -> None:
        """Add what came. Returns at once."""

    def finish(self) -> None:
        """Nothing more comes."""

    def cancel(self) -> None:
        """Nobody listens: neither callback is called any more."""


def decoder(output_format: str, rate_hz: int, on_sound: OnSound, on_end: OnEnd) -> Decoder:
    """The decoder of a format, one of FORMATS."""
    if output_format == "pcm":
        return _Pcm(on_sound, on_end)
    return _Packed(_PACKED[output_format], rate_hz, on_sound, on_end)


class _Pcm:
    """Signed 16-bit little-endian mono; a frame may be cut in two."""

    def __init__(self, on_sound: OnSound, on_end: OnEnd) -> None:
        self._on_sound = on_sound
        self._on_end = on_end
        self._half = b""

    def feed(self, data: bytes) -> None:
        if self._half:
            data = self._half + data
        end = len(data) & ~1
        self._half = data[end:]
        if end:
            self._on_sound(_native(data[:end] if self._half else data))

    def finish(self) -> None:
        self._on_end(None)

    def cancel(self) -> None:
        self._on_sound = _ignore


def _native(pcm: bytes) -> bytes:
    if sys.byteorder == "little":
        return pcm
    frames = array.array("h", pcm)
    frames.byteswap()
    return frames.tobytes()


class _Packed:
    """A thread that decodes what the queue gives it."""

    def __init__(self, kind: miniaudio.FileFormat, rate_hz: int, on_sound: OnSound, on_end: OnEnd) -> None:
        self._on_sound = on_sound
        self._on_end = on_end
        self._source = _Mp3Source() if kind is miniaudio.FileFormat.MP3 else _Source()
        self._loop = asyncio.get_running_loop()
        self._is_cancelled = False
        tasks.thread(self._run, "decode", kind, rate_hz)

    def feed(self, data: bytes) -> None:
        self._source.pieces.put(data)

    def finish(self) -> None:
        self._source.pieces.put(b"")

    def cancel(self) -> None:
        self._is_cancelled = True
        self._source.pieces.put(b"")

    def _run(self, kind: miniaudio.FileFormat, rate_hz: int) -> None:
        error = None
        sound = miniaudio.SampleFormat.SIGNED16
        try:
            for frames in miniaudio.stream_any(self._source, kind, sound, 1, rate_hz, _FRAMES):
                if self._is_cancelled:
                    return
                self._post(self._sound, frames.tobytes())
        except miniaudio.MiniaudioError as failure:
            # A stream without any sound is no stream to it.
            if self._source.total_bytes:
                error = StreamCorruptError(f"the sound can't be decoded: {failure}")
        self._post(self._end, error)

    def _post(self, call: Callable[..., None], value: object) -> None:
        try:
            self._loop.call_soon_threadsafe(call, value)
        except RuntimeError:
            self._is_cancelled = True  # the loop has ended

    def _sound(self, pcm: bytes) -> None:
        if not self._is_cancelled:
            self._on_sound(pcm)

    def _end(self, error: StreamCorruptError | None) -> None:
        if not self._is_cancelled:
            self._on_end(error)


class _Source(miniaudio.StreamableSource):  # type: ignore[misc]
    """Bytes as they come; reading waits for them. It can't be sought in, which the decoders take well."""

    def __init__(self) -> None:
        self.pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.total_bytes = 0
        self._rest = b""
        self._is_ended = False

    def read(self, num_bytes: int) -> bytes:
        if not self._rest and not self._is_ended:
            self._rest = self.take()
            self._is_ended = not self._rest
        data, self._rest = self._rest[:num_bytes], self._rest[num_bytes:]
        return data

    def take(self) -> bytes:
        """What the decoder gets next, b"" at the end."""
        data = self.pieces.get()
        self.total_bytes += len(data)
        return data

    def seek(self, offset: int, origin: miniaudio.SeekOrigin) -> bool:
        return False


class _Mp3Source(_Source):
    """Frame by frame."""

    def __init__(self) -> None:
        super().__init__()
        self._frames = Frames()

    def take(self) -> bytes:
        while not (frame := self._frames.take()) and (data := super().take()):
            self._frames.feed(data)
        return frame


def _ignore(_: object) -> None:
    pass
