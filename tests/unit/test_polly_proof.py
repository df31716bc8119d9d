"""What counts as spoken, and what is handed on before it does."""

from __future__ import annotations

import numpy as np
import pytest

from reader.flow import AudioChunk, Ending, SpeechRequest, Voice
from reader.voices.polly.delivery import SECONDS_PER_CHAR, Delivery, billed_chars, spoken_chars
from reader.voices.polly.proof import Proof

RATE_HZ = 16000
VOICE = Voice("polly/Matthew", "Matthew", "en")
TEXT = "x" * 30


class Stream:
    """A proof, and a clock."""

    def __init__(self, known_chars: float = 0.0) -> None:
        self.delivery = Delivery()
        if known_chars:
            self.delivery.note_passage(known_chars, known_chars * SECONDS_PER_CHAR, took_s=known_chars / 100)
        self.proof = Proof(RATE_HZ, self.delivery)
        self.now_s = 10.0
        self.sent = 0
        self.chunks: list[AudioChunk] = []

    def send(self, *endings: Ending, is_forced: bool = True, is_kept: bool = False, text: str = TEXT) -> None:
        requests = [SpeechRequest(1, self.sent + i, text, VOICE, 1.0, ending) for i, ending in enumerate(endings)]
        self.sent += len(endings)
        self.proof.expect(requests, self.now_s, is_forced=is_forced, is_kept=is_kept)

    def hear(self, seconds: float, level: int = 8000) -> None:
        self.now_s += seconds / 10
        self.proof.hear(np.full(round(seconds * RATE_HZ), level, np.int16).tobytes(), self.now_s)

    def say(self, texts: int = 1) -> None:
        """As long as they take."""
        for _ in range(texts):
            self.hear(len(TEXT) * SECONDS_PER_CHAR - 0.3)
            self.hear(0.3, 0)

    def over(self, *, is_needed: bool = True) -> list[int]:
        """Segments said to be spoken whole so far."""
        while chunk := self.proof.take(is_needed=is_needed):
            self.chunks.append(chunk)
        return [chunk.segment for chunk in self.chunks if chunk.is_last]

    @property
    def handed_s(self) -> float:
        self.over()
        return sum(len(chunk.pcm) for chunk in self.chunks) / 2 / RATE_HZ


def test_a_sentence_is_heard_at_once_and_proven_by_the_sound_of_the_next() -> None:
    stream = Stream()
    stream.send(Ending.SENTENCE)
    assert not stream.proof.is_free
    stream.say()
    assert stream.handed_s > 1.5
    assert stream.over() == []
    assert stream.proof.note_silence()
    assert stream.proof.is_free
    assert stream.over() == []  # silence alone is what a stream that died would give
    stream.send(Ending.SENTENCE)
    assert not stream.proof.is_free
    assert stream.over() == []
    stream.hear(0.1)
    assert stream.over() == [0]


def test_however_much_sound_comes_nothing_else_proves() -> None:
    stream = Stream()
    stream.send(Ending.SENTENCE)
    stream.say(50)
    assert stream.over() == []
    stream.proof.finish()
    assert stream.over() == [0]


@pytest.mark.parametrize(
    ("sound_s", "pause_s"),
    [(0.3, 0.0), (0.3, 0.3), (1.0, 0.3), (1.85, 0.0)],
    ids=["in a word", "behind a word", "behind a clause", "in the last word"],
)
def test_behind_silence_within_a_sentence_the_rest_of_it_may_come(sound_s: float, pause_s: float) -> None:
    stream = Stream(known_chars=2 * len(TEXT))
    stream.send(Ending.SENTENCE)
    stream.hear(sound_s)
    stream.hear(pause_s, 0)
    assert stream.proof.note_silence()
    assert stream.proof.is_free  # the next one is sent all the same
    assert stream.handed_s == pytest.approx(sound_s + pause_s)
    doubt_s = stream.proof.doubt_s  # until more came than any voice takes for the first
    assert doubt_s > 0.5
    stream.send(Ending.SENTENCE)
    stream.hear(doubt_s - 0.1)
    assert stream.over() == []
    assert stream.handed_s == pytest.approx(sound_s + pause_s)  # what may be of the next waits
    assert stream.proof.kept_s == pytest.approx(doubt_s - 0.1)
    stream.hear(0.2)
    assert stream.over() == [0]
    assert stream.handed_s == pytest.approx(sound_s + pause_s + doubt_s + 0.1)


