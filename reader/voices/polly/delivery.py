"""Predicts how the service delivers a voice's sound: how long texts take, how fast sound comes, and when all of it has.

Learned from every complete passage, for as long as Harken runs. The estimates decide how much text is sent at once and
how long to wait for silence. They decide what was heard in only two ways: no text takes longer than `longest_s`, and
`is_enough`; see proof.py.

Pure; core thread only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# The time that a character of English prose takes, including pauses (150 to 180 words a minute).
SECONDS_PER_CHAR = 0.065
# How many letters take as long as a digit, or as a character that stands for a syllable or a word.
_DIGIT_CHARS = 4.0
_SYLLABLE_CHARS = 3.0
_TAG = re.compile("<[^>]*>")
_DIGIT = re.compile(r"\d")
_SYLLABLE = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
# Shorter silence, from a service that answers pings all the while, may be due to its scheduler.
_LEAST_SILENCE_S = 0.08
_MOST_SILENCE_S = 1.5
# Silence means that all sound has arrived if it is this many times as long as the silences within a passage ...
_GAPS = 3.0
# ... and as the time to answer: between two sentences, a service may think for as long as it did before the first.
_ANSWERS = 2.0
# If less came than expected, or the sound breaks off within a word, which this voice seldom does, the silence must be
# this many times longer.
_DOUBT = 3.0
_EXPECTED = 0.55
# A voice counts as pausing after its sentences if it did so after this share of the recent ones.
_PAUSES = 0.5
# A sentence takes at most this many times as long as the voice's average, plus this ...
_LONGER, _LONGER_S = 1.4, 0.5
# ... and this much of the average more while that is uncertain: half as much after this many characters.
_UNKNOWN = 0.6
_KNOWN_CHARS = 100.0
# A passage can't have ended before this share of the average; smaller while that is still the average of all voices.
_WHOLE, _WHOLE_OF_UNKNOWN = 0.95, 0.8
# How much of the longest silence and the longest answer is remembered from one passage to the next.
_KEPT = 0.7
# How much more unheard sound there must be before a passage's sound is held back.
_SPARE_S = 0.3
_CAUTION = 1.3


def billed_chars(text: str, is_ssml: bool) -> int:
    """The characters that are spoken and billed, without markup."""
    return len((_TAG.sub("", text) if is_ssml else text).strip())


def spoken_chars(text: str, is_ssml: bool = False) -> float:
    """The number of letters of English prose that would take about as long to say."""
    plain = (_TAG.sub("", text) if is_ssml else text).strip()
    more = len(_DIGIT.findall(plain)) * (_DIGIT_CHARS - 1) + len(_SYLLABLE.findall(plain)) * (_SYLLABLE_CHARS - 1)
    return max(len(plain) + more, 1.0)


@dataclass(slots=True)
class Delivery:
    """The behaviour of one voice."""

    seconds_per_char: float = SECONDS_PER_CHAR
    rate: float = 3.0  # seconds of sound that arrive per second
    answer_s: float = 0.15  # from a text to its first sound, on a stream that has already spoken
    gap_s: float = 0.05  # the longest silence within a passage
    ending_pauses: float = 1.0  # the share of passages that ended in a pause
    _known_chars: float = 0.0

    def length_s(self, text: str) -> float:
        """How long a text takes to say."""
        return spoken_chars(text) * self.seconds_per_char

    # ---- observations ----

    def note_answer(self, answer_s: float) -> None:
        """The first sound of a text arrived after this long."""
        self.answer_s = max(answer_s, self.answer_s * _KEPT)

    def note_gap(self, gap_s: float) -> None:
        """Nothing arrived for this long, and then more sound of the same passage."""
        self.gap_s = max(self.gap_s, gap_s)

    def note_end(self, *, ends_in_pause: bool) -> None:
        """A passage ended, in a pause or not."""
        self.ending_pauses += (ends_in_pause - self.ending_pauses) * 0.3

    def note_passage(self, chars: float, sound_s: float, took_s: float) -> None:
        """This many characters, as `spoken_chars` counts, made this much sound, which arrived within `took_s`."""
        self.gap_s *= _KEPT
        if sound_s > 0:
            share = max(chars / (self._known_chars + chars), 0.02)
            self.seconds_per_char += (sound_s / chars - self.seconds_per_char) * share
            self._known_chars += chars
        if sound_s > 1.0:
            self.rate += (min(sound_s / max(took_s, 0.01), 100.0) - self.rate) / 2

    # ---- predictions ----

    def silence_s(self, chars: float, sound_s: float, *, ends_in_pause: bool) -> float:
        """The length of silence after which all sound of a passage has come."""
        silence_s = max(_LEAST_SILENCE_S, self.gap_s * _GAPS, self.answer_s * _ANSWERS)
        is_expected = sound_s >= chars * self.seconds_per_char * _EXPECTED
        is_end_like = ends_in_pause or not self.pauses
        return min(silence_s * (1.0 if is_expected and is_end_like else _DOUBT), _MOST_SILENCE_S)

    def longest_s(self, chars: float) -> float:
        """The longest that this many characters can take, however slowly they are said."""
        unknown = _UNKNOWN * _KNOWN_CHARS / (_KNOWN_CHARS + self._known_chars)
        return chars * self.seconds_per_char * (_LONGER + unknown) + _LONGER_S

    @property
    def pauses(self) -> bool:
        """Whether the voice pauses after its sentences."""
        return self.ending_pauses >= _PAUSES

    def is_enough(self, chars: float, last_chars: float, sound_s: float) -> bool:
        """Whether this many characters usually take no more than this much sound.

        They take less without the last part, of `last_chars`, which follows a place that resembles an end.
        """
        share = _WHOLE if self._known_chars >= _KNOWN_CHARS else _WHOLE_OF_UNKNOWN
        return sound_s >= max(chars * share, chars - last_chars / 2) * self.seconds_per_char

    @property
    def _told_s(self) -> float:
        """How long it takes to recognise that all has come, and for the next text to be answered."""
        return max(_LEAST_SILENCE_S, self.gap_s * _GAPS, self.answer_s * _ANSWERS) + self.answer_s

    def made_s(self, sound_s: float) -> float:
        """How long this much sound takes to arrive."""
        return sound_s / self.rate

    def next_sound_s(self, missing_s: float) -> float:
        """The earliest that the next passage can be heard, with this much of the current one still to come."""
        return self.made_s(missing_s) + self._told_s

    def whole_s(self, lead_s: float) -> float:
        """How much speech can arrive complete while the listener hears the `lead_s` seconds that are here."""
        return max(lead_s - self._told_s - _SPARE_S, 0.0) * self.rate / _CAUTION
