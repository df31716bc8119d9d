"""One language has one code, whoever names it: voices, settings and texts find each other by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.core import from_settings
from reader.flow import ScreenReader
from reader.settings.store import Settings
from reader.support.languages import code_of
from reader.text.language import detect
from reader.voices.local import espeak
from reader.voices.offered import own

NORWEGIAN = "Hei, hvordan har du det i dag? Vi skal gå på tur i fjellet."


CODES = {"nb-NO": "nb", "no_NO": "nb", "nn": "nb", "cmn-CN": "zh", "arb": "ar", "en_US": "en", "yue": "yue", "": ""}


@pytest.mark.parametrize(("tag", "code"), CODES.items())
def test_a_tag_has_the_code_of_its_language(tag: str, code: str) -> None:
    assert code_of(tag) == code


def test_every_voice_has_the_code_that_texts_have() -> None:
    languages = {voice.language for voice in own.own_index().voices} | {voice.language for voice in espeak.voices()}
    assert languages == {code_of(language) for language in languages}


@pytest.mark.parametrize("expected", ["en", "nb", "no", "nn"])
def test_norwegian_is_read_by_norwegian_voices(expected: str, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.toml")
    settings.set("voice.expected_language", expected)
    found = detect(NORWEGIAN, from_settings.preferences(settings, ScreenReader()).expected_language)
    assert found in {voice.language for voice in own.own_index().voices}
    assert found in {voice.language for voice in espeak.voices()}
