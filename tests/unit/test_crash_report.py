"""The menu's entry for a crash: there with a report, gone without; it opens the report, or says where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from reader.flow import Notice
from reader.settings.paths import crash_folder
from tests.fakes.bridge import FakeBridge
from ui.crash_report import CrashReport


class Editor:
    """What opens files; `is_there`: it can."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened: list[Path] = []
        self.is_there = True
        monkeypatch.setattr(QDesktopServices, "openUrl", self._open)

    def _open(self, url: QUrl) -> bool:
        self.opened.append(Path(url.toLocalFile()))
        return self.is_there


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> Editor:
    return Editor(monkeypatch)


@pytest.fixture
def notices(bridge: FakeBridge) -> list[Notice]:
    found: list[Notice] = []
    bridge.happened.connect(found.append)
    return found


@pytest.fixture
def report() -> Path:
    crash_folder().mkdir(parents=True)
    path = crash_folder() / "20260102-030405-1-exception.txt"
    path.write_text("builtins.ValueError")
    return path


def test_without_a_crash_there_is_no_entry(bridge: FakeBridge, notices: list[Notice]) -> None:
    entry = CrashReport(bridge, bridge)
    entry.tell()
    assert not entry.isVisible()
    assert notices == []


def test_a_crash_is_told_once_and_its_newest_report_opened(
    bridge: FakeBridge, notices: list[Notice], report: Path, editor: Editor
) -> None:
    newest = report.with_name("20260203-040506-1-fault.txt")
    newest.write_text("Fatal Python error: Segmentation fault")
    for _ in range(2):
        entry = CrashReport(bridge, bridge)
        entry.tell()
        assert entry.isVisible()
    assert [newest.name in notice.sentence for notice in notices] == [True]
    entry.trigger()
    assert editor.opened == [newest]
    assert len(notices) == 1


def test_where_nothing_opens_it_its_place_is_told(
    bridge: FakeBridge, notices: list[Notice], report: Path, editor: Editor
) -> None:
    editor.is_there = False
    CrashReport(bridge, bridge).trigger()
    assert [report.name in notice.sentence for notice in notices] == [True]


def test_a_report_that_was_removed_meanwhile_takes_the_entry_along(
    bridge: FakeBridge, report: Path, editor: Editor
) -> None:
    entry = CrashReport(bridge, bridge)
    report.unlink()
    entry.trigger()
    assert not entry.isVisible()
    assert editor.opened == []
