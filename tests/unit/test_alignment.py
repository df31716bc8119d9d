"""Sentences found in simulated speech, whose pauses are at known places."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from reader.voices.polly.alignment import SECONDS_PER_CHAR, Alignment, learned

RATE_HZ = 16000
# Sound comes in pieces of so long, so that nothing can be known sooner.
PIECE_S = 0.1
# What came last is looked at later: so much more, together.
LOOK_S = 0.4
PACES = (0.7, 0.85, 1.0, 1.2, 1.4)


@dataclass
class Speech:
    """What a voice says, and when each of its sentences was over."""

    pace: float = 1.0
    sound: bytes = b""
    ends_s: list[float] = field(default_factory=list)

    @property
    def length_s(self) -> float:
        return len(self.sound) / 2 / RATE_HZ

    def say(self, seconds: float) -> None:
        self.sound += np.full(round(seconds * RATE_HZ), 8000, np.int16).tobytes()

    def pause(self, seconds: float) -> None:
        self.sound += bytes(2 * round(seconds * RATE_HZ))

    def sentence(self, chars: int, commas_s: list[float], end_s: float, *, deviation: float = 1.0) -> None:
        """So many characters with pauses of these lengths within and behind."""
        spoken_s = chars * SECONDS_PER_CHAR * self.pace * deviation - sum(commas_s) - end_s
        for comma_s in [*commas_s, 0.0]:
            self.say(spoken_s / (len(commas_s) + 1))
            self.pause(comma_s)
        self.ends_s.append(self.length_s)
        self.pause(end_s)

    def over(self, at_s: float) -> int:
        """How many sentences are over."""
        return sum(end_s <= at_s for end_s in self.ends_s)


def prose(seed: int, pace: float, comma_s: tuple[float, float]) -> tuple[list[int], Speech]:
    """Sentences of any length, with commas, that no two voices would say in the same time."""
    chance = random.Random(seed)
    speech, sentences = Speech(pace), [chance.randint(25, 150) for _ in range(14)]
    for chars in sentences:
        commas_s = [chance.uniform(*comma_s) for _ in range(chars // 45)]
        speech.sentence(chars, commas_s, chance.uniform(0.35, 0.6), deviation=chance.lognormvariate(0, 0.1))
    return sentences, speech


def listen(alignment: Alignment, speech: Speech) -> Iterator[tuple[int, int]]:
    """Hear it all. Yields (sentences counted, sentences that are over), piece by piece."""
    size = round(PIECE_S * RATE_HZ) * 2
    for start in range(0, len(speech.sound), size):
        alignment.hear(speech.sound[start : start + size])
        yield alignment.done, speech.over((start + size) / 2 / RATE_HZ)


def expecting(*chars: int) -> Alignment:
    alignment = Alignment(RATE_HZ)
    for count in chars:
        alignment.expect(count, is_end=True)
    return alignment


# ---- whole sentences ----


@pytest.mark.parametrize("pace", PACES)
def test_no_sentence_counts_as_over_before_it_is(pace: float) -> None:
    for seed in range(5):
        sentences, speech = prose(seed, pace, (0.08, 0.16))
        counted = list(listen(expecting(*sentences), speech))
        assert all(done <= over for done, over in counted), seed
        # The one behind it has to begin first.
        late = sum(over - done > 1 for done, over in counted)
        assert late * PIECE_S <= 1.0, seed
        assert counted[-1][0] == len(sentences) - 1, seed


def test_commas_as_long_as_full_stops_mislead_for_one_sentence_at_most() -> None:
    pieces = misled = 0
    for seed in range(12):
        sentences, speech = prose(seed, 1.0, (0.12, 0.3))
        for done, over in listen(expecting(*sentences), speech):
            assert done <= over + 1, seed
            pieces += 1
            misled += done > over
        assert done >= len(sentences) - 2, seed
    assert misled < pieces / 20


@pytest.mark.parametrize("pace", PACES)
def test_the_pace_of_a_voice_is_found_out(pace: float) -> None:
    sentences, speech = prose(7, pace, (0.08, 0.16))
    alignment = expecting(*sentences)
    for _ in listen(alignment, speech):
        pass
    assert alignment.seconds_per_char / SECONDS_PER_CHAR == pytest.approx(pace, rel=0.2)
    assert alignment.heard_s == pytest.approx(speech.length_s, abs=LOOK_S)


def test_the_last_sentence_is_never_guessed() -> None:
    speech = Speech()
    speech.sentence(60, [], 0.5)
    speech.pause(5.0)
    alignment = expecting(60)
    assert [done for done, _ in listen(alignment, speech)][-1] == 0


def test_what_is_counted_is_never_taken_back() -> None:
    for seed in range(5):
        sentences, speech = prose(seed, 1.0, (0.12, 0.3))
        counted = [done for done, _ in listen(expecting(*sentences), speech)]
        assert counted == sorted(counted)


def test_cuts_in_the_sound_make_no_difference() -> None:
    sentences, speech = prose(3, 1.0, (0.08, 0.16))
    whole, cut = expecting(*sentences), expecting(*sentences)
    for _ in listen(whole, speech):
        pass
    for start in range(0, len(speech.sound), 8190):
        cut.hear(speech.sound[start : start + 8190])
    assert cut.done == whole.done == len(sentences) - 1
    assert cut.heard_s == pytest.approx(whole.heard_s, abs=LOOK_S)


def test_texts_may_be_sent_while_the_sound_comes() -> None:
    sentences, speech = prose(4, 1.0, (0.08, 0.16))
    alignment = expecting(*sentences[:2])
    for done, over in listen(alignment, speech):
        assert done <= over
        if len(sentences) > 2 and over + 2 > 2:
            alignment.expect(sentences.pop(2), is_end=True)
    assert alignment.done == 13


def test_nothing_sent_and_silence_are_no_trouble() -> None:
    alignment = Alignment(RATE_HZ)
    assert (alignment.done, alignment.missing_s, alignment.is_much_missing) == (0, 0.0, False)
    alignment.hear(bytes(RATE_HZ))
    alignment.hear(b"\x01")
    assert alignment.done == 0
    alignment.hear(np.full(RATE_HZ, -32768, np.int16).tobytes())  # the loudest there is
    assert alignment.heard_s == pytest.approx(1.5, abs=0.02)


# ---- word by word ----


def test_words_are_counted_as_their_characters_pass_but_the_last_waits_for_the_pause() -> None:
    alignment = Alignment(RATE_HZ)
    for _ in range(9):
        alignment.expect(6, is_end=False)
    alignment.expect(6, is_end=True)
    alignment.expect(60, is_end=True)
    speech = Speech()
    speech.sentence(60, [], 0.4)
    seen = [done for done, _ in listen(alignment, speech)]
    assert set(seen) == set(range(10))  # one behind the other
    third = seen.index(3) * PIECE_S
    assert third == pytest.approx(3 * 6 * SECONDS_PER_CHAR, abs=0.4)
    assert max(seen) == 9
    next_one = Speech()
    next_one.say(0.5)
    assert [done for done, _ in listen(alignment, next_one)][-1] == 10


def test_end_unit_ends_a_sentence_that_had_no_end() -> None:
    open_ended, ended = Alignment(RATE_HZ), Alignment(RATE_HZ)
    for alignment in (open_ended, ended):
        alignment.expect(40, is_end=False)
    ended.end_unit()
    ended.end_unit()  # there is nothing left to end
    for alignment in (open_ended, ended):
        alignment.expect(40, is_end=True)
    speech = Speech()
    speech.sentence(40, [], 0.5)
    speech.say(0.5)
    for alignment in (open_ended, ended):
        for _ in listen(alignment, speech):
            pass
    assert ended.done == 1
    # Of one sentence only the characters tell.
    assert len(open_ended._units) == 1
    assert len(ended._units) == 2


# ---- what is to come ----


def test_missing_s_goes_down_as_sound_comes() -> None:
    sentences, speech = prose(5, 1.0, (0.08, 0.16))
    alignment = expecting(*sentences)
    assert alignment.missing_s == pytest.approx(sum(sentences) * SECONDS_PER_CHAR, rel=0.01)
    for _ in listen(alignment, speech):
        left_s = speech.length_s - alignment.heard_s
        assert alignment.missing_s == pytest.approx(left_s, rel=0.4, abs=3.0)
    assert alignment.missing_s < 2.5  # of more than a minute


@pytest.mark.parametrize("pace", PACES)
def test_much_is_missing_until_the_last_sentence_and_then_nothing(pace: float) -> None:
    sentences, speech = prose(6, pace, (0.08, 0.16))
    alignment = expecting(*sentences)
    assert alignment.is_much_missing
    for _, over in listen(alignment, speech):
        if over < len(sentences) - 2:
            assert alignment.is_much_missing
    assert not alignment.is_much_missing


def test_nothing_is_surely_missing_of_a_sentence_that_is_not_whole() -> None:
    alignment = Alignment(RATE_HZ)
    alignment.expect(200, is_end=False)
    assert alignment.missing_s > 10
    assert not alignment.is_much_missing
    alignment.end_unit()
    assert alignment.is_much_missing


def test_what_is_learned_is_weighed() -> None:
    assert learned(0.06, 0.08, 0.0) == 0.06
    assert learned(0.06, 0.08, 0.5) == pytest.approx(0.07)
    assert learned(0.06, 0.08, 2.0) == pytest.approx(0.08)
