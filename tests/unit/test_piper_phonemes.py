"""What a voice is given for a text: signs at the ends of clauses, words, and sounds that it lacks."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from reader.voices.local.espeak_worker import Library
from reader.voices.piper import description, phonemes
from reader.voices.piper.piper_worker import sounds_of
from tests.fakes import piper_voice


@pytest.fixture(scope="module")
def library() -> Library:
    made = Library(lambda _: False)
    made.voices()
    return made


def voice(espeak: str, **other: Any) -> description.Description:
    return description.read(piper_voice.description(espeak=espeak, **other), "toy")


def said(library: Library, text: str, espeak: str = "en-us") -> str:
    return "".join(sound.symbol for sound in sounds_of(library, text, voice(espeak)))


# What piper-tts 1.8 makes of these texts, but that it has no sign at the end of a text without one.
@pytest.mark.parametrize(
    ("espeak", "text", "sounds"),
    [
        ("en-us", "Hello, world! How are you?", "həlˈoʊ, wˈɜːld! hˈaʊ ɑːɹ juː?"),
        ("en-us", "Fine; thanks: yes", "fˈaɪn; θˈæŋks: jˈɛs."),
        ("de", "Das ist gut. Wirklich, ja?", "das ɪst ɡˈuːt. vˈɪɾklɪç, jˈɑː?"),
        ("el", "Ναι; Ναι.", "nˈe; nˈe."),
        ("cmn", "你好！再见", "ni2χˈɑu2 tsˈai5 tɕˈiɛ5n."),
        ("es", "¿Dónde estás? ¡Aquí!", "dˈonde estˈas? akˈi!"),
        ("en-us", "Really?! No… Well... yes", "ɹˈiəli? nˈoʊ wˈɛl jˈɛs."),
        ("ar", "نعم، لا؟", "nˈaʕam, lˈaː?"),
        ("hi", "हाँ।", "hˈã"),
    ],
)
def test_each_clause_has_its_sign(library: Library, espeak: str, text: str, sounds: str) -> None:
    assert said(library, text, espeak) == unicodedata.normalize("NFD", sounds)


def test_another_language_s_sounds_are_said_without_a_word_of_it(library: Library) -> None:
    assert "(" not in said(library, "Ich liebe Computer science.", "de")


@pytest.mark.parametrize("text", ["Two words, and 12 more of them!", "It is what it is.", "x"])
def test_words_are_found_in_the_order_of_the_text(library: Library, text: str) -> None:
    made = phonemes.numbers(sounds_of(library, text, voice("en-us")), voice("en-us"))
    places = [at for _, at in made.starts]
    assert places == sorted(places)
    assert places[0] == 0
    assert all(at == 0 or not text[at - 1].isalnum() for at in places)
    assert [index for index, _ in made.starts] == sorted(index for index, _ in made.starts)
    assert not made.missing


def test_what_a_voice_lacks_is_told(library: Library) -> None:
    about = voice("en-us", sounds=piper_voice.SOUNDS.replace("w", "").replace("ˈ", ""))
    made = phonemes.numbers(sounds_of(library, "Water", about), about)
    assert made.missing == ["w", "ˈ"]
    assert [phonemes.is_word(sound) for sound in made.missing] == [True, False]


def test_letters_of_a_voice_that_was_trained_on_them(library: Library) -> None:
    about = voice("en-us", phoneme_type="text")
    made = phonemes.numbers(sounds_of(library, "ab cd", about), about)
    assert made.starts == [(2, 0), (8, 3)]


def test_a_long_text_comes_in_portions(library: Library) -> None:
    sounds = sounds_of(library, "one, two, three " * 60, voice("en-us"))
    runs = list(phonemes.portions(sounds, 100, 200))
    assert [sound for run in runs for sound in run] == sounds
    assert all(len(run) <= 400 for run in runs)
    assert len(runs) > 4


def test_a_text_without_any_sound(library: Library) -> None:
    for text in ("", "   ", "…"):
        assert sounds_of(library, text, voice("en-us")) == []
