"""Windows without a screen."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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
