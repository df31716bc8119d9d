"""What is done to text and sound around the neural voice, without it."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from hibari import Hibari, dsp
from hibari.g2p.normalize import normalize
from hibari.tts import voice_path

from reader.voices.local import neural_words
from reader.voices.local.espeak_worker import without_lead
from reader.voices.local.neural_text import prepare
from reader.voices.local.neural_worker import RATE_HZ, VOICE, NeuralVoice, Word, _synthesize, cuts, portions
from reader.voices.local.trim import Samples, Trimmed, to_pcm


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("Plain text.", "Plain text."),
        ("[word](/wɜːd/)", "[word] (/wɜːd/)"),
        ("a [link](https://example.org) here", "a [link] (https://example.org) here"),
        ("snake_case_name", "snake case name"),
        ("7" * 18, "7" * 18),
        ("No. " + "7" * 19 + ".", "No. " + " ".join("7" * 19) + "."),
        ("1,2,3,4,5,6,7,8,9,10,11,12,13,14", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14"),
        ("1,234,567", "1,234,567"),
        ("m¹ and ፬", "m 1  and  4 "),
        ("a | b", "a  vertical bar  b"),
        ("x != y", "x  not equal to  y"),
        ("C:\\Users", "C: backslash Users"),
        ("5*3 and 5 * 3", "5 times 3 and 5 times 3"),
        ("a * b and *bold*", "a asterisk b and *bold*"),
        ("$HOME, 5 $, $5", " dollar HOME, 5 dollars , $5"),
        ("5 € and 3 £", "5 euros and 3 pounds"),
        ("€5", "€5"),
        ("x ≤ y", "x  less than or equal to  y"),
        ("😀", " grinning face "),
        ("👍🏽", " thumbs up sign "),
        ("🇩🇪", " d  e "),
        ("Łódź", "Lódz"),
        ("naïve café", "naïve café"),
        ("Ħal", "Hal"),
        ("non‑breaking", "non-breaking"),
        ("• item", "   item"),
        ("½ cup", "½ cup"),
    ],
)
def test_prepare(text: str, prepared: str) -> None:
    assert prepare(text) == prepared


@pytest.mark.parametrize("phrase", ["", "wɜːd", "wɜːd " * 900, "ɜ" * 2500, " " * 2100, "ɜ" * 1500 + " wɜːd"])
def test_long_phrases_are_made_in_portions(phrase: str) -> None:
    made = list(portions(phrase))
    assert "".join(made).replace(" ", "") == phrase.replace(" ", "")
    assert max(map(len, made)) <= 1000
    assert all("wɜːd" in word or "ɜ" in word for part in made for word in part.split())


def pieces(sound: Samples, size: int) -> Iterator[Samples]:
    for i in range(0, sound.size, size):
        yield sound[i : i + size]


@pytest.mark.parametrize("size", [50, 333, 100_000])
def test_dead_time_is_cut_off_both_ends_but_not_inside(size: int) -> None:
    quiet = np.zeros(4800, np.float32)
    loud = np.full(2400, 0.3, np.float32)
    sound = np.concatenate([quiet, loud, quiet, loud, quiet])
    made = np.concatenate(list(Trimmed(pieces(sound, size), RATE_HZ)))
    assert made.size == pytest.approx(2400 + 4800 + 2400, abs=2 * 96)
    assert (np.abs(made) > 0.2).sum() == 4800
    assert np.flatnonzero(made > 0.2)[0] <= RATE_HZ / 2000  # half a millisecond is all that a listener waits for


def test_silence_is_nothing() -> None:
    assert list(Trimmed(pieces(np.zeros(9600, np.float32), 480), RATE_HZ)) == []


def test_cuts_are_in_the_middle_of_unvoiced_gaps_behind_voice() -> None:
    pitch = np.concatenate(
        [np.zeros(20), np.full(30, 120.0), np.zeros(8), np.full(300, 110.0), np.zeros(9), np.full(50, 90.0)]
    )
    found = cuts(pitch)
    assert found
    for cut in found:
        assert (pitch[cut - 2 : cut + 2] < 40).all()
        assert cut > 20  # never in the silence in front


def test_a_short_phrase_is_made_whole() -> None:
    assert cuts(np.concatenate([np.zeros(20), np.full(10, 120.0), np.zeros(20)])) == []


def test_the_pieces_of_a_voice_that_goes_on_join_without_a_seam() -> None:
    hops = 90
    random = np.random.default_rng(3)
    parts = [random.normal(-3, 0.3, (dsp.N_FFT // 2 + 1, hops)).astype(np.float32) for _ in range(5)]
    pitch = np.where(np.arange(hops) < 22, 0.0, 110.0).astype(np.float32)
    noisy = list(_synthesize([*parts, pitch], lambda: None))
    assert [piece.size for piece in noisy] == [46 * dsp.HOP, 44 * dsp.HOP]
    # The noise is of another seed than in a whole; where there is none, pieces and whole are the same.
    parts[2][:] = -40.0
    joined = np.concatenate(list(_synthesize([*parts, pitch], lambda: None)))
    whole = dsp.synth(*parts, pitch, np.random.default_rng(0))
    assert np.abs(joined - whole).max() < 1e-4 * np.abs(whole).max()
    # And the noise itself goes on over the seam.
    seam = noisy[0].size
    steps = np.abs(np.diff(np.concatenate(noisy)))
    assert steps[seam - 1] < 4 * steps.std()


def test_to_pcm_clips() -> None:
    assert np.frombuffer(to_pcm(np.array([0.0, 2.0, -2.0], np.float32)), np.int16).tolist() == [0, 32767, -32767]


def test_espeaks_lead_is_cut_but_for_one_frame() -> None:
    pcm = np.array([0] * 100 + [5, 400, -300], np.int16).tobytes()
    assert np.frombuffer(without_lead(pcm), np.int16).tolist() == [5, 400, -300]
    assert without_lead(np.zeros(50, np.int16).tobytes()) == b""


class Token(NamedTuple):
    """As the voice's own."""

    text: str
    phonemes: str
    whitespace: str = " "


