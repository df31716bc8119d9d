"""A selection by way of Windows' clipboard (reader/capture/copying.py): what is copied, and that all comes back."""

from __future__ import annotations

import pytest

from reader.capture import copying
from reader.capture.copying import LIMIT_S, Copying, Format
from reader.capture.windows_copying import BITMAP, DIB, EXCLUDED, FILES, MARKS, Window, WindowsCopying, may_copy
from reader.errors import CaptureError, CaptureTimeoutError, NothingToReadError
from tests.fakes.windows_clipboard import TEXT, FakeClipboard, utf16

HTML = Format(0xC001, "HTML Format")
MINE = {TEXT: utf16("What I had copied"), HTML: b"<b>What I had copied</b>", Format(DIB): bytes(range(256)) * 9}


def made(content: dict[Format, bytes], selected: dict[Format, bytes] | None) -> tuple[FakeClipboard, Copying]:
    clipboard = FakeClipboard(content)
    clipboard.on_copy = lambda: selected
    return clipboard, WindowsCopying(clipboard)


def kept(clipboard: FakeClipboard) -> dict[Format, bytes]:
    """What is in it, without what Harken adds."""
    return {found: bits for found, bits in clipboard.content.items() if found.name not in MARKS}


def test_what_is_selected_is_read_and_three_formats_are_as_they_were() -> None:
    clipboard, harken = made(MINE, {TEXT: utf16("Two\r\nlines")})
    assert harken.selection() == "Two\nlines"
    assert kept(clipboard) == MINE
    assert list(kept(clipboard)) == list(MINE)
    assert not clipboard.is_open


def test_what_is_put_back_is_kept_out_of_histories_and_is_no_password() -> None:
    clipboard, harken = made(MINE, {TEXT: utf16("Selected")})
    for _ in range(3):
        harken.selection()
        assert [found.name for found in clipboard.content if found.name in MARKS] == list(MARKS)
        assert kept(clipboard) == MINE
    assert harken.clipboard() == "What I had copied"


def test_what_a_password_manager_has_copied_stays_its_secret() -> None:
    secret = {TEXT: utf16("hunter2"), Format(0xC002, EXCLUDED): b"\0"}
    clipboard, harken = made(secret, {TEXT: utf16("Selected")})
    assert harken.selection() == "Selected"
    assert clipboard.content == secret
    with pytest.raises(CaptureError, match="password"):
        harken.clipboard()


def test_an_empty_clipboard_is_empty_again() -> None:
    clipboard, harken = made({}, {TEXT: utf16("Selected")})
    assert harken.selection() == "Selected"
    assert clipboard.content == {}
    with pytest.raises(NothingToReadError, match="clipboard is empty"):
        harken.clipboard()


def test_what_windows_makes_of_others_and_what_are_no_bytes_is_left_to_it() -> None:
    pointers = {Format(BITMAP): b"", Format(0x81): b"", Format(0x201): b"", Format(0xC003, "DataObject"): b"x"}
    clipboard, harken = made(MINE | pointers, {TEXT: utf16("Selected")})
    harken.selection()
    assert kept(clipboard) == MINE


def test_nothing_selected_changes_nothing_and_takes_no_longer_than_the_limit() -> None:
    clipboard, harken = made(MINE, None)
    with pytest.raises(NothingToReadError, match="Nothing is selected"):
        harken.selection()
    assert clipboard.content == MINE
    assert clipboard.now_s() <= LIMIT_S + 0.01


def test_a_program_that_hangs_is_not_said_to_have_nothing_selected_and_its_late_copy_is_undone() -> None:
    clipboard, harken = made(MINE, {TEXT: utf16("Late")})
    clipboard.hangs, clipboard.delay_s = True, LIMIT_S + 0.1
    with pytest.raises(CaptureTimeoutError, match="not responding"):
        harken.selection()
    clipboard.wait(0.2)
    assert clipboard.content == {TEXT: utf16("Late")}
    assert not harken.undo_late_copy()
    assert kept(clipboard) == MINE


@pytest.mark.parametrize(
    "extra",
    [
        {Format(0xC004, "MSDEVLineSelect"): b""},
        {Format(0xC005, "vscode-editor-data"): '{"version":1,"isFromEmptySelection":true}'.encode("utf-16-le")},
    ],
)
def test_the_line_that_an_editor_copies_without_a_selection_is_not_read(extra: dict[Format, bytes]) -> None:
    clipboard, harken = made(MINE, {TEXT: utf16("The whole line"), **extra})
    with pytest.raises(NothingToReadError):
        harken.selection()
    assert kept(clipboard) == MINE


