"""Where Harken can't have a key, none is named: not by windows, messages, doctor or command line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from reader.hotkeys.chord import LINUX
from tests.desktop.accessible import Watcher
from tests.desktop.desk import Desk, wait_for
from tests.desktop.rival import start_rival
from tests.desktop.test_first_run import STEPS, wait_for_window


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk(sound=False, tray=True) as made:
        yield made


@pytest.fixture
def watcher(desk: Desk) -> Iterator[Watcher]:
    made = Watcher(desk)
    yield made
    made.close()


def keys_row(desk: Desk) -> dict[str, object]:
    rows: list[dict[str, object]] = json.loads(desk.harken_output("doctor", "--json"))
    return next(row for row in rows if row["part"] == "keys")


def texts_of(watcher: Watcher) -> str:
    return " ".join(name for _, name in watcher.named(wait_for_window(watcher, STEPS)))


def test_in_a_wayland_session(desk: Desk, watcher: Watcher) -> None:
    """The X server is there, as XWayland is, and would make every grab."""
    desk.start_harken(is_new=True, WAYLAND_DISPLAY="wayland-0", QT_QPA_PLATFORM="xcb", HARKEN_AUDIO="none")
    row = keys_row(desk)
    assert row["chosen"] == "no hotkeys"
    assert "Wayland session" in str(row["refused"])
    assert desk.wait_for_record("keys")["names"] == {}
    shown = texts_of(watcher)
    assert "Assign a key to the command “harken-key read” in the desktop's own settings." in shown
    assert desk.harken_call("show") == 0
    wait_for(lambda: "choose “Read selection”" in " ".join(desk.notices()), "what to do")
    said = [shown, *desk.notices(), str(row)]
    assert not [text for text in said for key in LINUX.values() if key in text]
    desk.stop_reading()  # it is also said
    desk.begin()
    desk.keyboard.press("super+alt+r")
    assert desk.harken_call("status") == 0
    assert desk.records() == []


def test_while_another_program_has_it(desk: Desk, watcher: Watcher) -> None:
    rival = start_rival(desk, "r")
    desk.start_harken(is_new=True, HARKEN_AUDIO="none")
    desk.wait_for_record("keys", refused=["read-selection"])
    assert "xbindkeys" in str(keys_row(desk)["notes"])
    shown = texts_of(watcher)
    assert "Super+Alt+R is taken by xbindkeys." in shown
    assert "Press Super+Alt+R" not in shown
    desk.end(rival)
    bound = desk.wait_for_record("keys", refused=[])
    assert bound["names"]["read-selection"] == "Super+Alt+R"
    wait_for(lambda: "Press Super+Alt+R to hear it." in texts_of(watcher), "the key in the first steps")