def test_the_net_gives_how_long_it_holds_its_phonemes_and_the_same_sound() -> None:
    text = "Well-known “words”, twenty five cats."
    with open(voice_path(VOICE), "rb") as file:
        more = Hibari(voice=VOICE, model=neural_words.with_durations(file.read()))
    phonemes = more.g2p(text)
    feed = {"ids": np.asarray([more.ids(phonemes)], np.int64), "speed": np.asarray([1.0], np.float32)}
    *sound, durations = more.sess.run(None, feed)
    for one, other in zip(sound, Hibari(voice=VOICE).sess.run(None, feed), strict=True):
        assert np.array_equal(one, other)
    begins = neural_words.begins(phonemes, more.vocab, durations, sound[-1].shape[1] * dsp.HOP)
    assert len(begins) == len(phonemes)
    assert begins == sorted(begins)
    assert begins[-1] < sound[-1].shape[1] * dsp.HOP


def test_another_net_gives_no_words_rather_than_wrong_ones() -> None:
    assert neural_words.with_durations(b"another net") == b"another net"
    assert neural_words.begins("abc", "abc", np.zeros(0), 600) == []
    assert neural_words.begins("abc", "abc", np.array([3, 1, 1, 1, 3]), 601) == []


@pytest.mark.parametrize("text", ["It is 10:30 at Smith & Sons.", "[a](/b/) “Odd”  words -- e.g. naïve_ones!", "…"])
def test_the_phonemes_are_those_of_the_voice(text: str) -> None:
    g2p = Hibari(voice=VOICE).g2p
    said = prepare(text)
    tokens = g2p.phonemize_tokens(g2p.tokenize(normalize(said)))
    assert neural_words.phonemes_of(tokens)[0] == g2p(said)


def test_words_are_found_where_they_are_written() -> None:
    tokens = [
        Token("“", "“", ""),
        Token("Tom", "tɑm"),
        Token("and", "ænd"),
        Token("Ann", "æn", ""),
        Token(".", ".", ""),
    ]
    phonemes, words = neural_words.phonemes_of(tokens)
    assert phonemes == "“tɑm ænd æn."
    times = list(range(0, 100 * len(phonemes), 100))
    text = "“Tom & Ann."
    found = neural_words.marks(text, words, 0, times)
    assert [(frame, text[start:].split()[0]) for frame, start, _ in found] == [(0, "“Tom"), (500, "&"), (900, "Ann.")]


def test_a_letter_is_made_once_for_each_way_to_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    voice = NeuralVoice()
    words: list[Word] = []
    first = np.concatenate(list(voice.say("B.", 1.0, lambda: None)))
    high = np.concatenate(list(voice.say("B.", 1.0, lambda: None, 1.0)))
    with monkeypatch.context() as without_net:
        without_net.setattr(voice, "_infer", None)
        again = list(voice.say("B.", 1.0, lambda: None, on_words=words.extend))
        assert np.array_equal(np.concatenate(again), first)
        assert [(start, end) for _, start, end in words] == [(0, 2)]
        with pytest.raises(TypeError):
            list(voice.say("B.", 1.5, lambda: None))
    assert not np.array_equal(high, first)
    monkeypatch.setattr(voice, "_make", lambda *_: iter([first]))
    for number in range(100):
        list(voice.say(chr(ord("a") + number), 1.0, lambda: None))
    assert len(voice._letters) < 100
