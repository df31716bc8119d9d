"""The part of the page Keys for GNOME's extension: when it is there, what it says and what its buttons do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from reader.core.app import App
from reader.errors import DesktopError, HarkenError
from reader.gnome_shell import install
from reader.gnome_shell.state import ShellState, Status
from tests.fakes.bridge import FakeBridge
from ui.settings.gnome_extension import GnomeExtension
from ui.settings.keys_page import KeysPage

Answer = ShellState | HarkenError


class Asked:
    """What the section has asked the core, to be answered by the test."""

    def __init__(self, bridge: FakeBridge, monkeypatch: pytest.MonkeyPatch) -> None:
        self.work: list[Callable[[App], Awaitable[ShellState]]] = []
        self.then: list[Callable[[Answer], None]] = []
        monkeypatch.setattr(bridge, "ask", self._ask)

    def _ask(self, work: Callable[[App], Awaitable[ShellState]], then: Callable[[Answer], None]) -> None:
        self.work.append(work)
        self.then.append(then)

    def answer(self, answer: Answer) -> None:
        self.then.pop(0)(answer)


@pytest.fixture
def asked(bridge: FakeBridge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Asked:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return Asked(bridge, monkeypatch)


@pytest.fixture
def section(bridge: FakeBridge, asked: Asked) -> Iterator[GnomeExtension]:
    inside = QWidget()
    yield GnomeExtension(bridge, inside)
    inside.deleteLater()


@pytest.mark.parametrize(
    ("desktop", "is_wayland", "is_there"), [("GNOME", True, True), ("GNOME", False, False), ("KDE", True, False)]
)
def test_it_is_there_where_the_extension_is_of_use(
    bridge: FakeBridge, asked: Asked, monkeypatch: pytest.MonkeyPatch, desktop: str, is_wayland: bool, is_there: bool
) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland" if is_wayland else "x11")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    page = KeysPage(bridge)
    assert (len(page.findChildren(GnomeExtension)) == 1) is is_there
    page.deleteLater()


@pytest.mark.parametrize(
    ("status", "says", "may_install"),
    [
        (Status.NOT_INSTALLED, "is not installed", True),
        (Status.OFF, "turned off", True),
        (Status.NEEDS_LOGIN, "Log out and in again", False),
        (Status.RUNS, "is running", False),
        (Status.WRONG_VERSION, "(44.9)", False),
        (Status.ALL_OFF, "Extensions app", False),
    ],
)
def test_it_says_how_it_stands_and_offers_what_can_be_done(
    section: GnomeExtension, asked: Asked, status: Status, says: str, may_install: bool
) -> None:
    asked.answer(ShellState("44.9", status))
    assert says in section._state.text()
    assert section._install.isEnabled() is may_install
    assert not section._remove.isEnabled()  # there is no copy


def test_what_is_installed_can_be_removed(section: GnomeExtension, asked: Asked) -> None:
    install._copy()
    asked.answer(ShellState("48.7", Status.RUNS, True, str(install.shipped_version())))
    assert section._remove.isEnabled()
    assert "is running" in section._state.text()


def test_an_older_one_that_still_runs_asks_for_a_new_login(section: GnomeExtension, asked: Asked) -> None:
    install._copy()
    asked.answer(ShellState("48.7", Status.RUNS, True, "0"))
    assert "was updated. Log out and in again" in section._state.text()


def test_a_button_waits_for_its_answer_and_a_failure_may_be_tried_again(section: GnomeExtension, asked: Asked) -> None:
    asked.answer(ShellState("48.7", Status.NOT_INSTALLED))
    section._install.click()
    assert not section._install.isEnabled()
    asked.answer(DesktopError("The disk is full."))
    assert section._state.text() == "The disk is full."
    assert section._install.isEnabled()
    section._install.click()
    asked.answer(ShellState("48.7", Status.NEEDS_LOGIN))
    assert not section._install.isEnabled()
