"""What is known of a reading before a key is pressed: how its text is cut, its voices, and their first requests.

It is valid for one text, one set of preferences and one list of voices; else another is needed. Core thread only.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reader.flow import CapturedText, Segment, Voice
from reader.session.preferences import Preferences, ReadingOptions
from reader.session.voice_choice import VoiceChoice
from reader.text.left_out import LeftOut
from reader.text.segment import Segmenter


class CutAhead(Segmenter):
    """Cuts a text as a `Reading` does, before there is an utterance."""

    def __init__(self, captured: CapturedText, chosen: Preferences) -> None:
        super().__init__(0, chosen.language, chosen.expected_language)
        self.choices = chosen.choices
        self.left_out: list[LeftOut] = []
        self.on_left_out = self.left_out.append
        self._first: Segment | None = None
        self.feed(captured.text)
        if not captured.is_cut:
            self.close()

    async def first(self) -> Segment | None:
        """Cut the first segment; None if nothing is left to say, or not known yet. Call once."""
        while True:
            self._first = self.take()
            if self._first or not self.is_busy:
                return self._first
            await asyncio.sleep(0)  # let other tasks run

    def give_to(self, utterance_id: int) -> None:
        """Hand its segments over to an utterance, from the first one on."""
        self._utterance_id = utterance_id
        made = [*([self._first] if self._first else ()), *self._ready]
        self._ready = deque(replace(segment, utterance_id=utterance_id) for segment in made)


@dataclass(frozen=True, slots=True)
class Beginning:
    """`choice` chooses among `voices`, and has already made the requests for the first segment."""

    captured: CapturedText
    preferences: Preferences
    voices: Sequence[Voice]
    choice: VoiceChoice
    segmenter: CutAhead

    def is_read_so(self, options: ReadingOptions, voices: Sequence[Voice]) -> bool:
        """Whether a reading with these options would make this choice, with nothing to tell the user first."""
        is_same = options == ReadingOptions(self.preferences) and voices == self.voices
        return is_same and not options.preferences.names_language

    def is_cut_so(self, captured: CapturedText) -> bool:
        """Whether the segmenter fits a reading of this: it has the very same text, and all of it."""
        is_whole = not captured.is_cut and captured.more is None and self.captured.more is None
        return is_whole and captured == self.captured
