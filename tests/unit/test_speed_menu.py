"""The speed menu: its steps, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from tests.fakes.bridge import FakeBridge
from ui.menu.speed import SpeedMenu


@pytest.fixture
def menu(qt: QApplication, bridge: FakeBridge) -> Iterator[SpeedMenu]:
    parent = QWidget()
    yield SpeedMenu(bridge, parent)
    parent.deleteLater()


def labels(menu: SpeedMenu) -> list[str]:
    return [action.text() for action in menu.actions()]


def test_its_figures_are_what_the_speeds_are_called(menu: SpeedMenu) -> None:
    assert menu.title() == "Spee&d: 200 words a minute"
    assert labels(menu)[0] == "0.5× (about 100 words a minute)"
    assert labels(menu)[-1] == "5× (about 1000 words a minute)"


def test_a_speed_between_two_steps_has_an_entry_of_its_own(menu: SpeedMenu) -> None:
    menu.show_speed(1.33)
    assert menu.title() == "Spee&d: 266 words a minute"
    assert labels(menu)[4] == "1.33× (about 266 words a minute)"
    assert [action.data() for action in menu.actions() if action.isChecked()] == [1.33]
    menu.show_speed(2.0)
    assert menu.title() == "Spee&d: 400 words a minute"
    assert len(labels(menu)) == 11
