"""What the icon in the tray tells, and what it leaves to a screen reader."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from reader.flow import Notice, ScreenReader, ScreenReaderChanged
from tests.fakes.bridge import FakeBridge
from ui.shell import Shell
from ui.tray import Tray


class FakeTray(Tray):
    """An icon that is in a panel."""

    messages: list[str]
    is_seen = True

    def show_message(self, sentence: str) -> None:
        self.messages.append(sentence)


@pytest.fixture
def shell(qt: QApplication, bridge: FakeBridge, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    monkeypatch.setattr("ui.shell.Tray", FakeTray)
    monkeypatch.setattr(FakeTray, "messages", [], raising=False)
    palette = QPalette(qt.palette())
    made = Shell(qt, bridge)
    yield made
    made.deleteLater()
    qt.setPalette(palette)


@pytest.mark.parametrize("has_screen_reader", [False, True])
def test_a_notice_is_told_once(
    shell: Shell, bridge: FakeBridge, has_screen_reader: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[str] = []
    monkeypatch.setattr("ui.announce.announce", lambda source, sentence: announced.append(sentence))
    bridge.happened.emit(ScreenReaderChanged(0, ScreenReader(has_screen_reader, has_screen_reader)))
    bridge.happened.emit(Notice(0, "The clipboard is empty."))
    assert [announced, FakeTray.messages] == (
        [["The clipboard is empty."], []] if has_screen_reader else [[], ["The clipboard is empty."]]
    )


def test_what_harken_says_itself_is_not_shown(shell: Shell, bridge: FakeBridge) -> None:
    bridge.happened.emit(Notice(0, "Nothing is selected.", is_spoken=True))
    assert FakeTray.messages == []