def test_a_selection_in_such_an_editor_is_read() -> None:
    data = '{"version":1,"isFromEmptySelection":false}'.encode("utf-16-le")
    _, harken = made(MINE, {TEXT: utf16("A word"), Format(0xC005, "vscode-editor-data"): data})
    assert harken.selection() == "A word"


def test_files_that_are_selected_are_no_text() -> None:
    clipboard, harken = made(MINE, {Format(FILES): b"C:\\file"})
    with pytest.raises(NothingToReadError):
        harken.selection()
    assert kept(clipboard) == MINE


def test_what_can_not_be_put_back_is_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "LIMIT_BYTES", 100)
    clipboard, harken = made(MINE, {TEXT: utf16("Selected")})
    with pytest.raises(CaptureError, match="would have overwritten"):
        harken.selection()
    assert (clipboard.content, clipboard.presses) == (MINE, 0)


def test_what_takes_too_long_to_keep_is_not_touched() -> None:
    clipboard, harken = made(MINE, {TEXT: utf16("Selected")})
    clipboard.data_takes_s = 0.1
    with pytest.raises(CaptureError, match="would have overwritten"):
        harken.selection()
    assert (clipboard.content, clipboard.presses) == (MINE, 0)


def test_a_clipboard_that_another_program_has_for_a_moment_is_waited_for() -> None:
    clipboard, harken = made(MINE, {TEXT: utf16("Selected")})
    clipboard.busy_until_s = 0.05
    assert harken.selection() == "Selected"
    clipboard.busy_until_s = 60.0
    with pytest.raises(CaptureTimeoutError, match="Another program"):
        harken.selection()


def test_a_copy_that_comes_too_late_is_undone() -> None:
    clipboard, harken = made(MINE, {TEXT: utf16("Selected")})
    clipboard.delay_s = 0.8
    with pytest.raises(NothingToReadError):
        harken.selection()
    while harken.undo_late_copy():
        clipboard.wait(0.1)
    assert clipboard.presses == 1
    assert kept(clipboard) == MINE


def test_the_program_has_its_time_however_long_saving_and_pressing_took() -> None:
    clipboard, harken = made(MINE, {TEXT: utf16("Selected")})
    clipboard.data_takes_s, clipboard.press_takes_s = 0.04, 0.4
    assert harken.selection() == "Selected"
    assert kept(clipboard) == MINE


def test_it_has_more_time_where_others_compute() -> None:
    clipboard, harken = made(MINE, {TEXT: utf16("Selected")})
    clipboard.turn_s, clipboard.delay_s = 0.04, 0.6
    assert harken.selection() == "Selected"
    assert kept(clipboard) == MINE


def test_a_copy_that_takes_too_long_to_make_is_undone_as_well() -> None:
    clipboard, harken = made(MINE, {TEXT: utf16("Selected")})
    clipboard.renders_s = 0.7
    with pytest.raises(CaptureTimeoutError, match="Another program"):
        harken.selection()
    while harken.undo_late_copy():
        clipboard.wait(0.1)
    assert kept(clipboard) == MINE


def test_what_the_user_copies_afterwards_stays() -> None:
    clipboard, harken = made(MINE, None)
    with pytest.raises(NothingToReadError):
        harken.selection()
    clipboard.holds_ctrl = True
    assert not harken.undo_late_copy()
    clipboard.copy({TEXT: utf16("New")})
    clipboard.holds_ctrl = False
    assert not harken.undo_late_copy()
    assert harken.clipboard() == "New"


def test_a_program_that_windows_keeps_from_harken_is_not_waited_for() -> None:
    clipboard, harken = made(MINE, {TEXT: utf16("Selected")})
    clipboard.is_allowed = False
    with pytest.raises(NothingToReadError):
        harken.selection()
    assert clipboard.content == MINE


@pytest.mark.parametrize(
    "window",
    [
        Window(1, "ConsoleWindowClass", "cmd.exe"),
        Window(1, "CASCADIA_HOSTING_WINDOW_CLASS", "WindowsTerminal.exe"),
        Window(1, "Window Class", "Alacritty.exe"),
        Window(1, "PuTTY", "putty.exe"),
    ],
)
def test_ctrl_c_is_never_pressed_in_a_terminal(window: Window) -> None:
    with pytest.raises(CaptureError, match="terminal"):
        may_copy(window)


def test_nor_in_a_password_field_but_anywhere_else() -> None:
    with pytest.raises(CaptureError, match="password field"):
        may_copy(Window(1, "Notepad", "notepad.exe", is_password=True))
    may_copy(Window(1, "Notepad", "notepad.exe"))


def test_nor_where_windows_lets_no_key_of_harkens_through() -> None:
    for program in ("Taskmgr.exe", "WindowsTerminal.exe"):
        with pytest.raises(CaptureError, match="running as administrator"):
            may_copy(Window(1, "TaskManagerWindow", program, is_above=True))
