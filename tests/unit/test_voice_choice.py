from dataclasses import replace

import pytest

from reader.errors import VoiceMissingError
from reader.flow import Ending, Segment, Voice
from reader.session.voice_choice import VoiceChoice

VOICES = [
    Voice("neural/heart", "Heart", "en"),
    Voice("espeak/en-us", "English", "en"),
    Voice("espeak/de", "German", "de"),
    Voice("espeak/ru", "Russian", "ru"),
    Voice("espeak/ja", "Japanese", "ja"),
]


def requests_for(
    text: str,
    language: str = "en",
    chosen: str = "",
    ending: Ending = Ending.SENTENCE,
    without: frozenset[str] = frozenset(),
) -> list[tuple[str, str]]:
    segment = Segment(1, 0, 0, text, 0, len(text), ending, language)
    return [(r.voice.id, r.text) for r in VoiceChoice(VOICES, chosen).requests_for(segment, 1.0, without)]


def test_the_first_voice_of_the_language() -> None:
    assert requests_for("Hello.") == [("neural/heart", "Hello.")]
    assert requests_for("Guten Tag.", "de") == [("espeak/de", "Guten Tag.")]


def test_a_language_without_a_voice_is_read_by_the_users() -> None:
    assert requests_for("Sannu.", "ha") == [("neural/heart", "Sannu.")]


def test_words_in_another_script_go_to_a_voice_that_has_it() -> None:
    assert requests_for("The word Привет means hello.") == [
        ("neural/heart", "The word"), ("espeak/ru", "Привет"), ("neural/heart", "means hello."),
    ]  # fmt: skip


def test_a_voice_with_two_scripts_keeps_both() -> None:
    assert requests_for("Слово hello здесь.", "ru") == [("espeak/ru", "Слово hello здесь.")]


def test_a_script_no_voice_has_is_named() -> None:
    assert requests_for("See សួស្តី here") == [
        ("neural/heart", "See"), ("neural/heart", "(Khmer text)"), ("neural/heart", "here"),
    ]  # fmt: skip


def test_the_chosen_voice_reads_what_it_has_letters_for() -> None:
    assert requests_for("Guten Tag.", "de", "neural/heart") == [("neural/heart", "Guten Tag.")]
    assert requests_for("Слово.", "ru", "neural/heart") == [("espeak/ru", "Слово.")]


def test_an_engine_may_be_chosen_alone() -> None:
    assert requests_for("Hello.", "en", "espeak/") == [("espeak/en-us", "Hello.")]


def test_a_failed_engine_is_passed_over_even_when_chosen() -> None:
    failed = frozenset({"neural"})
    assert requests_for("Hello.", without=failed) == [("espeak/en-us", "Hello.")]
    assert requests_for("Hello.", chosen="neural/heart", without=failed) == [("espeak/en-us", "Hello.")]


def test_no_voice_at_all_is_an_error() -> None:
    with pytest.raises(VoiceMissingError):
        requests_for("Hello.", without=frozenset({"neural", "espeak"}))


def test_the_voice_is_told_what_stands_behind_a_piece() -> None:
    segment = Segment(1, 0, 0, "Say Привет now", 0, 14, Ending.CUT, "en")
    requests = VoiceChoice(VOICES).requests_for(segment, 1.0)
    assert [(r.text, r.ending) for r in requests] == [("Say", Ending.CUT), ("Привет", Ending.CUT), ("now", Ending.CUT)]
    requests = VoiceChoice(VOICES).requests_for(replace(segment, ending=Ending.PARAGRAPH), 1.0)
    assert [r.ending for r in requests] == [Ending.CUT, Ending.CUT, Ending.PARAGRAPH]


def test_the_stand_in_comes_before_the_others() -> None:
    segment = Segment(1, 0, 0, "Hello.", 0, 6, Ending.SENTENCE, "en")
    without = frozenset({"neural"})
    voice_choice = VoiceChoice([*VOICES, Voice("other/en", "Other", "en")], "neural/heart", "en", "other/en")
    assert voice_choice.requests_for(segment, 1.0, without)[0].voice.id == "other/en"
    assert voice_choice.requests_for(segment, 1.0)[0].voice.id == "neural/heart"


def test_a_missing_choice_is_known() -> None:
    assert VoiceChoice(VOICES, "espeak/xx").is_chosen_missing
    assert not VoiceChoice(VOICES, "espeak/de").is_chosen_missing
    assert not VoiceChoice(VOICES, "espeak/").is_chosen_missing


# ---- documents ----

MARKUP = "<speak>Hello there. <emphasis>Good</emphasis> bye.</speak>"
DOCUMENT = Segment(1, 0, 0, "Hello there. Good bye.", 0, len(MARKUP), Ending.PARAGRAPH, "en", MARKUP)
TAKES_SSML = Voice("polly/Matthew", "Matthew", "en", takes_ssml=True)


def test_a_document_goes_whole_to_a_voice_that_takes_it() -> None:
    (request,) = VoiceChoice([*VOICES, TAKES_SSML], "polly/Matthew").requests_for(DOCUMENT, 1.0)
    assert (request.text, request.is_ssml, request.voice) == (MARKUP, True, TAKES_SSML)
    assert (request.segment, request.ending) == (0, Ending.PARAGRAPH)


def test_other_voices_say_its_sentences() -> None:
    voice_choice = VoiceChoice([*VOICES, TAKES_SSML], "polly/Matthew")
    requests = voice_choice.requests_for(DOCUMENT, 1.5, frozenset({"polly"}))
    assert [(r.text, r.ending) for r in requests] == [
        ("Hello there.", Ending.SENTENCE),
        ("Good bye.", Ending.PARAGRAPH),
    ]
    assert {(r.voice.id, r.segment, r.speed, r.is_ssml) for r in requests} == {("neural/heart", 0, 1.5, False)}
