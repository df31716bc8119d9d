"""Which language is chosen, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import QApplication

from reader.support import i18n
from ui import language


@pytest.mark.parametrize(
    ("wanted", "direction", "cancel", "number"),
    [
        ("en", Qt.LayoutDirection.LeftToRight, "Cancel", "1,234.5"),
        ("de", Qt.LayoutDirection.LeftToRight, "Abbrechen", "1.234,5"),
        ("ar", Qt.LayoutDirection.RightToLeft, "ألغِ", "1,234.5"),
    ],
)
def test_everything_follows_the_language(
    qt: QApplication,
    speak: Callable[[str], None],
    wanted: str,
    direction: Qt.LayoutDirection,
    cancel: str,
    number: str,
) -> None:
    speak(wanted)
    assert i18n.language() == wanted
    assert qt.layoutDirection() == direction
    assert (QCoreApplication.translate("QPlatformTheme", "Cancel") or "Cancel") == cancel
    assert QLocale().toString(1234.5) == number


def test_a_language_without_a_translation_is_english(speak: Callable[[str], None]) -> None:
    speak("fr")
    assert i18n.translate("ui", "%n voice(s) listed.", None, 1) == "1 voice listed."
    assert i18n.language() == "en"
    assert QLocale().toString(1234.5) == "1,234.5"


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ('[system]\nlanguage = "de"\n', "de"),
        ("[voice]\nspeed = 2.0\n", ""),
        ("[system\nlanguage = ", ""),
        ("system = 3\n", ""),
        ("[system]\nlanguage = 3\n", ""),
    ],
)
def test_the_setting_is_found_in_any_file(tmp_path: Path, settings: str, wanted: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(settings, encoding="utf-8")
    assert language.wanted_language(file) == wanted


def test_without_a_file_it_is_the_systems(tmp_path: Path) -> None:
    assert language.wanted_language(tmp_path / "none.toml") == ""
