"""Harken's windows are made when they are first wanted, and no screen reader is told of each of their parts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from tests.fakes.bridge import FakeBridge
from ui.window_registry import Windows

WINDOWS = {
    "open_settings": "ui.settings.window.SettingsWindow",
    "open_privacy": "ui.privacy.PrivacyWindow",
    "open_first_steps": "ui.first_run.FirstSteps",
    "open_get_voices": "ui.get_voices.window.GetVoicesWindow",
    "open_help": "ui.help.HelpWindow",
}


class Window(QWidget):
    """Notes whether screen readers are told when it is made, and when it is opened."""

    settings_wanted = Signal()
    help_wanted = Signal(object)
    voices_wanted = Signal()

    def __init__(self, *_: object) -> None:
        super().__init__()
        self.was_told = [QAccessible.isActive()]
        made.append(self)

    def open(self, *_: object) -> None:
        self.was_told.append(QAccessible.isActive())

    def open_page(self, *_: object) -> None:
        self.open()


made: list[Window] = []


@pytest.fixture
def screen_reader(qt: QApplication) -> Iterator[None]:
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.mark.usefixtures("screen_reader")
@pytest.mark.parametrize("name", WINDOWS)
def test_a_screen_reader_is_told_of_a_window_when_it_opens(
    bridge: FakeBridge, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(WINDOWS[name], Window)
    made.clear()
    windows = Windows(bridge, lambda: True)
    for _ in range(2):
        getattr(windows, name)()
    assert [window.was_told for window in made] == [[False, True, True]]
