"""What stands at the cursor in editors, an office document and controls of GTK: a key is pressed, and it is heard."""

from __future__ import annotations

import os
import shutil
import signal
from functools import partial
from pathlib import Path

import pytest
from Xlib import X

from tests.desktop.accessible import Watcher, wait_for_caret, wait_for_focus, wait_for_focused_text
from tests.desktop.desk import Desk, wait_for

KEYS = {
    "read-focus": "Super+Ctrl+U",
    "read-word": "Super+Ctrl+W",
    "read-line": "Super+Ctrl+L",
    "read-sentence": "Super+Ctrl+S",
    "read-paragraph": "Super+Ctrl+P",
    "read-rest": "Super+Ctrl+T",
    "read-document": "Super+Ctrl+O",
}
READ = "super+alt+r"
TEXT = (
    "Dear Dr. Smith,\n\nthank you for the 3.5 million. It came at 10 a.m. today! Nobody knew.\n\n"
    "A new paragraph. It ends here."
)


@pytest.fixture(scope="module", autouse=True)
def _keys(desktop: Desk) -> None:
    """Harken has a key for each of it."""
    for command, chord in KEYS.items():
        assert desktop.harken_call("settings", "set", f"keys.{command.replace('-', '_')}", chord) == 0
    wait_for(
        lambda: any(KEYS.keys() <= r["names"].keys() for r in desktop.records() if r["event"] == "keys"), "the keys"
    )


def press(desk: Desk, command: str, *, by_key: bool = True) -> str:
    """Press its key, or have the command line do it, and return what is said or told first."""
    desk.stop_reading()
    desk.begin()
    if by_key:
        desk.keyboard.press(KEYS[command].lower())
    else:
        desk.harken_call(*command.split("-"))
    wait_for(lambda: desk.spoken() or desk.notices(), "anything")
    return (desk.notices() or desk.spoken())[0]


def heard(desk: Desk, command: str, *, by_key: bool = True) -> list[str]:
    """All that is read after its key."""
    press(desk, command, by_key=by_key)
    desk.wait_for_record("ended")
    return desk.spoken()


@pytest.mark.parametrize("editor", ["mousepad", "featherpad"])
def test_an_editor(desk: Desk, editor: str) -> None:
    desk.open_text(TEXT, editor)
    wait_for_caret(desk, 0)
    at = TEXT.index("llion.")
    watcher = Watcher(desk)
    try:
        watcher.call(watcher.focused() or ("", ""), "Text", "SetCaretOffset", "i", at)
        wait_for(lambda: watcher.caret() == at, "the cursor")
    finally:
        watcher.close()
    assert heard(desk, "read-word") == ["million"]
    assert " ".join(heard(desk, "read-line")) == TEXT.split("\n")[2]
    assert " ".join(heard(desk, "read-sentence")) == "thank you for the 3.5 million."
    assert " ".join(heard(desk, "read-paragraph")) == TEXT.split("\n")[2]
    rest = " ".join(heard(desk, "read-rest"))
    assert rest.startswith("million. It came")
    assert rest.endswith("Nobody knew. A new paragraph. It ends here.")
    assert " ".join(heard(desk, "read-document")) == " ".join(TEXT.split())


def test_the_same_key_again_stops(desk: Desk) -> None:
    desk.open_text(TEXT)
    wait_for_caret(desk, 0)
    press(desk, "read-document")
    desk.keyboard.press(KEYS["read-document"].lower())
    desk.wait_for_record("ended", whole=False)


def test_a_program_that_hangs_is_told_soon_and_one_that_is_closed_too(desk: Desk) -> None:
    desk.open_text(TEXT)
    wait_for_caret(desk, 0)
    program = desk._windows[-1]
    os.kill(program.pid, signal.SIGSTOP)
    try:
        for command in KEYS:
            assert "is not responding" in press(desk, command)
    finally:
        os.kill(program.pid, signal.SIGCONT)
    assert heard(desk, "read-line") == ["Dear Dr. Smith,"]
    desk.close_windows()
    assert desk.notices() == []
    press(desk, "read-document")
    assert not any("Smith" in text for text in desk.spoken())


