"""The child process that decodes mp3 and Ogg: bytes in, frames out, several streams side by side.

`miniaudio` (MIT, 0.6 MB, wheels for the three systems) does the work, on a thread per stream because it pulls its
input. It is C code fed with what the network brings, and damaged Ogg can crash the stb_vorbis in it. So it runs here,
without keys, texts, files or network (workers/sandbox.py). decode.py is Harken's side.

    {"do": "open", "format": "mp3", "rate_hz": 24000}, then bytes, then {"do": "finish"}; or {"do": "cancel"}

The first answer is {"is": "ready"}; then come frames, with {"is": "eager", "taken": bytes so far} whenever it waits for
more, and at the end {"is": "done"} or {"is": "failed", "why": …}.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

import miniaudio

from reader import threads
from reader.voices.remote.mp3 import Frames
from reader.voices.remote.ogg import Pages
from reader.workers import frames

_KINDS = {"mp3": miniaudio.FileFormat.MP3, "ogg_vorbis": miniaudio.FileFormat.VORBIS}
# How many frames are decoded at a time: 20 ms at 24 kHz.
_FRAMES = 480


class _Source(miniaudio.StreamableSource):  # type: ignore[misc]
    """Bytes as they arrive; reading waits for them. Seeking is not possible, which the decoders cope with."""

    def __init__(self, tell_eager: Callable[[int], None]) -> None:
        self.pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.total_bytes = 0
        self.is_cancelled = False
        self._tell_eager = tell_eager
        self._rest = b""
        self._is_ended = False

    def read(self, num_bytes: int) -> bytes:
        if not self._rest and not self._is_ended:
            self._rest = self.take()
            self._is_ended = not self._rest
        data, self._rest = self._rest[:num_bytes], self._rest[num_bytes:]
        return data

    def take(self) -> bytes:
        """What the decoder gets next; b"" at the end."""
        if self.pieces.empty():
            self._tell_eager(self.total_bytes)
        data = b"" if self.is_cancelled else self.pieces.get()
        self.total_bytes += len(data)
        return b"" if self.is_cancelled else data

    @property
    def damage(self) -> str:
        """What was found to be wrong before the decoder saw it; "" for nothing."""
        return ""

    def seek(self, offset: int, origin: miniaudio.SeekOrigin) -> bool:
        return False


class _Mp3Source(_Source):
    """Supplies whole frames."""

    def __init__(self, tell_eager: Callable[[int], None]) -> None:
        super().__init__(tell_eager)
        self._frames = Frames()

    def take(self) -> bytes:
        while not (frame := self._frames.take()) and (data := super().take()):
            self._frames.feed(data)
        return frame


class _OggSource(_Source):
    """Supplies whole pages."""

    def __init__(self, tell_eager: Callable[[int], None]) -> None:
        super().__init__(tell_eager)
        self._pages = Pages()

    def take(self) -> bytes:
        while not (page := self._pages.take()) and not self._pages.damage:
            if not (data := super().take()):
                self._pages.finish()
                break
            self._pages.feed(data)
        return page

    @property
    def damage(self) -> str:
        return self._pages.damage


class _Streams:
    """The streams being decoded, by tag. Messages from several threads are sent one at a time."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._writing = threading.Lock()
        self._sources: dict[int, _Source] = {}

    def obey(self, frame: frames.Frame) -> None:
        if frame.kind is frames.FrameKind.BYTES:
            if source := self._sources.get(frame.tag):
                source.pieces.put(frame.body)
            return
        message = frame.json()
        if message["do"] == "open":
            make = _Mp3Source if message["format"] == "mp3" else _OggSource
            source = make(lambda taken: self._write(frame.tag, {"is": "eager", "taken": taken}))
            self._sources[frame.tag] = source
            kind = _KINDS[message["format"]]
            threads.start(self._run, "decode", frame.tag, source, kind, message["rate_hz"])
        elif source := self._sources.pop(frame.tag, None):
            source.is_cancelled = message["do"] == "cancel"
            source.pieces.put(b"")

    def _run(self, tag: int, source: _Source, kind: miniaudio.FileFormat, rate_hz: int) -> None:
        why = ""
        try:
            for sound in miniaudio.stream_any(source, kind, miniaudio.SampleFormat.SIGNED16, 1, rate_hz, _FRAMES):
                if source.is_cancelled:
                    return
                self._write(tag, sound.tobytes())
            why = source.damage
        except miniaudio.MiniaudioError as error:
            # A stream without any sound is no stream to miniaudio.
            why = source.damage or (str(error) if source.total_bytes else "")
        except MemoryError:
            why = "it wants more memory than there is for it"
        if not source.is_cancelled:
            self._write(tag, {"is": "failed", "why": why} if why else {"is": "done"})

    def _write(self, tag: int, body: dict[str, Any] | bytes) -> None:
        with self._writing:
            frames.write(self._fd, tag, body)


def run(fd_in: int, fd_out: int) -> None:
    """Serve until the input ends."""
    streams = _Streams(fd_out)
    frames.write(fd_out, 0, {"is": "ready"})
    while (frame := frames.read(fd_in)) is not None:
        streams.obey(frame)
