"""What accompanies a recording: where its chapters begin, and its progress."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence

from reader.audio.file import FileDevice
from reader.audio.formats import ChapterMark
from reader.audio.stream import StreamDevice
from reader.cli import streams
from reader.core.feeding import read_ahead
from reader.core.pieces import Text
from reader.documents.document import Heading, chapters
from reader.flow import Event, SegmentStarted


class RecordingNotes:
    """Follows a recording."""

    def __init__(
        self, recording: FileDevice | StreamDevice, headings: Sequence[Heading], *, is_for_program: bool
    ) -> None:
        """`headings` are those known so far: more are added as the text arrives.

        `is_for_program`: a program wants to know the progress, not a person at a terminal.
        """
        self._recording = recording
        self._is_for_program = is_for_program
        self._chars = 0  # of the whole text; 0 if that is not known
        self._headings = headings
        self._begun: list[tuple[Heading, float]] = []
        self._percent = -1

    @classmethod
    def of(cls, recording: FileDevice | StreamDevice, source: Text, *, is_for_program: bool) -> RecordingNotes:
        """The notes for a recording of a text."""
        return cls(recording, [] if isinstance(source, str) else source.headings, is_for_program=is_for_program)

    async def follow(self, texts: Iterator[str], *, is_all_there: bool) -> Iterator[str]:
        """The texts, after finding out how long they are if progress is to be shown."""
        if self._is_for_program or (is_all_there and sys.stderr.isatty()):
            texts, self._chars = await asyncio.to_thread(read_ahead, texts)
        return texts

    @property
    def chapters(self) -> list[ChapterMark]:
        """The chapters of what was recorded, if it has any. What comes before the first belongs to none."""
        starts = dict(self._begun)
        return [ChapterMark(starts[one], one.text) for one in chapters([heading for heading, _ in self._begun])]

    def watch(self, event: Event) -> None:
        """Follow what happens."""
        if not isinstance(event, SegmentStarted):
            return
        end = event.segment.end_chars
        while len(self._begun) < len(self._headings) and self._headings[len(self._begun)].start_chars < end:
            began_s = self._recording.began_s if isinstance(self._recording, FileDevice) else 0.0
            self._begun.append((self._headings[len(self._begun)], began_s))
        if self._chars:
            self._show(min(100 * event.segment.start_chars // self._chars, 99))

    def _show(self, percent: int) -> None:
        """Show a line for a program; at a terminal, one that is overwritten."""
        if percent == self._percent:
            return
        self._percent = percent
        stream = sys.stdout if self._is_for_program else sys.stderr
        try:
            stream.write(f"{percent}%\n" if self._is_for_program else f"\r{percent:3}% ")
            stream.flush()
        except OSError:  # whatever read it is gone
            streams.write_no_more(stream)

    def end(self) -> None:
        """Nothing more comes: leave the terminal as it was."""
        if self._percent >= 0 and not self._is_for_program:
            try:
                sys.stderr.write("\r      \r")
                sys.stderr.flush()
            except OSError:
                streams.write_no_more(sys.stderr)
