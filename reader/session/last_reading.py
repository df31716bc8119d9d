"""What is kept of the user's readings: the last one, whether it has an end still to be heard, and its text.

Core thread only.
"""

from __future__ import annotations

from reader.flow import SegmentStarted
from reader.session.going_on import GoingOn
from reader.session.history import History
from reader.session.places import Place
from reader.session.reading import Reading
from reader.session.recent_sentences import RecentSentences


class LastReading:
    """`reading` is the user's last one that is over, for “repeat”. Nothing is kept of Harken's own sentences."""

    def __init__(self, history: History, going_on: GoingOn) -> None:
        self.reading: Reading | None = None
        self.sentences = RecentSentences()
        self._is_whole = True  # it was heard to its end, or skipped past it
        self._history = history
        self._going_on = going_on

    @property
    def can_resume(self) -> bool:
        """Whether it was stopped before its end; before the first one, whether there is one to open."""
        return not self._is_whole if self.reading else self._going_on.last is not None

    @property
    def to_reopen(self) -> Place | None:
        """The place to resume at, if the text is in a file, or was read before Harken was started."""
        place = self._going_on.last
        return place if place and (place.path or not self.reading) else None

    def note_start(self, reading: Reading) -> None:
        """A reading begins."""
        if reading.is_users and not reading.captured.more:
            self._history.add(reading.captured)

    def note_heard(self, reading: Reading, event: SegmentStarted) -> None:
        """A segment of a reading is heard."""
        if reading.is_users:
            self._going_on.reading = reading
            self.sentences.note(event, reading.course.sentence_of(event.segment))
            self._going_on.note_progress(reading)

    def note_end(self, reading: Reading, *, is_whole: bool) -> None:
        """A reading is over. `is_whole`: the user has reached its end."""
        if reading.is_users:
            self.reading, self._is_whole = reading, is_whole
            self._going_on.note(reading, is_read=is_whole)
            self._history.add(reading.whole_text)  # again: more of it may have arrived