def test_what_is_only_likely_is_handed_on_when_it_is_needed() -> None:
    stream = Stream()
    stream.send(Ending.SENTENCE)
    stream.say()
    stream.proof.note_silence()
    assert stream.proof.doubt_s == 0
    stream.send(Ending.SENTENCE)
    stream.hear(0.1)
    assert stream.over(is_needed=False) == []
    assert stream.proof.is_waiting
    assert not stream.proof.is_stuck  # the rest of the next one is to come
    stream.hear(4.0)
    assert stream.over(is_needed=False) == [0]
    assert not stream.proof.is_waiting


def test_sound_behind_a_likely_end_takes_its_likeliness_away() -> None:
    stream = Stream()
    stream.send(Ending.SENTENCE)
    stream.say()
    stream.proof.note_silence()
    stream.hear(0.5)
    assert not stream.proof.is_free
    assert stream.proof.doubt_s > 0


def test_doubt_is_over_where_all_that_came_since_ends_as_it_should() -> None:
    stream = Stream(known_chars=1000)
    for text, sound_s in ((TEXT, 1.4), (TEXT[:15], 0.9)):  # one is short, and one is long
        stream.send(Ending.SENTENCE, text=text)
        stream.hear(sound_s)
        stream.hear(0.3, 0)
        stream.proof.note_silence()
    assert stream.proof.doubt_s == 0
    assert stream.over() == []
    assert stream.proof.is_stuck
    stream.send(Ending.SENTENCE)
    stream.hear(0.1)
    assert stream.over() == [0, 1]


def test_several_sentences_are_kept_until_they_are_proven() -> None:
    stream = Stream()
    stream.send(Ending.SENTENCE, Ending.SENTENCE, Ending.PARAGRAPH, is_kept=True)
    stream.say(3)
    assert stream.proof.is_keeping
    assert stream.handed_s == 0
    stream.proof.note_silence()
    stream.send(Ending.SENTENCE)
    assert stream.handed_s == 0
    stream.hear(0.1)
    assert stream.over() == [0, 1, 2]
    assert stream.handed_s == pytest.approx(3 * len(TEXT) * SECONDS_PER_CHAR + 0.1, abs=0.01)
    # Each has its share.
    of_second = sum(len(c.pcm) for c in stream.chunks if c.segment == 1) / 2 / RATE_HZ
    assert of_second == pytest.approx(len(TEXT) * SECONDS_PER_CHAR, abs=0.1)


def test_the_end_of_several_sentences_is_not_that_of_the_last_but_one() -> None:
    delivery = Delivery()
    chars = 1000.0
    delivery.note_passage(chars, chars * 0.06, took_s=1.0)
    sound_s = 0.96 * chars * delivery.seconds_per_char
    assert delivery.is_enough(chars, 200.0, sound_s)
    assert not delivery.is_enough(chars, 20.0, sound_s)  # that may be missing
    assert not delivery.is_enough(chars, 200.0, sound_s * 0.95)


def test_pauses_say_nothing_of_a_voice_that_does_not_pause_at_ends() -> None:
    stream = Stream()
    for _ in range(5):
        stream.delivery.note_end(ends_in_pause=False)
    stream.send(Ending.SENTENCE)
    stream.say()
    stream.proof.note_silence()
    assert stream.proof.doubt_s > 0


def test_words_go_on_within_their_sentence_without_waiting() -> None:
    stream = Stream()
    for _ in range(9):
        stream.send(Ending.OPEN, is_forced=False, text="words ")
        assert stream.proof.is_free
        assert stream.proof.is_inside
    stream.send(Ending.SENTENCE, text="words.")
    assert not stream.proof.is_inside
    assert not stream.proof.is_free
    for _ in range(30):
        stream.hear(0.13)
        stream.over()
    # Words are counted as their characters pass; that the sentence is over is never guessed.
    assert stream.over() == list(range(9))
    stream.proof.finish()
    assert stream.over() == list(range(10))


def test_sound_that_was_not_asked_for_is_of_nothing() -> None:
    stream = Stream()
    stream.hear(1.0)
    assert stream.over() == []
    stream.proof.finish()
    assert stream.over() == []


def test_what_is_missing_grows_less_as_sound_comes() -> None:
    stream = Stream()
    stream.send(Ending.SENTENCE)
    all_s = stream.proof.missing_s
    assert all_s == pytest.approx(len(TEXT) * SECONDS_PER_CHAR)
    stream.hear(1.0)
    assert stream.proof.missing_s == pytest.approx(all_s - 1.0)
    stream.proof.note_silence()
    assert stream.proof.missing_s == 0


# ---- delivery ----


