"""Harken's extension in a real GNOME Shell: keys without a dialog, Esc, whose a selection is, and what it leaves."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.desktop.desk import wait_for
from tests.wayland.binding import COMMANDS, copy_extension, keys, leave_the_overview, press_button, wait_for_keys
from tests.wayland.desk import WaylandDesk, root
from tests.wayland.test_doctor import report
from tests.wayland.test_keys import Editor, expect_faster, expect_heard

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("wayland_root")]
_SHELL = ["gdbus", "call", "--session", "-d", "org.gnome.Shell", "-o", "/org/gnome/Shell", "-m"]
_UUID = "harken@harken.example"


@contextmanager
def gnome(*, has_extension: bool = True) -> Iterator[WaylandDesk]:
    """A session of GNOME that knows the extension, or does not; in both it is not switched on yet."""
    desk = WaylandDesk("gnome", root())
    if has_extension:
        copy_extension(desk)
    with desk:
        try:
            yield desk
        except BaseException:
            print(desk.report(), file=sys.stderr)
            raise


def row(desk: WaylandDesk, part: str) -> dict[str, object]:
    """What `harken doctor` says of a part."""
    rows = json.loads(desk.harken_run("doctor", "--json").stdout)
    found: dict[str, object] = next(row for row in rows if row["part"] == part)
    return found


def switch(desk: WaylandDesk, method: str) -> None:
    """What the Extensions app does: EnableExtension or DisableExtension."""
    assert desk.run(*_SHELL, f"org.gnome.Shell.Extensions.{method}", _UUID).stdout == "(true,)\n"


def editor(desk: WaylandDesk) -> Editor:
    leave_the_overview(desk)
    return Editor(desk, "gnome-text-editor", "--standalone")


def read(desk: WaylandDesk) -> str:
    """What is said or told first when the selection is asked for."""
    desk.harken_run("stop")  # while something is read, the command would end that
    desk.begin()
    assert desk.harken_run("read").returncode in (0, 1)
    wait_for(lambda: desk.spoken() or desk.notices(), "anything")
    return (desk.notices() or desk.spoken())[0]


def test_one_that_gnome_has_not_met_yet_waits_for_a_new_login_and_says_so() -> None:
    with gnome(has_extension=False) as desk:
        without_x = report(desk, "--unset=DISPLAY")
        assert without_x["keys"].chosen == "portal"
        assert without_x["text"].chosen == "no selection, no clipboard, at-spi focus"
        assert without_x["text"].refused["gnome shell"].endswith("“harken extension install” does that")
        assert without_x["text"].notes[0] == "a selection is seen only in programs that report their focused text"
        assert desk.harken_run("extension").stdout.startswith("Harken's extension for GNOME is not installed.")
        done = desk.harken_run("extension", "install")
        assert done.returncode == 0
        assert "Log out and in again" in done.stdout
        enabled = desk.output("gsettings", "get", "org.gnome.shell", "enabled-extensions")
        assert _UUID in enabled
        desk.start_harken()
        assert ["gnome shell", "the extension is installed; GNOME loads it when you log out and in again"] in row(
            desk, "keys"
        )["refused"]  # type: ignore[operator]
        press_button(desk, "Add")
        wait_for_keys(desk)
        assert "portal" in str(row(desk, "keys")["chosen"])
        assert "removed" in desk.harken_run("extension", "remove").stdout
        assert _UUID not in desk.output("gsettings", "get", "org.gnome.shell", "enabled-extensions")
        assert not (desk.folder / "home/.local/share/gnome-shell/extensions" / _UUID).exists()


def test_keys_selections_and_escape() -> None:
    with gnome() as desk:
        assert "turned off" in desk.harken_run("extension").stdout
        assert desk.harken_run("extension", "install").stdout == "Harken's extension for GNOME is running.\n"
        desk.start_harken()
        assert wait_for_keys(desk)["read-selection"] == "Super+Alt+R"
        assert row(desk, "keys")["chosen"] == "gnome shell"
        assert str(row(desk, "text")["chosen"]).startswith("gnome shell selection, gnome shell clipboard")
        assert "in GNOME Shell 48" in str(row(desk, "gnome extension")["chosen"])
        front = editor(desk)
        desk.press("super+alt+r")
        expect_heard(desk)
        expect_faster(desk)
        front.expect_nothing_typed()


def test_a_selection_is_read_in_its_own_window_only() -> None:
    with gnome() as desk:
        assert desk.harken_run("extension", "install").returncode == 0
        desk.start_harken()
        wait_for_keys(desk)
        leave_the_overview(desk)
        desk.open_text("A selection in kwrite.", "kwrite")  # a program of Qt, which reports nothing for accessibility
        assert read(desk) == "A selection in kwrite."
        desk.open_empty()
        assert desk.selection().strip() == "A selection in kwrite."  # it is still there
        read(desk)
        assert "A selection in kwrite." not in desk.spoken()
        desk.open_text("A newer one.", "gnome-text-editor")
        assert read(desk) == "A newer one."


def test_escape_stops_a_reading_and_reaches_the_window_at_all_other_times() -> None:
    with gnome() as desk:
        assert desk.harken_run("extension", "install").returncode == 0
        desk.start_harken()
        wait_for_keys(desk)
        leave_the_overview(desk)
        desk.open_empty()
        window = desk.folder / "window.out"
        desk.press("esc")
        wait_for(lambda: window.read_text().count("key Escape\n") == 1, "Esc in the window")
        desk.begin()
        text = "A long text to be stopped. " * 20
        desk.start([*desk.program, "speak", "--text", text], "speak")
        wait_for(lambda: desk.spoken(), "the reading")
        wait_for(lambda: "speaking" in desk.harken_run("status").stdout, "a sound")
        desk.press("esc")
        wait_for(lambda: any(record["event"] == "ended" for record in desk.records()), "its end")
        wait_for(lambda: "idle" in desk.harken_run("status").stdout, "silence")
        desk.press("esc")
        wait_for(lambda: window.read_text().count("key Escape\n") == 2, "Esc in the window")


def test_a_key_that_gnome_uses_is_refused_with_its_name() -> None:
    with gnome() as desk:
        assert desk.harken_run("extension", "install").returncode == 0
        schema = "org.gnome.desktop.wm.keybindings"
        desk.run("gsettings", "set", schema, "toggle-maximized", "['<Alt><Super>f']")
        desk.start_harken()
        wait_for(lambda: keys(desk).keys() == COMMANDS - {"faster"}, "the keys")
        assert "GNOME uses Super+Alt+F for “Toggle maximization state”." in str(row(desk, "keys")["notes"])
        desk.run("gsettings", "reset", schema, "toggle-maximized")
        wait_for_keys(desk)


def test_one_that_is_switched_off_leaves_its_keys_to_the_portal_and_comes_back() -> None:
    with gnome() as desk:
        assert desk.harken_run("extension", "install").returncode == 0
        desk.start_harken()
        wait_for_keys(desk)
        switch(desk, "DisableExtension")
        wait_for(lambda: any("is off" in text for text in desk.notices()), "what the user is told", 20.0)
        press_button(desk, "Add")
        wait_for(lambda: row(desk, "keys")["chosen"] == "portal", "the portal", 20.0)
        refused = row(desk, "keys")["refused"]
        assert "turned off" in str(refused)
        assert "x11 selection" in str(row(desk, "text")["chosen"])
        wait_for_keys(desk)
        expect_faster(desk)
        switch(desk, "EnableExtension")
        wait_for(lambda: row(desk, "keys")["chosen"] == "gnome shell", "the extension", 20.0)
        wait_for_keys(desk)
        expect_faster(desk)
        log = (desk.folder / "shell.log").read_text(errors="replace")
        assert "JS ERROR" not in log
        assert _UUID not in "".join(line for line in log.splitlines() if "rror" in line)


def test_keys_of_a_harken_that_was_killed_are_free() -> None:
    with gnome() as desk:
        assert desk.harken_run("extension", "install").returncode == 0
        desk.start_harken()
        wait_for_keys(desk)
        desk.run("pkill", "-KILL", "-f", "ui.launch")
        leave_the_overview(desk)
        desk.open_empty()
        window = desk.folder / "window.out"

        def reaches_it() -> bool:
            desk.press("super+alt+r")
            return "key R\n" in window.read_text()

        wait_for(reaches_it, "the key in front", 20.0)
