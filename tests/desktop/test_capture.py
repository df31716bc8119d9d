"""What a key press means, among other people's windows."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from functools import partial

import pytest

from tests.desktop.accessible import wait_for_caret, wait_for_focus, wait_for_focused_text
from tests.desktop.desk import Desk, wait_for
from tests.fakes import x11_owner

READ, STOP = "super+alt+r", "super+alt+x"


def open_owner(desk: Desk, mode: str) -> None:
    """A window that owns PRIMARY in its own way, in front."""
    desk.open_window([sys.executable, "-m", "tests.fakes.x11_owner", mode], "owner")


def press_and_wait(desk: Desk, limit_s: float = 20.0) -> str:
    """Press the key and return what was read or told first."""
    desk.keyboard.press(READ)
    wait_for(lambda: desk.spoken() or desk.notices(), "anything", limit_s)
    return (desk.notices() or desk.spoken())[0]


@pytest.mark.parametrize(
    ("mode", "begins"),
    [
        ("utf8", "Grüße aus dem Fenster"),
        ("latin1", "Grüße aus dem Fenster"),
        ("broken", "Grüße aus dem Fenster"),
        ("compound", "Grüße aus dem Fenster hier."),
        ("incr", "Piece 1 of a long text."),
        ("stall", "The text is too long."),
        ("vanish", "The text is too long."),
        ("image", "Nothing is selected."),
        ("secret", "This is a password."),
        ("hang", "The program that has the text is not responding."),
    ],
)
def test_owners_of_every_kind(desk: Desk, mode: str, begins: str) -> None:
    open_owner(desk, mode)
    assert press_and_wait(desk).startswith(begins)
    if mode in ("stall", "vanish"):
        wait_for(lambda: desk.spoken(), "the part that arrived")
        assert desk.spoken()[0].startswith("Piece 1 of")


@pytest.mark.shows("X11, openbox", "a program that hangs is reported in a sentence")
def test_a_window_that_hangs_is_told_and_the_next_press_works(desk: Desk) -> None:
    desk.open_text("Some text that will not be read.")
    desk.select_all("Some text that will not be read.")
    hung = desk._windows[-1]
    os.kill(hung.pid, signal.SIGSTOP)
    try:
        assert "is not responding" in press_and_wait(desk)
        assert desk.harken_call("status") == 0
    finally:
        os.kill(hung.pid, signal.SIGCONT)
    desk.stop_reading()
    desk.begin()
    desk.open_text("This one can be read.")
    desk.select_all("This one can be read.")
    assert press_and_wait(desk) == "This one can be read."


@pytest.mark.shows("X11, openbox", "an old selection is not read")
def test_an_old_selection_of_another_program_is_not_read(desk: Desk) -> None:
    desk.open_text("An old selection.")
    desk.select_all("An old selection.")
    desk.open_text("The text that is in front, with nothing selected in it.", "featherpad")
    wait_for_caret(desk, 0)
    assert desk.selection() == "An old selection."  # it is still there
    assert press_and_wait(desk).startswith("The text that is in front")


def test_an_old_selection_is_not_read_where_no_window_is_in_front(desk: Desk) -> None:
    window = desk.open_text("An old selection.")
    desk.select_all("An old selection.")
    assert desk.output(["xdotool", "windowminimize", "--sync", str(window)]) == ""
    wait_for(lambda: desk.output(["xprop", "-root", "_NET_ACTIVE_WINDOW"]).split()[-1] == "0x0", "no window in front")
    assert desk.selection() == "An old selection."  # it is still there
    assert press_and_wait(desk).startswith("Nothing is selected.")


@pytest.mark.shows(
    "X11, openbox", "Mousepad (GTK 3)", package="mousepad", how="keys: grabs; text: PRIMARY and accessibility"
)
def test_going_back_to_the_window_makes_it_meant_again(desk: Desk) -> None:
    first = desk.open_text("An old selection.")
    desk.select_all("An old selection.")
    desk.open_text("Another window.", "featherpad")
    desk.focus(first)
    wait_for_focused_text(desk, "An old selection.")
    assert press_and_wait(desk) == "An old selection."


def test_what_was_unselected_is_not_read(desk: Desk) -> None:
    """Qt keeps PRIMARY when a text is unselected; the focused text knows better."""
    desk.open_text("First line of it.\nSecond line of it.", "featherpad")
    desk.keyboard.press("shift+End")
    wait_for(lambda: desk.selection() == "First line of it.", "a selection")
    desk.keyboard.press("Down")
    wait_for_caret(desk, len("First line of it.\nSecond line of it"))
    assert desk.selection() == "First line of it."  # it is still there
    assert press_and_wait(desk) == "Second line of it."


@pytest.mark.shows(
    "X11, openbox", "FeatherPad (Qt 5)", package="featherpad", how="keys: grabs; text: PRIMARY and accessibility"
)
def test_a_selection_that_is_not_handed_to_x_is_read(desk: Desk) -> None:
    """FeatherPad's Select All does not own PRIMARY; an older, shorter selection of its own still does."""
    desk.open_text("First line of it.\nSecond line of it.", "featherpad")
    desk.keyboard.press("shift+End")
    wait_for(lambda: desk.selection() == "First line of it.", "a selection")
    desk.keyboard.press("ctrl+a")
    time.sleep(0.5)  # nothing that could be waited for tells that it is done
    assert press_and_wait(desk) == "First line of it."
    desk.wait_for_record("ended", whole=True)
    assert desk.spoken() == ["First line of it.", "Second line of it."]


