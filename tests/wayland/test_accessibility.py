"""An editor of Qt reports nothing before accessibility is on: the reason is told, and then it is heard.

Following what gets the focus works as on X11; where the pointer is Wayland does not tell, which Harken says.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktop.desk import wait_for
from tests.wayland.desk import EDITORS, WaylandDesk

pytestmark = pytest.mark.desktop

SWITCH, FOCUS, POINTER = "reading.enable_accessibility", "reading.follow_focus", "reading.follow_pointer"
TEXT = "A text in an editor that reports nothing by itself."


@pytest.fixture
def silent(desk: WaylandDesk) -> Iterator[WaylandDesk]:
    """Accessibility is off before and behind it."""
    assert desk.harken_run("settings", "set", SWITCH, "off").returncode == 0
    yield desk
    for key in (SWITCH, FOCUS, POINTER):
        assert desk.harken_run("settings", "set", key, "off").returncode == 0


def turn_on(desk: WaylandDesk, key: str) -> str:
    done = desk.harken_run("settings", "set", key, "on")
    assert done.returncode == 0
    return done.stderr


def told(desk: WaylandDesk) -> str:
    """What is said or told first when the focused text is asked for."""
    desk.harken_run("stop")
    desk.begin()
    desk.harken_run("read", "focus")
    wait_for(lambda: desk.spoken() or desk.notices(), "anything")
    return (desk.notices() or desk.spoken())[0]


def open_editor(desk: WaylandDesk, name: str) -> None:
    desk.open([*EDITORS["kwrite"], str(desk.write(name, TEXT))], "kwrite")


def test_the_reason_is_told_and_an_editor_of_qt_is_heard_once_accessibility_is_on(silent: WaylandDesk) -> None:
    why = (
        "The program in front does not report"
        if silent.desktop == "gnome"
        else "This program reports its text only when"
    )
    open_editor(silent, "silent.txt")
    wait_for(lambda: told(silent).startswith(why), "the reason", 60.0)

    assert "Accessibility is on." in turn_on(silent, SWITCH)
    silent.close_windows()
    open_editor(silent, "heard.txt")
    wait_for(lambda: told(silent).startswith("A text in an editor"), "its text", 60.0)
    wait_for(lambda: bool(silent.recorder.sound().any()), "a sound")

    turn_on(silent, FOCUS)
    silent.harken_run("stop")
    silent.begin()
    silent.press("ctrl+f")  # the bar with which one searches, and its field
    wait_for(silent.spoken, "what has the focus now")

    assert "on Wayland, programs can't see where the pointer is." in turn_on(silent, POINTER)
