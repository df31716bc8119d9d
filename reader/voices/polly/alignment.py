"""Which of the texts sent to a continuous voice is being spoken at a point of its sound.

The service joins what it is sent and answers with one sound, without marks. What can be known of it are pauses and how
much time so many characters take. So the likeliest way to lay the sentences over the pauses is searched: a sentence
lasts about as long as its characters take, and pauses between sentences are longer than those within them. Several ways
are kept in mind, because the next pauses tell more; how fast the voice speaks is part of each way.

What is not known for certain stays behind rather than ahead: a sentence counts as spoken when the next one has begun.
So what goes on after a failure may repeat a sentence, and does not lose one.

Pure. Sound is signed 16-bit mono in this machine's byte order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

FRAME_BYTES = 2
# A character of English prose takes so long, pauses included (150 to 180 words a minute).
SECONDS_PER_CHAR = 0.065
# Sound is looked at in steps of so long; shorter pauses than these many steps are within words.
_STEP_S = 0.02
# and many at once: a look at each by itself would take five times as long.
_LOOK_STEPS = 20
_EVERY = 4
_MIN_PAUSE_STEPS = 4
# Below this share of the loudest step so far it is quiet.
_QUIET = 0.03
_QUIET_AT_LEAST = 100
# How much the time for a character differs (as a standard deviation of its logarithm): between the sentences of a
# voice, for each character of a short one, and between a voice that was never heard and what is assumed of it.
_SPREAD = 0.16
_SPREAD_OF_SHORT = 6.0
SPREAD_OF_VOICES = 0.35
_PACES = tuple(math.exp(step * 0.2) for step in range(-4, 5))
# A pause of this length is as likely within a sentence as behind one, and one of so much more e times likelier behind.
_EVEN_PAUSE_S = 0.22
_PAUSE_SCALE_S = 0.05
_MAX_PAUSE_ODDS = 4.0
# What sentences lack of the time expected is due when it is more than that share, and that long.
_SURELY_MISSING = 0.35
_SURELY_MISSING_S = 0.3
# How unlikely (as a logarithm) sound behind everything that was sent is.
_BEYOND = 30.0
# A way so much less likely than the best one is not followed any further.
_HOPELESS = 15.0
# Ways kept in mind, and how often they are compared while no pause tells anything new.
_WAYS = 24
_JUDGE_S = 0.6

_loudest = np.maximum.reduce


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to lay the texts over the sound: `done` units are over, the next began at `start_s`."""

    done: int
    start_s: float
    pace: float  # seconds a character, as a factor of what is assumed
    score: float  # logarithm of the likelihood


