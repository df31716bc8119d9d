"""What languages and voices are called in the windows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reader.flow import Voice
from ui.languages import both_names, language_name, voice_name, voice_name_in_its_language


@pytest.mark.parametrize(
    ("wanted", "german", "both", "told"),
    [
        ("en", "German", "Deutsch (German)", ["English, America (eSpeak)", "Gaelic, Irish (eSpeak)", "Heart"]),
        ("de", "Deutsch", "Deutsch", ["Englisch, Amerika (eSpeak)", "Gaelic, Irish (eSpeak)", "Heart"]),
        ("ar", "الألمانية", "Deutsch (الألمانية)", ["الإنجليزية، أمريكا (eSpeak)", "Gaelic، Irish (eSpeak)", "Heart"]),
    ],
)
def test_names_are_in_the_windows_language(
    speak: Callable[[str], None], wanted: str, german: str, both: str, told: list[str]
) -> None:
    speak(wanted)
    assert language_name("de") == german
    assert both_names("de") == both
    voices = [
        Voice("espeak/en-us", "English (America) (eSpeak)", "en", language_name="English", variety="America"),
        Voice("espeak/ga", "Gaelic (Irish) (eSpeak)", "ga", language_name="Gaelic", variety="Irish"),
        Voice("neural/heart", "Heart", "en"),
    ]
    assert [voice_name(voice) for voice in voices] == told


def test_a_voice_in_a_list_by_language_does_not_name_it_again() -> None:
    voices = [
        Voice("espeak/de", "German (eSpeak)", "de", language_name="German"),
        Voice("espeak/pt-br", "Portuguese (Brazil) (eSpeak)", "pt", language_name="Portuguese", variety="Brazil"),
        Voice("neural/heart", "Heart", "en"),
    ]
    assert [voice_name_in_its_language(voice) for voice in voices] == ["eSpeak", "Brazil (eSpeak)", "Heart"]


def test_what_qt_has_no_name_for_is_told_by_its_code(speak: Callable[[str], None]) -> None:
    speak("ar")
    assert both_names("qdb") == "qdb"
    assert both_names("ga") == "Gaeilge (Irish)"
