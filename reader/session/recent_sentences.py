"""The last sentences heard, for a user to report one that was misread. In memory only: what people read is private.

Core thread only.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from reader.flow import SegmentStarted

# By the time the user reaches the menu, another one or two have been heard.
_KEPT = 5
_MAX_CHARS = 600


@dataclass(frozen=True, slots=True)
class HeardSentence:
    """A sentence as voices get it, except for the user's own pronunciations; `voice_id` spoke its beginning."""

    text: str
    language: str
    voice_id: str


class RecentSentences:
    """Fed with what the player reports of the user's readings."""

    def __init__(self) -> None:
        self._sentences: deque[tuple[int, int, HeardSentence]] = deque(maxlen=_KEPT)  # utterance, number; newest last

    def note(self, started: SegmentStarted, sentence: str) -> None:
        """A part of `sentence` is being heard."""
        segment = started.segment
        place = segment.utterance_id, segment.sentence
        kept = next((heard for *known, heard in self._sentences if tuple(known) == place), None)
        voice_id = kept.voice_id if kept else started.voice_id
        self._sentences = deque((known for known in self._sentences if known[:2] != place), maxlen=_KEPT)
        self._sentences.append((*place, HeardSentence(sentence[:_MAX_CHARS], segment.language, voice_id)))

    def entries(self) -> list[HeardSentence]:
        """The sentences, newest first."""
        return [heard for *_, heard in reversed(self._sentences)]
