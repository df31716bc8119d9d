"""The voices of this computer that are known before their processes are started."""

from __future__ import annotations

from reader.voices.local import espeak
from reader.voices.local.espeak_worker import Library


def test_those_of_espeak_are_the_ones_that_the_library_lists() -> None:
    library = {(voice["code"], voice["name"].strip()) for voice in Library(lambda _: False).voices()}
    known = set(espeak.listed())
    assert known <= library
    assert {code for code, _ in library - known} == {"fo", "kaa", "xex"}  # which say nothing


def test_the_first_voice_of_a_language_is_the_one_to_take() -> None:
    first: dict[str, str] = {}
    for voice in espeak.voices():
        first.setdefault(voice.language, voice.id)
    wanted = {"en": "espeak/en-us", "fr": "espeak/fr-fr", "de": "espeak/de", "zh": "espeak/cmn"}
    assert {language: first[language] for language in wanted} == wanted