def read_focus(desk: Desk) -> str:
    """Ask for the focused text and return what was read or told first."""
    desk.harken_call("stop")
    desk.begin()
    desk.harken_call("read", "focus")
    wait_for(lambda: desk.spoken() or desk.notices(), "anything")
    return (desk.notices() or desk.spoken())[0]


@pytest.mark.parametrize("editor", ["mousepad", "featherpad"])
def test_the_text_of_a_window_behind_one_that_reports_nothing_is_not_read(desk: Desk, editor: str) -> None:
    """Not every program says that it has lost the focus (FeatherPad's Qt does not), and xterm says nothing at all."""
    behind = desk.open_text("A text that is behind.", editor)
    wait_for_focused_text(desk, "A text that is behind.")
    assert read_focus(desk) == "A text that is behind."
    desk.open_window(["xterm", "-e", "sleep", "60"], "xterm")
    assert read_focus(desk) == "There is no text to read here."
    desk.harken_call("stop")
    desk.begin()
    assert press_and_wait(desk) == "Nothing is selected. Select some text and press the key again."
    desk.focus(behind)
    wait_for_focused_text(desk, "A text that is behind.")
    assert read_focus(desk) == "A text that is behind."


def test_the_text_of_a_window_behind_one_that_hangs_is_not_read(desk: Desk) -> None:
    behind = desk.open_text("A text that is behind.", "featherpad")
    wait_for_focused_text(desk, "A text that is behind.")
    assert read_focus(desk) == "A text that is behind."
    hung = desk._windows[-1]
    desk.open_window(["xterm", "-e", "sleep", "60"], "xterm")
    os.kill(hung.pid, signal.SIGSTOP)
    try:
        assert "not responding" not in read_focus(desk)
        assert "A text that is behind." not in desk.spoken()
    finally:
        os.kill(hung.pid, signal.SIGCONT)
    desk.focus(behind)
    wait_for_focused_text(desk, "A text that is behind.")
    assert read_focus(desk) == "A text that is behind."


def test_a_helper_run_from_the_window_in_front_is_meant(desk: Desk) -> None:
    """A program in a terminal hands its selection to a process in the background (as vim and tmux do)."""
    command = "sleep 1; printf 'Put there by a helper.' | xclip -selection primary; sleep 60"
    desk.open_window(["xterm", "-e", "sh", "-c", command], "xterm")
    wait_for(lambda: desk.selection() == "Put there by a helper.", "the helper")
    assert press_and_wait(desk) == "Put there by a helper."


@pytest.mark.shows(
    "X11, openbox", "xterm (terminal)", package="xterm", how="keys: grabs; text: PRIMARY and accessibility"
)
def test_a_terminals_selection(desk: Desk) -> None:
    window = desk.open_window(["xterm", "-e", "sh", "-c", "echo Words in a terminal; sleep 60"], "xterm")
    desk.call(["xdotool", "mousemove", "--window", str(window), "30", "8", "click", "--repeat", "3", "1"])
    wait_for(lambda: "Words in a terminal" in desk.selection(), "a selection")
    assert press_and_wait(desk) == "Words in a terminal"


