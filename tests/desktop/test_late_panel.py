"""A panel that comes after Harken, goes and comes back: the icon is in it each time, however late it is."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.desktop.dbusmenu import Item
from tests.desktop.desk import Desk, wait_for

PANELS = {"tint2": ["tint2"], "xfce4-panel": ["xfce4-panel", "--disable-wm-check"]}


@pytest.fixture
def bare() -> Iterator[Desk]:
    """A desktop without a panel, with Harken on it."""
    with Desk(sound=False) as made:
        made.start_harken(HARKEN_AUDIO="none")
        yield made


def small_window(desk: Desk) -> int:
    """The window that takes the place of an icon."""
    window: int = wait_for(lambda: max(desk.find_windows("harken"), default=0), "the small window")
    return window


def start(desk: Desk, panel: str) -> subprocess.Popen[bytes]:
    return desk.start_program(PANELS[panel], panel)


def answers(desk: Desk) -> bool:
    """Whether the icon answers: over D-Bus where the panel draws it, else where it is seen."""
    item = Item(desk)
    try:
        return bool(item.menu())
    finally:
        item.close()


def check_icon(desk: Desk, panel: str) -> None:
    if panel == "tint2":
        desk.click_tray(1)
        desk.wait_for_record("notice")  # nothing is selected
        desk.begin()
    else:
        assert answers(desk)


@pytest.mark.parametrize("panel", PANELS)
def test_it_gets_the_icon_and_the_small_window_goes(bare: Desk, panel: str) -> None:
    window = small_window(bare)
    first = start(bare, panel)
    wait_for(lambda: window not in bare.find_windows("harken"), "the window's end")
    check_icon(bare, panel)
    bare.end(first)
    start(bare, panel)
    check_icon(bare, panel)
    assert bare.harken_call("status") == 0


def test_one_that_does_not_come_back_leaves_the_small_window(bare: Desk) -> None:
    window = small_window(bare)
    panel = start(bare, "tint2")
    wait_for(lambda: window not in bare.find_windows("harken"), "the window's end")
    bare.end(panel)
    assert small_window(bare) == window