_CONTROLS = """
import gi
gi.require_version("Gtk", "3.0")
from gi.repository import Gtk
box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
check = Gtk.CheckButton(label="Send reports"); check.set_active(True)
scale = Gtk.Scale.new_with_range(Gtk.Orientation.HORIZONTAL, 0, 10, 1); scale.set_value(4)
scale.get_accessible().set_name("Loudness")
combo = Gtk.ComboBoxText()
[combo.append_text(name) for name in ("A3", "A4", "A5")]
combo.set_active(1)
combo.get_accessible().set_name("Paper")
spin = Gtk.SpinButton.new_with_range(0, 9, 1); spin.set_value(3); spin.get_accessible().set_name("Copies")
toggle = Gtk.ToggleButton(label="Bold")
link = Gtk.LinkButton.new_with_label("http://localhost/", "Home page")
listing = Gtk.ListBox()
for name in ("Rome", "Oslo", "Bonn"):
    row = Gtk.ListBoxRow(); row.add(Gtk.Label(label=name)); row.get_accessible().set_name(name); listing.add(row)
secret = Gtk.Entry(visibility=False, text="hunter2")
button = Gtk.Button(label="Save")
for control in (check, scale, combo, spin, toggle, link, listing, secret, button): box.add(control)
window = Gtk.Window(title="controls"); window.add(box); window.connect("destroy", Gtk.main_quit)
window.show_all(); check.grab_focus(); Gtk.main()
"""
SAID = [
    "Send reports, check box, checked",
    "Loudness, slider, 4",
    "Paper, drop-down list, A4",
    "Copies, number field, 3",
    "Bold, toggle button, not pressed",
    "Home page, button",
    "Rome, list item, selected, 1 of 3",
    "Oslo, list item, selected, 2 of 3",
    "Bonn, list item, selected, 3 of 3",
    "This is a password field. Harken does not read passwords aloud.",
    "Save, button",
]


def test_controls_of_gtk_are_described(desk: Desk) -> None:
    script = desk.home / "controls.py"
    script.write_text(_CONTROLS, encoding="utf-8")
    desk.open_window(["/usr/bin/python3", str(script)], "controls")
    wait_for_focus(desk)
    wait_for(lambda: press(desk, "read-focus") == SAID[0], "the focus in the first one")
    for control in SAID:
        wait_for(partial(_is_whole, desk, control), control)  # when the focus has come
        desk.keyboard.press("Tab")


def _is_whole(desk: Desk, control: str) -> bool:
    """Whether that is told, or all that is said, of the control that has the focus now."""
    told = press(desk, "read-focus")
    if not desk.notices():
        desk.wait_for_record("ended")
        told = " ".join(desk.spoken())
    return told == control


_TWO_WINDOWS = """
import gi
gi.require_version("Gtk", "3.0")
from gi.repository import Gtk
field = Gtk.Entry(text="In the first one.")
for title, child in (("first", field), ("second", Gtk.Label(label="Nothing to be focused."))):
    window = Gtk.Window(title=title); window.add(child); window.show_all()
field.grab_focus(); Gtk.main()
"""


def open_two_windows(desk: Desk) -> tuple[int, int]:
    """A window with a field that has the focus, in front, and one of the same program in which nothing can have it."""
    script = desk.home / "windows.py"
    script.write_text(_TWO_WINDOWS, encoding="utf-8")
    desk.open_window(["/usr/bin/python3", str(script)], "windows")
    names = ("first", "second")
    wait_for(lambda: all(desk.output(["xdotool", "search", "--name", f"^{name}$"]) for name in names), "both windows")
    first, second = (int(desk.output(["xdotool", "search", "--name", f"^{name}$"]).split()[-1]) for name in names)
    desk.focus(first)
    wait_for_focused_text(desk, "In the first one.")
    # Harken is told after the others, and GTK says that nothing has the focus while a key is down.
    wait_for(lambda: press(desk, "read-focus", by_key=False) == "In the first one.", "Harken to be told")
    return first, second


def test_the_focus_is_known_while_a_program_has_the_keyboard_grabbed(desk: Desk) -> None:
    """GTK says that nothing has it then, as for as long as a key of Harken's is down."""
    open_two_windows(desk)
    assert press(desk, "read-focus") == "In the first one."
    watcher, display = Watcher(desk), desk.keyboard.display
    try:
        display.screen().root.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
        display.sync()
        wait_for(lambda: watcher.focused() is None, "the focus to be lost")
        assert press(desk, "read-focus", by_key=False) == "In the first one."
        assert press(desk, "read-word", by_key=False) == "one"
    finally:
        display.ungrab_keyboard(X.CurrentTime)
        display.sync()
        watcher.close()


