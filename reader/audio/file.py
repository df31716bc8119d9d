"""A sound file as an output device: records what would be heard, as fast as it can be made."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from reader.audio.base import DeviceEvent, Drained, Listener, Progress
from reader.audio.containers import CompressedFile, Container, WavFile
from reader.audio.formats import WAV, ChapterMark, SoundFormat
from reader.errors import SoundError
from reader.flow import FRAME_BYTES
from reader.support.draft import Draft
from reader.support.i18n import translate


class FileDevice:
    """Writes runs one after another. Everything written counts as heard, since all of it will be in the file.

    The file replaces what was at its path once its run has ended, by `keep` or `close`. If the run has not ended, the
    recording is discarded and what was there stays.
    """

    lead_s = 0.2  # it could take everything at once, but others need the loop
    is_live = False

    def __init__(self, path: Path, rate_hz: int = 24000, made: SoundFormat = WAV, title: str = "") -> None:
        """`title` is for the tags, in formats that have them.

        `on_failure` may be set: it is called once, with the reason, if the file can't be completed.
        """
        self.name = str(path)
        self.missing = ""
        self.rate_hz = rate_hz
        self.on_failure: Callable[[Exception], None] = lambda error: None
        self._path = path
        self._format = made
        self._title = title
        self._listener: Listener = lambda event: None
        self._draft: Draft | None = None
        self._container: Container | None = None
        self._run = 0
        self._is_whole = False  # its run has ended
        self._has_failed = False
        self._frames = 0  # of this run
        self._reported = self._before = 0  # the last two frames up to which progress was reported

    @property
    def is_open(self) -> bool:
        return self._draft is not None

    def listen(self, listener: Listener) -> None:
        self._listener = listener

    async def open(self) -> None:
        if self._draft:
            return
        try:
            self._draft = Draft(self._path)
            self._container = self._begin(self._draft)
        except (OSError, SoundError) as error:
            if self._draft:
                self._draft.discard()
                self._draft = None
            if isinstance(error, SoundError):
                raise
            raise cant_be_written(self._path, error) from error

    def _begin(self, draft: Draft) -> Container:
        """Raises OSError, SoundError."""
        if self._format is WAV:
            return WavFile(draft.file, self.rate_hz, self._title, self._fail)
        from reader.audio.compressor import Compressor

        compressor = Compressor(draft.file, self._format, self.rate_hz, self._title)
        return CompressedFile(compressor, self._fail, partial(self._write_tags, draft))

    def _write_tags(self, draft: Draft, chapters: Sequence[ChapterMark]) -> None:
        """Raises OSError."""
        from reader.audio import tags

        tags.write_tags(draft.file, self._format, self._title, chapters, self._frames / self.rate_hz)

    @property
    def began_s(self) -> float:
        """Where the block last reported begins, in seconds: a segment just reported as started begins there."""
        return self._before / self.rate_hz

    def keep_awake(self, awake_s: float) -> None:
        pass

    def play(self) -> None:
        self._run += 1
        self._frames = self._reported = self._before = 0
        self._is_whole = False

    def write(self, pcm: bytes) -> None:
        """Ignored after a failure."""
        assert self._container is not None
        if not self._has_failed:
            self._frames += len(pcm) // FRAME_BYTES
            self._put(pcm, Progress(self._frames, self._frames))

    def end(self) -> None:
        if not self._has_failed:
            self._is_whole = True
            self._put(b"", Drained())

    def _put(self, pcm: bytes, event: DeviceEvent) -> None:
        assert self._container is not None
        self._container.put(pcm, partial(self._report, self._run, event))

    def _report(self, run: int, event: DeviceEvent) -> None:
        if run == self._run and not self._has_failed:
            if isinstance(event, Progress):
                self._before, self._reported = self._reported, event.heard
            self._listener(event)

    def _fail(self, error: OSError) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.on_failure(cant_be_written(self._path, error))

    def cut(self) -> asyncio.Future[int]:
        heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        heard.set_result(self._frames)
        self._run += 1
        return heard

    def keep(self, chapters: Sequence[ChapterMark] = ()) -> None:
        """Everything is written: put the file in its place. Waits for the disk. Raises SoundError."""
        draft, self._draft = self._draft, None
        if draft is None:
            return
        assert self._container is not None
        with draft:
            try:
                self._container.finish(chapters)
                draft.keep()
            except OSError as error:
                raise cant_be_written(self._path, error) from error

    def discard(self) -> None:
        """Drop the recording, even if its run has ended."""
        self._is_whole = False

    async def close(self) -> None:
        if self._draft and self._is_whole:
            with contextlib.suppress(SoundError):  # callers that need to know use `keep`
                self.keep()
        elif self._draft:
            if self._container:
                self._container.abandon()
            self._draft.discard()
            self._draft = None


def cant_be_written(path: Path, error: OSError) -> SoundError:
    """The error to report for a file that can't be written."""
    sentence = translate("reader", "{file} can't be written: {reason}.")
    return SoundError(sentence.format(file=path, reason=error.strerror))
