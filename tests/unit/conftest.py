"""Windows without a screen."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reader.audio import mixer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tests.fakes.bridge import FakeBridge


@pytest.fixture(scope="session")
def qt() -> QApplication:
    """Qt, drawing into memory."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    return app if isinstance(app, QApplication) else QApplication(["harken"])


@pytest.fixture
def bridge(qt: QApplication, tmp_path: Path) -> Iterator[FakeBridge]:
    """A core that only keeps settings."""
    from tests.fakes.bridge import FakeBridge

    made = FakeBridge(tmp_path / "settings.toml")
    yield made
    made.deleteLater()


@pytest.fixture(scope="session")
def translations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The translations as they are now, as Qt loads them."""
    import PySide6

    folder = tmp_path_factory.mktemp("translations")
    lrelease = Path(PySide6.__file__).with_name("lrelease")
    for source in (Path(__file__).parents[2] / "resources" / "translations").glob("*.ts"):
        subprocess.run([lrelease, "-silent", source, "-qm", folder / f"{source.stem}.qm"], check=True)
    return folder


@pytest.fixture
def speak(qt: QApplication, translations: Path) -> Iterator[Callable[[str], None]]:
    """Have windows that are made from here on in a language; English again afterwards."""
    from PySide6.QtCore import QLocale, Qt, QTranslator

    from reader.support import i18n
    from ui import language

    locale = QLocale()

    def forget() -> None:
        for translator in qt.findChildren(QTranslator):
            qt.removeTranslator(translator)
            translator.deleteLater()
        qt.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        QLocale.setDefault(locale)
        i18n.install(i18n._english, "en")

    def use(wanted: str) -> None:
        forget()
        language.use(qt, wanted, translations)

    yield use
    forget()


@pytest.fixture
def until(qt: QApplication) -> Callable[[Callable[[], bool]], None]:
    """Let Qt work until something is so."""

    from PySide6.QtTest import QTest

    def wait(condition: Callable[[], bool]) -> None:
        end_s = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < end_s
            QTest.qWait(10)

    return wait


@pytest.fixture
def abruptly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames are compared exactly: nothing is faded in."""
    monkeypatch.setattr(mixer, "_FADE_IN_S", 1e-6)
