"""Writes a recording's file, depending on its format. Called on the core thread; see FileDevice.

`put` takes frames and calls back once they are written, `finish` completes the file and waits for that, `abandon`
lets go of a file that is not wanted. A failure is reported once to `failed`, and by `finish`.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Protocol

from reader import threads
from reader.audio.formats import ChapterMark
from reader.audio.wav import file_header, tags

if TYPE_CHECKING:
    from reader.audio.compressor import Compressor

Written = Callable[[], None]
Failed = Callable[[OSError], None]
WriteTags = Callable[[Sequence[ChapterMark]], None]


class Container(Protocol):
    """A file that is being written."""

    def put(self, pcm: bytes, written: Written) -> None:
        """Append frames; `written` is called on the core thread, in the order of the calls."""

    def finish(self, chapters: Sequence[ChapterMark]) -> None:
        """Complete the file, with its chapters. Waits for the disk. Raises OSError."""

    def abandon(self) -> None:
        """The file is not wanted: don't touch it any more."""


class WavFile:
    """Writes frames at once, which is quick."""

    def __init__(self, file: BinaryIO, rate_hz: int, title: str, failed: Failed) -> None:
        """Raises OSError."""
        self._file = file
        self._rate_hz = rate_hz
        self._title = title
        self._failed = failed
        self._bytes = 0
        file.write(file_header(rate_hz, 0))

    def put(self, pcm: bytes, written: Written) -> None:
        try:
            self._file.write(pcm)
        except OSError as error:
            self._failed(error)
            return
        self._bytes += len(pcm)
        asyncio.get_running_loop().call_soon(written)

    def finish(self, chapters: Sequence[ChapterMark]) -> None:
        behind = tags(self._rate_hz, self._title, chapters)
        self._file.write(behind)
        self._file.seek(0)
        self._file.write(file_header(self._rate_hz, self._bytes, len(behind)))

    def abandon(self) -> None:
        pass


class CompressedFile:
    """Compresses on a separate thread."""

    def __init__(self, compressor: Compressor, failed: Failed, write_tags: WriteTags) -> None:
        """`write_tags` adds chapters etc. to the completed file, on the thread. Raises OSError."""
        self._compressor = compressor
        self._write_tags = write_tags
        self._chapters: Sequence[ChapterMark] = ()
        self._failed = failed
        self._items: queue.SimpleQueue[tuple[bytes, Written] | None] = queue.SimpleQueue()
        self._is_wanted = True
        self._error: OSError | None = None
        self._loop = asyncio.get_running_loop()
        self._thread = threads.start(self._write_all, "compress sound")

    def put(self, pcm: bytes, written: Written) -> None:
        self._items.put((pcm, written))

    def finish(self, chapters: Sequence[ChapterMark]) -> None:
        self._chapters = chapters
        self._items.put(None)
        self._thread.join()
        if self._error:
            raise self._error

    def abandon(self) -> None:
        self._is_wanted = False
        self._items.put(None)
        self._thread.join()

    def _write_all(self) -> None:
        """Runs on the thread."""
        try:
            while (item := self._items.get()) and self._is_wanted:
                pcm, written = item
                if pcm:
                    self._compressor.write(pcm)
                self._call(written)
            self._compressor.close()  # even if not wanted, or it would write when collected
            if self._is_wanted:
                self._write_tags(self._chapters)
        except OSError as error:
            self._error = error
            self._call(partial(self._failed, error))

    def _call(self, report: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(report)