def test_what_had_the_focus_in_another_window_is_never_read(desk: Desk) -> None:
    first, second = open_two_windows(desk)
    assert press(desk, "read-focus") == "In the first one."
    desk.focus(second)
    for command in KEYS:
        press(desk, command)
        assert desk.spoken() == []
    desk.focus(first)
    wait_for_focused_text(desk, "In the first one.")
    assert press(desk, "read-focus") == "In the first one."


def office_document(path: Path, paragraphs: int, more: str = "") -> None:
    """A flat OpenDocument text with a heading, paragraphs and a table."""
    names = {
        "office": "office:1.0", "text": "text:1.0", "table": "table:1.0",
    }  # fmt: skip
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}"' for name, urn in names.items())
    body = '<text:h text:outline-level="1">A heading.</text:h>'
    body += "".join(
        f"<text:p>Paragraph {i} is here.{' It has two sentences.' * (not i)}{more * (i % 9)}</text:p>"
        for i in range(paragraphs)
    )
    cells = "".join(f"<table:table-cell><text:p>{name}</text:p></table:table-cell>" for name in ("Rome", "Oslo"))
    body += '<table:table><table:table-column table:number-columns-repeated="2"/>'
    body += f"<table:table-row>{cells}</table:table-row></table:table><text:p>The end.</text:p>"
    kind = 'office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"'
    text = f'<?xml version="1.0"?><office:document {spaces} {kind}><office:body><office:text>{body}'
    path.write_text(f"{text}</office:text></office:body></office:document>", encoding="utf-8")


def open_office_document(desk: Desk, paragraphs: int, more: str = "") -> None:
    """With the cursor in its first line."""
    path = desk.home / "letter.fodt"
    office_document(path, paragraphs, more)
    plain = ["--writer", "--norestore", "--nologo", "--nofirststartwizard"]
    desk.open_window(["env", "SAL_USE_VCLPLUGIN=gtk3", "soffice", *plain, str(path)], "libreoffice")

    def is_in_text() -> bool:
        desk.keyboard.press("ctrl+Home")
        return heard(desk, "read-line") == ["A heading."]

    wait_for(is_in_text, "the document", 120.0)


@pytest.mark.skipif(not shutil.which("soffice"), reason="packaging/setup.sh test installs LibreOffice")
def test_an_office_document_is_read_across_its_paragraphs(desk: Desk) -> None:
    read = partial(heard, desk)
    open_office_document(desk, 50)
    desk.keyboard.press("Down")
    desk.keyboard.press("ctrl+Right")
    wait_for(lambda: read("read-word") == ["0"], "the cursor in the second word")
    assert read("read-sentence") == ["Paragraph 0 is here."]
    assert " ".join(read("read-paragraph")) == "Paragraph 0 is here. It has two sentences."
    desk.harken_call("settings", "set", "voice.speed", "5.5")
    try:
        said = read("read-rest")
    finally:
        desk.harken_call("settings", "reset", "voice.speed")
    rest = [f"Paragraph {n} is here." for n in range(1, 50)]
    assert " ".join(said) == f"0 is here. It has two sentences. {' '.join(rest)} Rome Oslo The end."
    desk.keyboard.press("ctrl+End")
    wait_for(lambda: read("read-line") == ["The end."], "the cursor at the end")
    assert press(desk, "read-document") == "A heading."


@pytest.mark.skipif(not shutil.which("soffice"), reason="packaging/setup.sh test installs LibreOffice")
def test_of_a_long_office_document_it_is_said_that_only_a_part_is_there_and_how_to_hear_all(desk: Desk) -> None:
    open_office_document(desk, 600, " And on it goes.")
    desk.stop_reading()
    desk.begin()
    desk.keyboard.press(KEYS["read-document"].lower())
    assert wait_for(desk.spoken, "the beginning")[0] == "A heading."
    wait_for(lambda: any("only part of this long document" in notice for notice in desk.notices()), "what is told")
    desk.stop_reading()
    desk.keyboard.press("ctrl+a")
    wait_for(lambda: desk.selection().count("\n") > 600, "all of it selected")
    desk.begin()
    desk.keyboard.press(READ)
    desk.wait_for_record("segment")
    assert desk.spoken()[0] == "A heading."
    assert desk.notices() == []
