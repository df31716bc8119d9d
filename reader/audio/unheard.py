"""One utterance's sound between the track and the ear: what was not heard yet, and how far writing and hearing are.

Positions count the utterance's frames at the device's rate. A device counts from the start of its run; its numbers can
be passed in as they are. Pure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from reader.audio.track import Block, Mark, resampled
from reader.flow import FRAME_BYTES, SegmentHeard, SegmentStarted, WordMark, WordStarted

Passed = SegmentStarted | SegmentHeard | WordStarted


class Unheard:
    def __init__(self, rate_hz: int) -> None:
        self.utterance_id = 0
        self.rate_hz = rate_hz
        self._kept: deque[bytes] = deque()  # taken from the track but not heard yet
        self._heard = 0  # the position of the ear, and of the first kept frame
        self._end = 0  # after the last kept frame
        self._sent = 0  # written to the device up to here
        self._run_from = 0  # where the device's run began
        self._taken = 0  # consumed by the device up to here
        self._marks: deque[tuple[int, Mark | WordMark]] = deque()  # segments and words still to begin
        self._at_ear: tuple[int, Mark] | None = None  # the segment being heard, and where it began
        self._speed_at_ear = 0.0  # its speed, 0 if that changed on the way
        self._old_speed_to = 0  # frames before this were made at an older speed

    # ---- to the device ----

    def keep(self, block: Block) -> None:
        """Append what was taken from the track."""
        if block.mark:
            self._marks.append((self._end, block.mark))
        self._marks.extend((self._end + word.frame, word) for word in block.words)
        if block.pcm:
            self._kept.append(block.pcm)
            self._end += block.frames

    def unsent(self) -> bytes:
        """What was kept from a run that was cut, and must be written again."""
        return b"".join(self._kept)[(self._sent - self._heard) * FRAME_BYTES :] if self._sent < self._end else b""

    def note_sent(self, pcm: bytes) -> None:
        """These frames were written to the device."""
        self._sent += len(pcm) // FRAME_BYTES

    def begin_run(self) -> None:
        """The device's run begins here."""
        self._run_from = self._taken = self._sent

    def rewind(self) -> None:
        """The run is gone: what was not heard must be written again."""
        self._sent = self._taken = self._heard

    @property
    def is_empty(self) -> bool:
        """Whether there was no sound at all."""
        return self._end == 0

    @property
    def is_all_sent(self) -> bool:
        """Whether the device has all that was kept."""
        return self._sent == self._end

    @property
    def is_begun(self) -> bool:
        """Whether a run that begins now would begin inside the utterance."""
        return self._sent > 0

    @property
    def sent_ahead_s(self) -> float:
        """Seconds that were written and not yet consumed by the device."""
        return (self._sent - self._taken) / self.rate_hz

    @property
    def ahead_s(self) -> float:
        """Seconds between the ear and the end of what was kept."""
        return (self._end - self._heard) / self.rate_hz

    # ---- to the ear ----

    @property
    def heard_s(self) -> float:
        """Seconds that were heard; from 0 again on another device."""
        return self._heard / self.rate_hz

    def note_taken(self, frames: int) -> None:
        """The device has consumed this much of its run."""
        self._taken = self._run_from + frames

    def note_speed_change(self) -> None:
        """What is kept was made at a speed that no longer applies."""
        self._speed_at_ear = 0.0
        self._old_speed_to = self._end

    def advance(self, frames: int, speed: float) -> Iterator[Passed]:
        """This much of the run was heard: forget it, and yield what began or ended. `speed` is the current one."""
        return self._advance(self._run_from + frames, speed)

    def finish(self, speed: float) -> Iterator[Passed]:
        """All was heard."""
        yield from self._advance(self._end, speed)
        yield from self._end_of_segment(self._end)
        self._at_ear = None

    def _advance(self, heard: int, speed: float) -> Iterator[Passed]:
        while self._kept and heard > self._heard:
            pcm = self._kept.popleft()
            frames = min(len(pcm) // FRAME_BYTES, heard - self._heard)
            self._heard += frames
            if rest := pcm[frames * FRAME_BYTES :]:
                self._kept.appendleft(rest)
        while self._marks and self._marks[0][0] < self._heard:
            at, mark = self._marks.popleft()
            if isinstance(mark, WordMark):
                if self._at_ear:
                    yield WordStarted(self.utterance_id, self._at_ear[1].segment, mark.start, mark.end)
                continue
            yield from self._end_of_segment(at)
            self._speed_at_ear = speed if at >= self._old_speed_to else 0.0
            self._at_ear = at, mark
            yield SegmentStarted(self.utterance_id, mark.segment, mark.voice_id)

    def _end_of_segment(self, end: int) -> Iterator[Passed]:
        """The current segment was heard, up to the frame `end`."""
        if self._at_ear:
            start, mark = self._at_ear
            duration_s = (end - start) / self.rate_hz
            yield SegmentHeard(self.utterance_id, mark.segment, mark.voice_id, duration_s, self._speed_at_ear)

    # ---- another device ----

    def change_rate(self, rate_hz: int) -> None:
        """Convert what is kept to another rate, and count from the ear on."""
        ratio = rate_hz / self.rate_hz
        pcm = resampled(b"".join(self._kept), self.rate_hz, rate_hz)
        self.rate_hz = rate_hz
        self._marks = deque((round((at - self._heard) * ratio), mark) for at, mark in self._marks)
        if self._at_ear:
            at, mark = self._at_ear
            self._at_ear = round((at - self._heard) * ratio), mark
        self._kept = deque([pcm] if pcm else [])
        self._heard, self._end = 0, len(pcm) // FRAME_BYTES
        self._old_speed_to = self._end
        self.rewind()
