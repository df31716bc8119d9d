"""How many words a minute are heard, and how many a voice will say at a speed.

Voices differ in pace, and one asked for double speed does not speak exactly twice as fast: so what is heard is
measured, segment by segment, pauses included, and remembered of each voice while Harken runs. Core thread only.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence

from reader.flow import SegmentHeard, Voice

# Words a minute at speed 1.0, of English text with its pauses: `make bench-speed` prints them.
_PACES = {"neural": 205.0, "espeak": 202.0}
_USUAL_PACE = 190.0
# What is heard now is what these last segments make together.
_SEGMENTS = 6
# Shorter ones say little about a voice.
_LEAST_S = 0.5
# How much one more segment changes what is remembered of a voice.
_LEARNING = 0.2
# Scripts without spaces: so many of their characters are told as a word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_CHARACTERS_A_WORD = 1.6


class Pace:
    """See above."""

    def __init__(self) -> None:
        self._paces: dict[str, float] = {}  # of voices, at speed 1.0
        self._heard: deque[tuple[float, float]] = deque(maxlen=_SEGMENTS)  # (words, seconds)
        self._manner = ("", 0.0)  # voice and speed of those

    def note(self, heard: SegmentHeard) -> int | None:
        """Measure a segment that was heard at one speed. Returns what is heard in a minute, None if it says little."""
        words, voice_id = count_words(heard.segment.text), heard.voice_id
        if not heard.speed or heard.duration_s < _LEAST_S or not words:
            return None
        if self._manner != (voice_id, heard.speed):
            self._manner = voice_id, heard.speed
            self._heard.clear()
        self._heard.append((words, heard.duration_s))
        known = self._pace(voice_id)
        self._paces[voice_id] = known + _LEARNING * (60 * words / heard.duration_s / heard.speed - known)
        return self.heard(heard.speed)

    def heard(self, speed: float) -> int | None:
        """What is measured at this speed; None when nothing was heard at it yet."""
        if self._manner[1] != speed or not self._heard:
            return None
        words = sum(words for words, _ in self._heard)
        return round(60 * words / sum(seconds for _, seconds in self._heard))

    def expected(self, speed: float, voices: Sequence[Voice], chosen_id: str, language: str) -> int:
        """What a voice will say at this speed: the chosen one ("" and "engine/": the one for the language)."""
        wanted = [voice.id for voice in voices if voice.language == language or voice.id == chosen_id]
        voice_id = next((known for known in wanted if known.startswith(chosen_id)), chosen_id)
        return round(self._pace(voice_id) * speed)

    def _pace(self, voice_id: str) -> float:
        return self._paces.get(voice_id) or _PACES.get(voice_id.partition("/")[0], _USUAL_PACE)


def count_words(text: str) -> float:
    """How many words a text has, as one counts when reading aloud."""
    spaced = _UNSPACED.sub(" ", text)
    return len(re.findall(r"\w+(?:[’'.,-]\w+)*", spaced)) + len(_UNSPACED.findall(text)) / _CHARACTERS_A_WORD