def test_a_voice_is_got_to_know() -> None:
    delivery = Delivery()
    for _ in range(20):
        delivery.note_passage(100, 100 * 0.1, took_s=1.0)
    assert delivery.seconds_per_char == pytest.approx(0.1, rel=0.05)
    assert delivery.rate == pytest.approx(10, rel=0.01)
    assert delivery.length_s("x" * 50) == pytest.approx(5, rel=0.05)


def test_silence_has_to_be_longer_than_silences_within_a_passage() -> None:
    delivery = Delivery()
    plain_s = delivery.silence_s(30, 2.0, ends_in_pause=True)
    delivery.note_gap(0.2)
    assert delivery.silence_s(30, 2.0, ends_in_pause=True) > max(plain_s, 0.4)
    # and longer still where it may be in the middle of a sentence
    assert delivery.silence_s(30, 0.4, ends_in_pause=True) > delivery.silence_s(30, 2.0, ends_in_pause=True)
    assert delivery.silence_s(30, 2.0, ends_in_pause=False) > delivery.silence_s(30, 2.0, ends_in_pause=True)
    for _ in range(5):
        delivery.note_end(ends_in_pause=False)  # this voice never pauses there
    assert delivery.silence_s(30, 2.0, ends_in_pause=False) == delivery.silence_s(30, 2.0, ends_in_pause=True)
    assert Delivery(answer_s=0.5).silence_s(30, 2.0, ends_in_pause=True) > 0.9


def test_more_goes_together_the_more_the_ear_has_to_hear_and_the_faster_sound_comes() -> None:
    delivery = Delivery()
    assert delivery.whole_s(0.0) == 0
    assert 0 < delivery.whole_s(3.0) < delivery.whole_s(10.0)
    assert Delivery(rate=20.0).whole_s(3.0) > delivery.whole_s(3.0)
    assert delivery.next_sound_s(4.0) > delivery.next_sound_s(1.0) > 0


def test_figures_and_syllables_take_longer_than_letters() -> None:
    assert spoken_chars("1,234") > spoken_chars("abcde") == 5
    assert spoken_chars("東京です") > 8
    assert spoken_chars("") == 1
    assert spoken_chars("<speak>Hi <break/>there</speak>", is_ssml=True) == 8
    assert billed_chars("<speak>Hi 12</speak>", is_ssml=True) == 5


def test_a_sentence_whose_rest_may_be_kept_with_the_next_is_not_over_before_that_is() -> None:
    stream = Stream(known_chars=2 * len(TEXT))
    stream.send(Ending.SENTENCE)
    stream.hear(1.0)
    assert stream.proof.note_silence()
    stream.send(Ending.SENTENCE, Ending.SENTENCE, is_kept=True)
    stream.hear(stream.proof.doubt_s + 0.1)
    assert stream.handed_s == pytest.approx(1.0)
    assert stream.over() == []  # should the stream break off now, it is said again
    stream.proof.finish()
    assert stream.over() == [0, 1, 2]


def test_sound_that_may_be_of_the_sentence_before_is_marked_so() -> None:
    stream = Stream(known_chars=2 * len(TEXT))
    stream.send(Ending.SENTENCE)
    stream.hear(1.0)
    assert stream.proof.note_silence()
    doubt_s = stream.proof.doubt_s
    stream.send(Ending.SENTENCE)
    stream.hear(doubt_s + 1.0)
    assert stream.over() == [0]
    shared = [chunk for chunk in stream.chunks if chunk.is_shared]
    assert {chunk.segment for chunk in shared} == {1}
    assert sum(len(chunk.pcm) for chunk in shared) / 2 / RATE_HZ == pytest.approx(doubt_s)


def test_what_was_sent_early_twice_within_a_sentence_proves_nothing() -> None:
    stream = Stream(known_chars=2 * len(TEXT))
    stream.send(Ending.SENTENCE)
    stream.hear(0.5)
    assert stream.proof.note_silence()
    stream.send(Ending.SENTENCE, is_kept=True)
    stream.hear(0.2)
    assert stream.proof.note_silence()
    stream.send(Ending.SENTENCE, is_kept=True)
    stream.hear(20.0)
    assert stream.over() == []
    stream.proof.finish()
    assert stream.over() == [0, 1, 2]


def test_each_clause_of_a_sentence_has_its_share_of_sound_that_came_at_once() -> None:
    stream = Stream()
    stream.send(Ending.CLAUSE, Ending.SENTENCE)
    stream.say(2)
    stream.proof.finish()
    assert stream.over() == [0, 1]
    sound = {chunk.segment for chunk in stream.chunks if chunk.pcm}
    assert sound == {0, 1}