class Alignment:
    """See the module. Texts are `expect`ed in the order they are sent, sound is `hear`d as it comes."""

    def __init__(
        self, rate_hz: int, seconds_per_char: float = SECONDS_PER_CHAR, spread: float = SPREAD_OF_VOICES
    ) -> None:
        """`seconds_per_char` is what is known of the voice, `spread` how little."""
        self._step_bytes = round(_STEP_S * rate_hz) * FRAME_BYTES
        self._look_bytes = self._step_bytes * _LOOK_STEPS
        self._bytes_per_s = rate_hz * FRAME_BYTES
        self._seconds_per_char = seconds_per_char
        self._texts: list[tuple[int, int]] = []  # of each text: its unit, and the characters of the unit up to its end
        self._units: list[int] = []  # characters of each unit: a sentence, or what of it is known
        self._is_unit_open = False
        self._ways = [_Way(0, 0.0, p, -0.5 * (math.log(p) / spread) ** 2) for p in _PACES]
        self._rest = b""
        self._heard_s = 0.0
        self._loudest = _QUIET_AT_LEAST / _QUIET
        self._quiet_steps = 0
        self._has_sound = False
        self._done = 0  # texts that are over
        self._likeliest: _Way | None = None  # of the ways, for as long as nothing tells otherwise
        self._judged_s = 0.0

    @property
    def heard_s(self) -> float:
        """Seconds of sound so far."""
        return self._heard_s + len(self._rest) / self._bytes_per_s

    @property
    def done(self) -> int:
        """How many texts are over. Never grows less."""
        return self._done

    @property
    def missing_s(self) -> float:
        """Seconds of sound to come for what was sent, as far as one can tell."""
        way = self._best()
        chars = sum(self._units[way.done :])
        return max(chars * self._seconds_per_char * way.pace - (self.heard_s - way.start_s), 0.0)

    @property
    def is_much_missing(self) -> bool:
        """Whether sound is to come for sentences that were sent whole, however fast the voice speaks them."""
        way = self._best()
        whole = self._units[way.done : -1] if self._is_unit_open else self._units[way.done :]
        due_s = sum(whole) * self._seconds_per_char * way.pace
        return due_s - (self.heard_s - way.start_s) > max(due_s * _SURELY_MISSING, _SURELY_MISSING_S)

    @property
    def seconds_per_char(self) -> float:
        """What the sound heard so far tells of the voice."""
        return self._seconds_per_char * self._best().pace

    def expect(self, chars: int, *, is_end: bool) -> None:
        """A text of so many characters was sent; `is_end` when a sentence ends with it."""
        if not self._is_unit_open:
            self._units.append(0)
        self._units[-1] += max(chars, 1)
        self._likeliest = None
        self._is_unit_open = not is_end
        self._texts.append((len(self._units) - 1, self._units[-1]))

    def end_unit(self) -> None:
        """What was sent is spoken as if its sentence ended here."""
        self._is_unit_open = False

    def hear(self, pcm: bytes) -> None:
        """Sound has come. Look at `done` afterwards."""
        data = self._rest + pcm
        if len(data) < self._look_bytes:
            self._rest = data
            return
        end = len(data) // self._step_bytes * self._step_bytes
        self._rest = data[end:]
        sound = np.frombuffer(data, np.int16, end // FRAME_BYTES).reshape(-1, self._step_bytes // FRAME_BYTES)
        # Halves of waves are as loud as each other, and every fourth frame tells loud from quiet.
        self._look(_loudest(sound[:, ::_EVERY], axis=1).tolist())
        self._count()

    def _look(self, peaks: list[int]) -> None:
        """Find the pauses in steps of sound, of which `peaks` are the loudest frames."""
        start_s, quiet, loudest = self._heard_s, self._quiet_steps, self._loudest
        for number, peak in enumerate(peaks):
            if peak > loudest:
                loudest = peak
            if peak < loudest * _QUIET:
                quiet += 1
                continue
            if quiet >= _MIN_PAUSE_STEPS and self._has_sound:
                self._heard_s, self._quiet_steps = start_s + number * _STEP_S, quiet
                self._pause(quiet * _STEP_S)
            self._has_sound = True
            quiet = 0
        self._heard_s, self._quiet_steps, self._loudest = start_s + len(peaks) * _STEP_S, quiet, loudest

    # ---- ways ----

    def _pause(self, pause_s: float) -> None:
        """A pause is over: each way may take it for one within a unit or for the end of one."""
        odds = min(max((pause_s - _EVEN_PAUSE_S) / _PAUSE_SCALE_S, -_MAX_PAUSE_ODDS), _MAX_PAUSE_ODDS) / 2
        found: dict[tuple[int, float, float], _Way] = {}
        for way in self._ways:
            stays = _Way(way.done, way.start_s, way.pace, way.score - odds)
            self._keep(found, stays)
            if way.done < len(self._units):
                took_s = self._heard_s - pause_s - way.start_s
                score = way.score + odds + self._fit(way, took_s)
                self._keep(found, _Way(way.done + 1, self._heard_s, way.pace, score))
        self._quiet_steps = 0
        ranked = sorted(((self._likelihood(way), way) for way in found.values()), key=_score, reverse=True)
        self._ways = [way for score, way in ranked[:_WAYS] if score > ranked[0][0] - _HOPELESS]
        self._likeliest = None

    @staticmethod
    def _keep(found: dict[tuple[int, float, float], _Way], way: _Way) -> None:
        key = (way.done, way.start_s, way.pace)
        if key not in found or found[key].score < way.score:
            found[key] = way

    def _fit(self, way: _Way, took_s: float) -> float:
        """How well it fits that the unit in hand took so long."""
        chars = self._units[way.done]
        spread = _SPREAD + _SPREAD_OF_SHORT / (chars + 10)
        deviation = math.log(max(took_s, _STEP_S) / (chars * self._seconds_per_char * way.pace)) / spread
        return -0.5 * min(deviation * deviation, 60.0)

    def _likelihood(self, way: _Way) -> float:
        """The score, with what the time since the last end says: a unit that goes on for too long has ended."""
        if not self._is_long(way):
            return way.score
        if way.done >= len(self._units):
            return way.score - _BEYOND
        return way.score + self._fit(way, self._heard_s - self._quiet_steps * _STEP_S - way.start_s)

    def _is_long(self, way: _Way) -> bool:
        """Whether there was more sound since a way's last end than its unit should take."""
        so_far_s = self._heard_s - self._quiet_steps * _STEP_S - way.start_s
        due_s = self._units[way.done] * self._seconds_per_char * way.pace if way.done < len(self._units) else _STEP_S
        return so_far_s > due_s

    def _best(self) -> _Way:
        # Time tells against a way only from when its unit lasts longer than it should.
        if self._likeliest is None or (self._is_long(self._likeliest) and self._heard_s > self._judged_s + _JUDGE_S):
            self._likeliest = max(self._ways, key=self._likelihood)
            self._judged_s = self._heard_s
        return self._likeliest

    # ---- texts ----

    def _count(self) -> None:
        way = self._best()
        done = self._done
        spoken = (self._heard_s - way.start_s) / (self._seconds_per_char * way.pace)
        while done < len(self._texts):
            unit, end_chars = self._texts[done]
            # Within a unit there is nothing to go by but the characters, and the unit's end is never guessed.
            is_within = unit == way.done and end_chars < self._units[unit] and spoken > end_chars
            if not (unit < way.done or is_within):
                break
            done += 1
        self._done = done


def learned(known: float, told: float, weight: float) -> float:
    """What is known of a voice's seconds a character, brought closer to what a reading told."""
    return known + (told - known) * min(max(weight, 0.0), 1.0)


def _score(ranked: tuple[float, _Way]) -> float:
    return ranked[0]
