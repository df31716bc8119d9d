"""What crosses from the core to the windows, and when: not while the user waits for a first word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from reader.flow import Event, Notice, State, StateChanged
from tests.fakes.bridge import FakeBridge
from ui import bridge as crossing

PREPARING, SPEAKING = StateChanged(1, State.PREPARING), StateChanged(1, State.SPEAKING)
NEWS = Notice(1, "Something is to be shown.")
Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def shown(qt: QApplication, bridge: FakeBridge) -> list[Event]:
    found: list[Event] = []
    bridge.happened.connect(found.append)
    return found


def test_what_comes_before_the_first_word_is_shown_with_it(
    bridge: FakeBridge, shown: list[Event], until: Until
) -> None:
    async def press() -> None:
        bridge._forward(PREPARING)
        bridge._forward(NEWS)
        QApplication.processEvents()
        assert shown == []
        bridge._forward(SPEAKING)
        bridge._forward(NEWS)

    asyncio.run(press())
    until(lambda: len(shown) == 3)
    assert shown == [NEWS, SPEAKING, NEWS]


def test_what_takes_long_is_shown_in_order(
    bridge: FakeBridge, shown: list[Event], until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crossing, "_PREPARING_S", 0.0)

    async def press() -> None:
        bridge._forward(PREPARING)
        bridge._forward(NEWS)
        while bridge._holding:  # noqa: ASYNC110 - a timer's turn
            await asyncio.sleep(0)
        bridge._forward(SPEAKING)

    asyncio.run(press())
    until(lambda: len(shown) == 3)
    assert shown == [PREPARING, NEWS, SPEAKING]


def test_the_next_press_takes_the_place_of_the_one_before(bridge: FakeBridge, shown: list[Event], until: Until) -> None:
    async def press() -> None:
        bridge._forward(PREPARING)
        bridge._forward(StateChanged(1, State.IDLE))
        bridge._forward(PREPARING)
        bridge._forward(SPEAKING)

    asyncio.run(press())
    until(lambda: len(shown) == 2)
    assert shown == [StateChanged(1, State.IDLE), SPEAKING]
