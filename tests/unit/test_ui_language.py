"""Which language is chosen, and what follows from it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from reader import words
from ui import language

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The translations as they are now, as Qt loads them."""
    folder = tmp_path_factory.mktemp("translations")
    lrelease = Path(PySide6.__file__).with_name("lrelease")
    for source in (ROOT / "resources" / "translations").glob("*.ts"):
        subprocess.run([lrelease, "-silent", source, "-qm", folder / f"{source.stem}.qm"], check=True)
    return folder


@pytest.fixture
def app() -> Iterator[QApplication]:
    """Qt, which is English again afterwards."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication.instance() or QApplication(["harken"])
    assert isinstance(app, QApplication)
    locale = QLocale()
    yield app
    for translator in app.findChildren(QTranslator):
        app.removeTranslator(translator)
        translator.deleteLater()
    app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    QLocale.setDefault(locale)
    words.install(words._english, "en")


@pytest.mark.parametrize(
    ("wanted", "direction", "cancel", "number"),
    [
        ("en", Qt.LayoutDirection.LeftToRight, "Cancel", "1,234.5"),
        ("de", Qt.LayoutDirection.LeftToRight, "Abbrechen", "1.234,5"),
        ("ar", Qt.LayoutDirection.RightToLeft, "ألغِ", "١٬٢٣٤٫٥"),
    ],
)
def test_everything_follows_the_language(
    app: QApplication, compiled: Path, wanted: str, direction: Qt.LayoutDirection, cancel: str, number: str
) -> None:
    language.use(app, wanted, compiled)
    assert words.language() == wanted
    assert app.layoutDirection() == direction
    assert (QCoreApplication.translate("QPlatformTheme", "Cancel") or "Cancel") == cancel
    assert QLocale().toString(1234.5) == number


def test_a_language_without_a_translation_is_english(app: QApplication, compiled: Path) -> None:
    language.use(app, "fr", compiled)
    assert words.translate("ui", "%n voice(s) listed.", None, 1) == "1 voice listed."
    assert words.language() == "en"
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
