"""Windows without a screen, and a system that keeps its certificates where OpenSSL does not look."""

from __future__ import annotations

import os
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import trustme

from reader.audio import mixer
from reader.support import certificates

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


def openssl_below(folder: str) -> ssl.DefaultVerifyPaths:
    """As ssl.get_default_verify_paths says of an OpenSSL that was built to look below `folder`."""
    file, hashed = f"{folder}/cert.pem", f"{folder}/certs"
    found = file if Path(file).is_file() else None, hashed if Path(hashed).is_dir() else None
    return ssl.DefaultVerifyPaths(*found, "SSL_CERT_FILE", file, "SSL_CERT_DIR", hashed)  # type: ignore[arg-type]


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """One that this system trusts, in the third place where bundles are; OpenSSL looks where there is nothing."""
    made, bundle, damaged = trustme.CA(), tmp_path / "ca-bundle.pem", tmp_path / "damaged.pem"
    made.cert_pem.write_to_path(str(bundle))
    damaged.write_text("-----BEGIN CERTIFICATE-----\n")
    monkeypatch.setattr(certificates, "_BUNDLES", (str(tmp_path / "none.pem"), str(damaged), str(bundle)))
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: openssl_below(str(tmp_path / "ssl")))
    monkeypatch.setattr(certificates, "sys", SimpleNamespace(platform="linux"))
    return made
