"""The first steps, as far as they need no desktop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QRadioButton, QWidget

from reader.flow import Voice
from tests.fakes.bridge import FakeBridge
from ui.first_run import FirstSteps


@pytest.fixture
def steps(qt: QApplication, bridge: FakeBridge) -> Iterator[FirstSteps]:
    made = FirstSteps(bridge, lambda: True)
    yield made
    made.deleteLater()


def test_voices_that_are_found_later_come_before_what_stands_below_them(steps: FirstSteps) -> None:
    steps._show_voices([Voice("neural/heart", "Heart", "en"), Voice("espeak/en-us", "English (eSpeak)", "en")])
    chain: list[QWidget | None] = []
    widget: QWidget | None = steps.sample
    while widget and widget not in chain:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    chain = [*chain[chain.index(steps) :], *chain]  # from the window on
    places = [chain.index(button) for button in steps.findChildren(QRadioButton)]
    assert len(places) == 3
    assert max(places) < chain.index(steps.sample)
