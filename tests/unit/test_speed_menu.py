"""The speed menu tells the pace of the voice in use, as the core knows or measures it."""

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


def test_it_begins_with_the_usual_pace(menu: SpeedMenu) -> None:
    assert menu.title() == "Spee&d: 200 words a minute"
    assert labels(menu)[0] == "0.5× (about 100 words a minute)"
    assert labels(menu)[-1] == "5× (about 1000 words a minute)"


def test_it_follows_what_is_measured(menu: SpeedMenu) -> None:
    menu.show_speed(1.33)
    menu.show_pace(239)
    assert menu.title() == "Spee&d: 240 words a minute"
    told = labels(menu)
    assert told[2] == "1× (about 180 words a minute)"
    assert told[4] == "1.33× (about 240 words a minute)"
    assert [action.data() for action in menu.actions() if action.isChecked()] == [1.33]


def test_its_pace_holds_for_another_speed(menu: SpeedMenu) -> None:
    menu.show_pace(180)
    menu.show_speed(2.0)
    assert menu.title() == "Spee&d: 360 words a minute"
