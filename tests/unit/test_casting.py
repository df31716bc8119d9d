import pytest

from reader.errors import VoiceMissingError
from reader.flow import Ending, Segment, Voice
from reader.session.casting import Casting

VOICES = [
    Voice("neural/heart", "Heart", "en"),
    Voice("espeak/en-us", "English", "en"),
    Voice("espeak/de", "German", "de"),
    Voice("espeak/ru", "Russian", "ru"),
    Voice("espeak/ja", "Japanese", "ja"),
]


def cast(
    text: str,
    language: str = "en",
    chosen: str = "",
    ending: Ending = Ending.SENTENCE,
    without: frozenset[str] = frozenset(),
) -> list[tuple[str, str]]:
    segment = Segment(1, 0, 0, text, 0, len(text), ending, language)
    return [(r.voice.id, r.text) for r in Casting(VOICES, chosen).cast(segment, 1.0, without)]


def test_the_first_voice_of_the_language() -> None:
    assert cast("Hello.") == [("neural/heart", "Hello.")]
    assert cast("Guten Tag.", "de") == [("espeak/de", "Guten Tag.")]


def test_a_language_without_a_voice_is_read_by_the_users() -> None:
    assert cast("Sannu.", "ha") == [("neural/heart", "Sannu.")]


def test_words_in_another_script_go_to_a_voice_that_has_it() -> None:
    assert cast("The word Привет means hello.") == [
        ("neural/heart", "The word"), ("espeak/ru", "Привет"), ("neural/heart", "means hello."),
    ]  # fmt: skip


def test_a_voice_with_two_scripts_keeps_both() -> None:
    assert cast("Слово hello здесь.", "ru") == [("espeak/ru", "Слово hello здесь.")]


def test_a_script_nobody_has_is_named() -> None:
    assert cast("See សួស្តី here") == [
        ("neural/heart", "See"), ("neural/heart", "(Khmer text)"), ("neural/heart", "here"),
    ]  # fmt: skip


def test_the_chosen_voice_reads_what_it_has_letters_for() -> None:
    assert cast("Guten Tag.", "de", "neural/heart") == [("neural/heart", "Guten Tag.")]
    assert cast("Слово.", "ru", "neural/heart") == [("espeak/ru", "Слово.")]


def test_an_engine_may_be_chosen_alone() -> None:
    assert cast("Hello.", "en", "espeak/") == [("espeak/en-us", "Hello.")]


def test_a_failed_engine_is_passed_over_even_when_chosen() -> None:
    failed = frozenset({"neural"})
    assert cast("Hello.", without=failed) == [("espeak/en-us", "Hello.")]
    assert cast("Hello.", chosen="neural/heart", without=failed) == [("espeak/en-us", "Hello.")]


def test_no_voice_at_all_is_an_error() -> None:
    with pytest.raises(VoiceMissingError):
        cast("Hello.", without=frozenset({"neural", "espeak"}))


def test_a_piece_of_a_phrase_does_not_sound_like_its_end() -> None:
    assert cast("The committee met", ending=Ending.CUT) == [("neural/heart", "The committee met,")]


def test_a_missing_choice_is_known() -> None:
    assert Casting(VOICES, "espeak/xx").is_chosen_missing
    assert not Casting(VOICES, "espeak/de").is_chosen_missing
    assert not Casting(VOICES, "espeak/").is_chosen_missing
