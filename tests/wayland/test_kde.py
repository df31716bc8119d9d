"""KDE's own ways with keys: those of others, which its portal hides, and those the user changes in System Settings."""

from __future__ import annotations

import pytest

from reader.hotkeys.chord import Chord
from reader.hotkeys.kde import qt_key
from tests.desktop.desk import wait_for
from tests.wayland.binding import COMMANDS, keys, wait_for_keys
from tests.wayland.desk import WaylandDesk
from tests.wayland.test_keys import desk_of, speed

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("wayland_root")]


def work(desk: WaylandDesk, *arguments: str) -> None:
    done = desk.run("python3", "-m", "tests.wayland.kglobalaccel", *arguments)
    assert done.returncode == 0, done.stderr


def number(chord: str) -> str:
    return str(qt_key(Chord.parse(chord)))


def test_a_key_of_another_program_is_not_named_and_the_user_can_give_another() -> None:
    with desk_of("kwin") as desk:
        work(desk, "take", number("Super+Alt+F"))
        desk.start_harken()
        wait_for(lambda: keys(desk).keys() == COMMANDS - {"faster"}, "the other keys", 60.0)
        why = "Rival already uses Meta+Alt+F for “Do things”."
        assert why in desk.harken_run("doctor").stdout
        wait_for(lambda: any(why in notice for notice in desk.notices()), "what the user is told")
        work(desk, "set", "faster", number("Ctrl+Alt+J"))
        assert wait_for_keys(desk)["faster"] == "Ctrl+Alt+J"
        wait_for(lambda: "Ctrl+Alt+J works now." in desk.notices(), "what the user is told")  # behind the keys
        before = speed(desk)
        desk.press("ctrl+alt+j")
        wait_for(lambda: speed(desk) != before, "another speed", 20.0)
        report = desk.harken_run("doctor").stdout
        assert "faster: Ctrl+Alt+J" in report
        assert "Change them in System Settings, Keyboard, Shortcuts." in report


def test_what_was_changed_there_holds_when_the_portal_and_harken_start_again() -> None:
    with desk_of("kwin") as desk:
        desk.start_harken()
        wait_for_keys(desk)
        work(desk, "set", "faster", number("Ctrl+Alt+J"))
        wait_for(lambda: keys(desk).get("faster") == "Ctrl+Alt+J", "the change")
        wait_for(lambda: "The key for “Faster” is now Ctrl+Alt+J." in desk.notices(), "what the user is told")
        desk.begin()
        desk.run("pkill", "-f", "/xdg-desktop-portal")
        wait_for(lambda: [r for r in desk.records() if r["event"] == "keys"], "the loss", 60.0)
        assert wait_for_keys(desk)["faster"] == "Ctrl+Alt+J"
        assert desk.harken_run("quit").returncode == 0
        desk.record_file.unlink()
        desk._begun = 0
        desk.start_harken()
        assert wait_for_keys(desk)["faster"] == "Ctrl+Alt+J"
        before = speed(desk)
        desk.press("ctrl+alt+j")
        wait_for(lambda: speed(desk) != before, "another speed", 20.0)
