"""Where sentences begin in simulated speech, whose pauses are at known places."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np
import pytest

from reader.voices.polly.alignment import Pauses, places
from reader.voices.polly.delivery import SECONDS_PER_CHAR

RATE_HZ = 16000
BYTES_PER_S = 2 * RATE_HZ


@dataclass
class Speech:
    """What a voice says, and where each of its sentences begins."""

    sound: bytes = b""
    starts: list[int] = field(default_factory=list)

    def say(self, seconds: float) -> None:
        self.sound += np.full(round(seconds * RATE_HZ), 8000, np.int16).tobytes()

    def pause(self, seconds: float) -> None:
        self.sound += bytes(2 * round(seconds * RATE_HZ))

    def sentence(self, chars: int, commas_s: list[float], end_s: float, pace: float) -> None:
        """So many characters with pauses of these lengths within and behind."""
        self.starts.append(len(self.sound))
        for comma_s in [*commas_s, 0.0]:
            self.say(chars * SECONDS_PER_CHAR * pace / (len(commas_s) + 1))
            self.pause(comma_s)
        self.pause(end_s)


def speech(seed: int, comma_s: tuple[float, float], end_s: tuple[float, float]) -> tuple[list[float], Speech]:
    chance = random.Random(seed)
    made, chars = Speech(), [float(chance.randint(10, 150)) for _ in range(12)]
    pace = chance.uniform(0.7, 1.4)
    for count in chars:
        commas_s = [chance.uniform(*comma_s) for _ in range(int(count) // 45)]
        made.sentence(int(count), commas_s, chance.uniform(*end_s), pace * chance.lognormvariate(0, 0.1))
    return chars, made


def heard(sound: bytes, piece: int = 3200) -> Pauses:
    pauses = Pauses(RATE_HZ)
    for start in range(0, len(sound), piece):
        pauses.hear(sound[start : start + piece])
    return pauses


def found(chars: list[float], made: Speech) -> list[int]:
    return places(chars, heard(made.sound).found, 0, len(made.sound), RATE_HZ)


@pytest.mark.parametrize("seed", range(8))
def test_pauses_tell_where_sentences_begin(seed: int) -> None:
    chars, made = speech(seed, (0.08, 0.16), (0.35, 0.6))
    assert found(chars, made) == pytest.approx(made.starts[1:], abs=0.05 * BYTES_PER_S)


def test_pauses_at_commas_as_long_as_between_sentences_mislead_now_and_then() -> None:
    right = []
    for seed in range(8):
        chars, made = speech(seed, (0.2, 0.5), (0.2, 0.5))
        right += [abs(a - b) < 0.05 * BYTES_PER_S for a, b in zip(found(chars, made), made.starts[1:], strict=True)]
    assert sum(right) > 0.7 * len(right)


@pytest.mark.parametrize("seed", range(8))
def test_without_pauses_the_characters_tell(seed: int) -> None:
    chars, made = speech(seed, (0.0, 0.0), (0.0, 0.0))
    starts = found(chars, made)
    assert starts == sorted(starts)
    assert starts == pytest.approx(made.starts[1:], abs=5.0 * BYTES_PER_S)


def test_places_are_of_the_passage_alone() -> None:
    chars, made = speech(3, (0.08, 0.16), (0.35, 0.6))
    lead = 40_000
    pauses = heard(np.full(lead // 2, 8000, np.int16).tobytes() + made.sound)
    starts = places(chars, pauses.found, lead, lead + len(made.sound), RATE_HZ)
    assert starts == pytest.approx([lead + start for start in made.starts[1:]], abs=0.05 * BYTES_PER_S)
    pauses.forget(lead + made.starts[6])
    assert pauses.found
    assert all(pause.end > lead + made.starts[6] for pause in pauses.found)


def test_one_sentence_has_no_place_to_find() -> None:
    assert places([40.0], [], 0, 32_000, RATE_HZ) == []


def test_cuts_in_the_sound_make_no_difference() -> None:
    _, made = speech(3, (0.08, 0.16), (0.35, 0.6))
    assert heard(made.sound, 8190).found == heard(made.sound).found


def test_a_sound_that_ends_quietly_ends_in_a_pause() -> None:
    made = Speech()
    made.say(0.5)
    assert not heard(made.sound).is_in_pause
    made.pause(0.2)
    assert heard(made.sound).is_in_pause
    assert not heard(b"\x01").is_in_pause
    made.sound = np.full(RATE_HZ, -32768, np.int16).tobytes()  # the loudest there is
    assert heard(made.sound).found == []
