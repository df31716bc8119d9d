"""What is said without a key, as real keys and a real pointer come to it, among other people's windows."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.desktop import hearing
from tests.desktop.accessible import Item, Watcher, wait_for_caret
from tests.desktop.desk import Desk, wait_for
from tests.desktop.dialog import open_dialog

FOCUS, POINTER, SELECTION = "reading.follow_focus", "reading.follow_pointer", "reading.every_selection"


@pytest.fixture
def followed(desk: Desk) -> Iterator[Desk]:
    """All modes are off again behind it."""
    yield desk
    for key in (FOCUS, POINTER, SELECTION):
        assert desk.harken_call("settings", "set", key, "off") == 0


def turn_on(desk: Desk, key: str) -> str:
    code, told = desk.complain([*desk.program, "settings", "set", key, "on"])
    assert code == 0
    return told


def said(desk: Desk, text: str) -> None:
    wait_for(lambda: text in desk.spoken(), text)


def test_what_gets_the_focus_is_heard(followed: Desk) -> None:
    open_dialog(followed)
    turn_on(followed, FOCUS)
    followed.begin()
    followed.keyboard.press("Tab")
    followed.wait_for_record("ended", whole=True)
    assert followed.spoken() == ["Banana, button"]
    heard = hearing.find(hearing.voiced(["Banana, button"])[0], followed.recorder.sound())
    assert heard.likeness > 0.95
    for _ in range(4):
        followed.keyboard.press("Tab")
    said(followed, "Send reports, check box, checked")


def test_holding_tab_down_queues_nothing(followed: Desk) -> None:
    open_dialog(followed)
    turn_on(followed, FOCUS)
    followed.begin()
    for _ in range(4):
        followed.keyboard.press("Tab")
    followed.wait_for_record("ended", whole=True)
    assert followed.spoken()[-1] == "Elder, button"
    assert [r["whole"] for r in followed.records() if r["event"] == "ended"].count(True) == 1


def test_a_password_is_never_said(followed: Desk) -> None:
    open_dialog(followed)
    turn_on(followed, FOCUS)
    followed.keyboard.press("shift+Tab")  # backwards to the last
    followed.begin()
    followed.keyboard.press("shift+Tab")
    followed.keyboard.press("Tab")
    followed.keyboard.press("shift+Tab")
    said(followed, "Send reports, check box, checked")
    assert "hunter2" not in " ".join([*followed.spoken(), *followed.notices()])


def test_what_the_user_has_read_is_not_interrupted(followed: Desk) -> None:
    open_dialog(followed)
    turn_on(followed, FOCUS)
    followed.begin()
    text = "This is a text that is being read. It has a second sentence, too."
    reading = subprocess.Popen([*followed.program, "speak", "--text", text], env=followed.env)
    followed.wait_for_record("segment", index=0)
    followed.keyboard.press("Tab")
    assert reading.wait(60) == 0
    assert " ".join(followed.spoken()) == text


def test_esc_belongs_to_the_dialog(followed: Desk) -> None:
    window = open_dialog(followed)
    turn_on(followed, FOCUS)
    followed.begin()
    followed.keyboard.press("Tab")
    followed.wait_for_record("segment")
    followed.keyboard.press("Escape")
    wait_for(lambda: window not in followed.find_windows("dialog"), "the dialog to be closed")


def point_at(desk: Desk, name: str) -> None:
    """Move the pointer onto a control of the window in front."""
    watcher = Watcher(desk)
    try:
        (found,) = [box for window in watcher.windows() for what, box in boxes(watcher, window) if what == name]
    finally:
        watcher.close()
    left, top, width, height = found
    desk.call(["xdotool", "mousemove", str(left + width // 2), str(top + height // 2)])


def boxes(watcher: Watcher, item: Item) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    """(name, (left, top, width, height) on the screen) of everything in a window."""
    yield watcher.read(item, "Accessible", "Name"), watcher.call(item, "Component", "GetExtents", "u", 0)
    for child in watcher.children(item):
        yield from boxes(watcher, child)


def test_what_the_pointer_rests_on_is_heard(followed: Desk) -> None:
    open_dialog(followed)
    turn_on(followed, POINTER)
    followed.begin()
    point_at(followed, "Cherry")
    followed.wait_for_record("ended", whole=True)
    point_at(followed, "Date")
    followed.wait_for_record("ended", whole=True, count=2)
    assert followed.spoken() == ["Cherry, button", "Date, button"]
    heard = hearing.find(hearing.voiced(["Cherry, button"])[0], followed.recorder.sound())
    assert heard.likeness > 0.95


def test_a_selection_that_is_kept_from_the_x_server_is_read(followed: Desk) -> None:
    """FeatherPad's Select All does not own PRIMARY, and says so to assistive programs alone."""
    text = "A line that is selected."
    followed.open_text(text, "featherpad")
    wait_for_caret(followed, 0)
    turn_on(followed, SELECTION)
    followed.begin()
    followed.keyboard.press("ctrl+a")
    followed.wait_for_record("ended", whole=True)
    assert followed.spoken() == [text]


def registered(desk: Desk) -> list[str]:
    """What programs are asked to report to Harken and the test, in order."""
    watcher = Watcher(desk)
    try:
        registry = "org.a11y.atspi.Registry", "/org/a11y/atspi/registry"
        return sorted(event for _, event, *_ in watcher.call(registry, "Registry", "GetRegisteredEvents"))
    finally:
        watcher.close()


def test_nothing_is_asked_of_programs_before_the_user_wishes_it(followed: Desk) -> None:
    before = registered(followed)
    turn_on(followed, FOCUS)
    turn_on(followed, SELECTION)
    assert len(registered(followed)) == len(before) + 2
    assert any("selection" in event.lower() for event in registered(followed))
    for key in (FOCUS, SELECTION):
        followed.harken_call("settings", "set", key, "off")
    assert registered(followed) == before


def test_beside_a_screen_reader_nothing_is_followed_and_that_is_told(followed: Desk) -> None:
    status = [
        "dbus-send", "--session", "--print-reply", "--dest=org.a11y.Bus", "/org/a11y/bus",
        "org.freedesktop.DBus.Properties.Set", "string:org.a11y.Status", "string:ScreenReaderEnabled",
    ]  # fmt: skip
    open_dialog(followed)
    turn_on(followed, FOCUS)
    before = registered(followed)
    followed.begin()
    followed.call([*status, "variant:boolean:true"])
    try:
        wait_for(lambda: any("While a screen reader is running" in told for told in followed.notices()), "the reason")
        wait_for(lambda: len(registered(followed)) < len(before), "nothing to be followed")
        assert "While a screen reader is running" in turn_on(followed, FOCUS)
    finally:
        followed.call([*status, "variant:boolean:false"])
    wait_for(lambda: registered(followed) == before, "it to be followed again")
    followed.stop_reading()
    followed.begin()
    followed.keyboard.press("Tab")
    said(followed, "Banana, button")
