"""Writes sound to a pipe: standard output, a FIFO, a device such as /dev/null.

A thread writes, because the reader may be slow. The player stays as far ahead of it as of a listener, so a slow reader
holds back the text instead of filling up memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import queue
import stat
import struct
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reader import threads
from reader.audio.base import DeviceEvent, Drained, Listener, Progress
from reader.audio.file import cant_be_written
from reader.audio.formats import WAV, ChapterMark, SoundFormat
from reader.audio.wav import MAX_BYTES, STREAM_SIZES, stream_header
from reader.errors import SoundError
from reader.flow import FRAME_BYTES

if TYPE_CHECKING:
    from reader.audio.compressor import Compressor

# How often a FIFO is checked for a reader.
_LOOK_AGAIN_S = 0.05
_Item = tuple[int, bytes | None]  # (run, frames or None at its end)


class StreamDevice:
    """Writes runs one after another. What has been written counts as heard."""

    lead_s = 2.0
    is_live = False

    def __init__(self, target: Path | int, rate_hz: int = 24000, made: SoundFormat = WAV, title: str = "") -> None:
        """`target` is a path, or a file descriptor, which stays open. For the other parameters, see FileDevice."""
        self.name = "standard output" if isinstance(target, int) else str(target)
        self.missing = ""
        self.rate_hz = rate_hz
        self.on_failure: Callable[[Exception], None] = lambda error: None
        self._target = target
        self._format = made
        self._title = title
        self._fd = -1
        self._listener: Listener = lambda event: None
        self._items: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._run = 0
        self._frames = 0  # written in this run

    @property
    def is_open(self) -> bool:
        return self._fd >= 0

    def listen(self, listener: Listener) -> None:
        self._listener = listener

    async def open(self) -> None:
        """Waits until a FIFO has a reader."""
        if self.is_open:
            return
        self._fd = self._target if isinstance(self._target, int) else await _opened(self._target)
        self._loop = asyncio.get_running_loop()
        threads.start(self._write_all, "sound stream")

    def keep_awake(self, awake_s: float) -> None:
        pass

    def play(self) -> None:
        self._run += 1
        self._frames = 0

    def write(self, pcm: bytes) -> None:
        self._items.put((self._run, pcm))

    def end(self) -> None:
        self._items.put((self._run, None))

    def cut(self) -> asyncio.Future[int]:
        heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        heard.set_result(self._frames)
        self._run += 1  # what is waiting belongs to an older run
        return heard

    def keep(self, chapters: Sequence[ChapterMark] = ()) -> None:
        """Everything is written; see FileDevice. Chapters were not known when there was a place to write them."""

    def discard(self) -> None:
        """Does nothing: what was written can't be taken back; see FileDevice."""

    async def close(self) -> None:
        """The thread may be waiting for a reader forever; it ends with the process."""
        self._items.put(None)
        self._run += 1

    def _write_all(self) -> None:
        """Runs on the thread."""
        sound = _Wav(self._fd, self.rate_hz) if self._format is WAV else _Compressed(self._compressor)
        try:
            sound.begin()
            while item := self._items.get():
                run, pcm = item
                if run != self._run:
                    continue
                if pcm is None:
                    sound.end()
                    self._post(run, Drained())
                else:
                    sound.write(pcm)
                    self._post(run, None, len(pcm) // FRAME_BYTES)
        except (BrokenPipeError, SoundError) as error:
            self._tell(error)
        except OSError as error:
            self._tell(cant_be_written(Path(self.name), error))

    def _compressor(self) -> Compressor:
        """Raises OSError, SoundError."""
        from reader.audio import tags
        from reader.audio.compressor import Compressor

        _Pipe(self._fd).write(tags.stream_header(self._format, self._title))
        return Compressor(_Pipe(self._fd), self._format, self.rate_hz, self._title)

    def _tell(self, error: Exception) -> None:
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.on_failure, error)

    def _post(self, run: int, event: DeviceEvent | None, frames: int = 0) -> None:
        """Report to the core thread, if its loop is running and the run is still wanted."""

        def report() -> None:
            if run == self._run:
                self._frames += frames
                self._listener(event or Progress(self._frames, self._frames))

        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(report)


async def _opened(path: Path) -> int:
    """Open the file at `path` for writing, once it has a reader. Raises SoundError."""
    while True:
        try:
            if sys.platform == "win32":
                return os.open(path, os.O_WRONLY | os.O_BINARY)
            fd = os.open(path, os.O_WRONLY | os.O_NONBLOCK)  # a FIFO without a reader would block
        except OSError as error:
            if error.errno != errno.ENXIO or not stat.S_ISFIFO(os.stat(path).st_mode):
                raise cant_be_written(path, error) from error
        else:
            os.set_blocking(fd, True)
            return fd
        await asyncio.sleep(_LOOK_AGAIN_S)


class _Pipe:
    """Takes bytes once and can't go back: what would be filled in later is left out."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._length = 0
        self._position = 0

    def write(self, data: bytes, /) -> int:
        if self._position == self._length:
            view = memoryview(data)
            while view:
                view = view[os.write(self._fd, view) :]
            self._length += len(data)
        self._position += len(data)
        return len(data)

    def seek(self, position: int, /) -> int:
        self._position = position
        return position


class _Wav:
    """All runs in one, with the length filled in after each run if possible."""

    def __init__(self, fd: int, rate_hz: int) -> None:
        self._pipe = _Pipe(fd)
        self._fd = fd
        self._rate_hz = rate_hz
        self._start = _position(fd)
        self._written = 0

    def begin(self) -> None:
        self._pipe.write(stream_header(self._rate_hz))

    def write(self, pcm: bytes) -> None:
        self._pipe.write(pcm)
        self._written += len(pcm)

    def end(self) -> None:
        _put_sizes(self._fd, self._start, self._written)


class _Compressed:
    """Each run is complete in itself; MP3 and Ogg can be concatenated."""

    def __init__(self, begin: Callable[[], Compressor]) -> None:
        self._begin = begin
        self._compressor: Compressor | None = None

    def begin(self) -> None:
        self._compressor = self._compressor or self._begin()

    def write(self, pcm: bytes) -> None:
        self.begin()
        assert self._compressor is not None
        self._compressor.write(pcm)

    def end(self) -> None:
        if self._compressor:
            self._compressor.close()
            self._compressor = None


def _position(fd: int) -> int:
    """The position within a file; -1 if it is not possible to go back."""
    try:
        if sys.platform == "win32" or not stat.S_ISREG(os.fstat(fd).st_mode):
            return -1
        import fcntl

        is_appending = fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_APPEND
        return -1 if is_appending else os.lseek(fd, 0, os.SEEK_CUR)
    except OSError:
        return -1


def _put_sizes(fd: int, start: int, data_bytes: int) -> None:
    """Fill in the sizes in the header, if the stream is a file after all."""
    if sys.platform != "win32" and start >= 0 and data_bytes <= MAX_BYTES:
        for offset, more in STREAM_SIZES:
            os.pwrite(fd, struct.pack("<I", data_bytes + more), start + offset)
