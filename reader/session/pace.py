"""How many words a minute are heard at the current speed, including pauses. Core thread only.

For records and for programs. People are shown the nominal speed (`flow.words_a_minute`): what is heard goes up and
down with every text.
"""

from __future__ import annotations

import re
from collections import deque

from reader.flow import SegmentHeard

# The current pace is that of this many latest segments together.
_SEGMENTS = 6
# Shorter segments say little about a voice, and so do fewer words in total.
_LEAST_S = 0.5
_LEAST_WORDS = 40
# Scripts without spaces: this many characters count as a word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_CHARACTERS_A_WORD = 1.6


class Pace:
    def __init__(self) -> None:
        self._heard: deque[tuple[float, float]] = deque(maxlen=_SEGMENTS)  # (words, seconds)
        self._manner = ("", 0.0)  # their voice and speed

    def note(self, heard: SegmentHeard) -> int | None:
        """Measure a segment that was heard at one speed. Returns the pace of the last ones, None if it says little."""
        words = count_words(heard.segment.text)
        if not heard.speed or heard.duration_s < _LEAST_S or not words:
            return None
        if self._manner != (heard.voice_id, heard.speed):
            self._manner = heard.voice_id, heard.speed
            self._heard.clear()
        self._heard.append((words, heard.duration_s))
        return self._pace()

    def heard(self, speed: float) -> int | None:
        """The pace measured at this speed; None until enough has been heard at it."""
        is_enough = self._manner[1] == speed and sum(words for words, _ in self._heard) >= _LEAST_WORDS
        return self._pace() if is_enough else None

    def _pace(self) -> int:
        return round(60 * sum(words for words, _ in self._heard) / sum(seconds for _, seconds in self._heard))


def count_words(text: str) -> float:
    """How many words a text has when it is read aloud."""
    spaced = _UNSPACED.sub(" ", text)
    return len(re.findall(r"\w+(?:[’'.,-]\w+)*", spaced)) + len(_UNSPACED.findall(text)) / _CHARACTERS_A_WORD