class TestNothingSelected:
    @pytest.mark.parametrize("editor", ["mousepad", "featherpad"])
    def test_the_focused_text_is_read_from_the_carets_paragraph_on(self, desk: Desk, editor: str) -> None:
        desk.open_text("The first paragraph.\nThe second paragraph.\nThe third paragraph.", editor)
        wait_for_caret(desk, 0)
        desk.keyboard.press("Down")
        desk.keyboard.press("Right")
        wait_for_caret(desk, len("The first paragraph.\nT"))
        assert press_and_wait(desk) == "The second paragraph."
        desk.wait_for_record("ended", whole=True)
        assert desk.spoken() == ["The second paragraph.", "The third paragraph."]

    def test_and_no_focused_text_either_is_told(self, desk: Desk) -> None:
        desk.open_window(["xterm", "-e", "sleep", "60"], "xterm")
        assert press_and_wait(desk) == "Nothing is selected. Select some text and press the key again."
        wait_for(lambda: desk.spoken(), "the same aloud")
        assert desk.spoken()[0] == "Nothing is selected."

    def test_the_clipboard_is_read_when_the_user_wishes(self, desk: Desk) -> None:
        desk.open_window(["xterm", "-e", "sh", "-c", "sleep 60"], "xterm")
        desk.call(["sh", "-c", "printf 'From the clipboard.' | xclip -selection clipboard >/dev/null 2>&1"])
        assert press_and_wait(desk).startswith("Nothing is selected.")
        desk.stop_reading()
        desk.begin()
        desk.harken_call("settings", "set", "reading.clipboard", "on")
        try:
            assert press_and_wait(desk) == "From the clipboard."
        finally:
            desk.harken_call("settings", "set", "reading.clipboard", "off")

    def test_a_password_is_never_read(self, desk: Desk) -> None:
        code = (
            "from PySide6.QtWidgets import *\n"
            "app = QApplication(['pass']); w = QLineEdit('hunter2 secret'); w.setEchoMode(QLineEdit.Password)\n"
            "w.resize(300, 60); w.show(); app.exec()\n"
        )
        script = desk.home / "pass.py"
        script.write_text(code)
        desk.open_window([sys.executable, str(script)], "pass")
        wait_for_focus(desk)
        said = press_and_wait(desk)
        desk.wait_for_record("ended")
        assert "password" in said
        assert "hunter2" not in " ".join([said, *desk.spoken(), *desk.notices()])

    def test_a_control_is_described(self, desk: Desk) -> None:
        code = (
            "from PySide6.QtWidgets import *\n"
            "app = QApplication(['control']); w = QCheckBox('Send reports'); w.setChecked(True)\n"
            "w.resize(300, 60); w.show(); w.setFocus(); app.exec()\n"
        )
        script = desk.home / "control.py"
        script.write_text(code)
        desk.open_window([sys.executable, str(script)], "control")
        wait_for_focus(desk)
        assert press_and_wait(desk) == "Send reports, check box, checked"


def test_nothing_on_the_clipboard_is_changed(desk: Desk) -> None:
    desk.call(["sh", "-c", "printf 'keep me' | xclip -selection clipboard >/dev/null 2>&1"])
    desk.open_text("Read this, please.")
    desk.select_all("Read this, please.")
    press_and_wait(desk)
    desk.wait_for_record("ended", whole=True)
    assert desk.output(["xclip", "-o", "-selection", "clipboard"]) == "keep me"
    assert desk.selection() == "Read this, please."


def test_commands_read_the_clipboard_and_the_focus(desk: Desk) -> None:
    desk.call(["sh", "-c", "printf 'On the clipboard.' | xclip -selection clipboard >/dev/null 2>&1"])
    desk.open_text("In the focus.")
    assert desk.harken_call("read", "clipboard") == 0
    desk.wait_for_record("ended", whole=True)
    assert desk.harken_call("read", "focus") == 0
    desk.wait_for_record("ended", whole=True, count=2)
    assert desk.spoken() == ["On the clipboard.", "In the focus."]


def test_every_new_selection_is_read_when_the_user_wishes(desk: Desk) -> None:
    desk.harken_call("settings", "set", "reading.every_selection", "on")
    try:
        desk.open_text("Read as soon as it is selected.")
        desk.select_all("Read as soon as it is selected.")
        desk.wait_for_record("ended", whole=True)
        assert desk.spoken() == ["Read as soon as it is selected."]
    finally:
        desk.harken_call("settings", "set", "reading.every_selection", "off")
    desk.begin()
    desk.open_text("Not read by itself.")
    desk.select_all("Not read by itself.")
    time.sleep(1.0)  # what is tested is that nothing happens in this second
    assert desk.records() == []


def test_five_megabytes_arrive_whole() -> None:
    """How much of an INCR transfer was taken: see x11_transfer.Transfer."""
    from Xlib import Xatom
    from Xlib.display import Display

    from reader.capture.x11_transfer import Transfer

    with Desk(sound=False, bus=False) as desk:
        open_owner(desk, "incr")
        display = Display(desk.display)
        wait = partial(select.select, [display.fileno()], [], [])
        text, is_cut = Transfer(display, Xatom.PRIMARY, wait, lambda: False).read()
        display.close()
    assert not is_cut
    assert len(text) == x11_owner.PIECE * x11_owner.PIECES
    assert text.startswith("Piece 1 of")
    assert f"Piece {x11_owner.PIECES} of" in text
