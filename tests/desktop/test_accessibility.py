"""Accessibility is off until the user turns it on, as on real desktops: what Harken says then, and how it goes on."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pytest

from tests.desktop.accessible import wait_for_caret
from tests.desktop.desk import Desk, wait_for

KEY = "reading.enable_accessibility"
READ = "super+alt+r"
TEXT = "A text in an editor made with Qt."
_GET = ["dbus-send", "--session", "--print-reply", "--dest=org.a11y.Bus", "/org/a11y/bus"]
IS_ON = [*_GET, "org.freedesktop.DBus.Properties.Get", "string:org.a11y.Status", "string:IsEnabled"]


_EDITOR = (
    "import sys\n"
    "from PySide6.QtWidgets import QApplication, QPlainTextEdit\n"
    "app = QApplication(['editor']); w = QPlainTextEdit(sys.argv[1]); w.resize(600, 100); w.show(); app.exec()\n"
)


def open_editor(desk: Desk) -> None:
    script = desk.home / "editor.py"
    script.write_text(_EDITOR)
    desk.open_window([sys.executable, str(script), TEXT], "editor")


@pytest.fixture(scope="module")
def plain_desktop() -> Iterator[Desk]:
    """A desktop on which nobody has turned accessibility on, and Harken runs."""
    with Desk() as desk:
        del desk.env["QT_LINUX_ACCESSIBILITY_ALWAYS_ON"]
        desk.start_harken()
        # By this, programs of Qt find the bus whether they are asked to or not. Only a launcher that is started within
        # the X session puts it there, and there is none on Wayland.
        desk.call(["xprop", "-root", "-remove", "AT_SPI_BUS"])
        yield desk


@pytest.fixture
def plain(plain_desktop: Desk) -> Iterator[Desk]:
    yield plain_desktop
    plain_desktop.close_windows()


def is_on(desk: Desk) -> bool:
    return "boolean true" in desk.output(IS_ON)


def told(desk: Desk) -> str:
    """What a press of the key has said or told first."""
    desk.begin()
    desk.keyboard.press(READ)
    wait_for(lambda: desk.spoken() or desk.notices(), "anything")
    return (desk.notices() or desk.spoken())[0]


def change(desk: Desk, value: str) -> str:
    """Change the setting; what the command line prints."""
    code, printed = desk.complain([*desk.program, "settings", "set", KEY, value])
    assert code == 0
    return printed


def doctor(desk: Desk) -> str:
    rows = json.loads(desk.harken_output("doctor", "--json"))
    return " ".join(next(row["notes"] for row in rows if row["part"] == "text"))


def quit_harken(desk: Desk) -> None:
    assert desk.harken_call("quit") == 0
    assert desk.harken
    desk.harken.wait(20)


def test_a_silent_program_is_told_and_heard_once_accessibility_is_on(plain: Desk) -> None:
    open_editor(plain)
    assert told(plain).startswith(
        "This program reports its text only when accessibility is on. Turn on “Ask all programs"
    )
    assert not is_on(plain)  # never without being asked to
    assert "accessibility is off" in doctor(plain)

    assert "Accessibility is on." in change(plain, "on")
    assert is_on(plain)
    assert "accessibility is on" in doctor(plain)
    plain.close_windows()
    open_editor(plain)
    wait_for_caret(plain, 0)
    told(plain)
    plain.wait_for_record("ended", whole=True)
    assert " ".join(plain.spoken()) == TEXT


def test_what_something_else_has_turned_on_stays_on(plain: Desk) -> None:
    turn = [*_GET, "org.freedesktop.DBus.Properties.Set", "string:org.a11y.Status", "string:IsEnabled"]
    change(plain, "off")
    plain.call([*turn, "variant:boolean:true"])
    change(plain, "on")
    assert "something other than Harken" in change(plain, "off")
    assert is_on(plain)
    plain.call([*turn, "variant:boolean:false"])


def test_a_program_that_never_reports_anything_is_not_told_to_be_restarted(plain: Desk) -> None:
    plain.open_window(["xterm", "-e", "sleep", "60"], "xterm")
    assert told(plain) == "Nothing is selected. Select some text and press the key again."


def test_it_is_on_for_good_until_the_user_turns_it_off_or_purges_harken(plain: Desk) -> None:
    stored = ["gsettings", "get", "org.gnome.desktop.interface", "toolkit-accessibility"]
    change(plain, "on")
    quit_harken(plain)
    assert is_on(plain)
    assert plain.output(stored) == "true\n"
    assert "Accessibility is off" in change(plain, "off")  # Harken need not run for that
    assert not is_on(plain)
    assert plain.output(stored) == "false\n"
    change(plain, "on")
    plain.start_harken()
    quit_harken(plain)
    assert "is off again" in plain.harken_output("purge", "--yes")
    assert not is_on(plain)


def test_a_session_without_accessibility_says_so_everywhere() -> None:
    with Desk(sound=False) as desk:
        nobody = desk.folder / "bus.conf"
        nobody.write_text(
            '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"'
            ' "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd"><busconfig><type>session</type>'
            f"<listen>unix:path={desk.runtime}/bare</listen><policy context='default'><allow send_destination='*'"
            " eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>"
        )
        desk.start_program(["dbus-daemon", f"--config-file={nobody}", "--nofork"], "bare")
        wait_for(lambda: (desk.runtime / "bare").exists(), "a bus on which nobody can be started")
        desk.env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={desk.runtime}/bare"
        desk.start_harken()
        rows = json.loads(desk.harken_output("doctor", "--json"))
        text = next(row for row in rows if row["part"] == "text")
        assert text["chosen"] == "x11 selection, x11 clipboard, no focus"
        assert dict(text["refused"])["at-spi"] == (
            "no accessibility bus: at-spi2-core is not installed, or its service does not start in this session"
        )
        assert "This session has no accessibility service. Install at-spi2-core" in change(desk, "on")
        desk.harken_call("quit")
