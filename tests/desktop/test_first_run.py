"""The first steps as somebody new meets them, the guide, and what Harken reads and where it goes: with keys alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from jeepney.wrappers import DBusErrorResponse

from tests.desktop.accessible import Item, Watcher
from tests.desktop.desk import Desk, wait_for

READ = "super+alt+r"
SAMPLE = "This text is selected, and the key reads it aloud."


@pytest.fixture(scope="module")
def new() -> Iterator[Desk]:
    """A desktop on which Harken runs for the first time."""
    with Desk(tray=True) as made:
        made.start_harken(is_new=True)
        made.restart_texts()
        yield made


@pytest.fixture
def watcher(new: Desk) -> Iterator[Watcher]:
    made = Watcher(new)
    made.follow_focus()
    yield made
    made.close()


def window(watcher: Watcher, title: str) -> Item | None:
    """The window in front, if it has this title."""
    try:
        for item in watcher.windows():
            if watcher.read(item, "Accessible", "Name") == title and watcher.has_state(item, ACTIVE):
                return item
    except (DBusErrorResponse, TimeoutError):  # it changes while one looks
        pass
    return None


ACTIVE = 1  # a state of AT-SPI
STEPS, PRIVACY = "First steps with Harken", "What Harken reads and where it goes"


def wait_for_window(watcher: Watcher, title: str) -> Item:
    found: Item = wait_for(lambda: window(watcher, title), title)
    return found


def open_from_menu(desk: Desk, letter: str) -> None:
    """An entry of the part "More"."""
    desk.open_tray_menu()
    before = desk.find_windows("harken")
    desk.keyboard.press("m")
    wait_for(lambda: desk.find_windows("harken") - before, "that part")
    desk.keyboard.press(letter)


# In this order: somebody new is new once.


def test_it_says_what_it_shows(new: Desk, watcher: Watcher) -> None:
    steps = wait_for_window(watcher, STEPS)
    new.wait_for_record("ended", whole=True)
    spoken = " ".join(new.spoken())
    assert spoken.startswith("Harken reads aloud what you select in any program.")
    shown = watcher.named(steps)
    assert {role for role, name in shown if not name} <= {"filler", "panel", "scroll bar"}
    texts = [name for role, name in shown if role in ("label", "grouping", "panel", "check box") and name != STEPS]
    assert len(texts) == 8
    places = [spoken.find(text.removesuffix(".")) for text in texts]
    assert -1 not in places


def test_nothing_is_to_be_scrolled_to_where_there_is_room(watcher: Watcher) -> None:
    """Also with the voices that come when it is shown already."""
    steps = wait_for_window(watcher, STEPS)
    wait_for(lambda: ("radio button", "English, America (eSpeak)") in watcher.named(steps), "the voices")
    boxes = extents(watcher, steps)
    last, done = boxes["4. Ask all programs to report their text"], boxes["Done"]
    assert last[1] + last[3] <= done[1]


def extents(watcher: Watcher, item: Item) -> dict[str, tuple[int, int, int, int]]:
    """(left, top, width, height) on the screen of each named thing in a window."""
    found = {watcher.read(item, "Accessible", "Name"): watcher.call(item, "Component", "GetExtents", "u", 0)}
    for child in watcher.children(item):
        found |= extents(watcher, child)
    return found


def test_a_voice_is_heard_when_it_is_chosen(new: Desk, watcher: Watcher) -> None:
    new.begin()
    new.keyboard.press("Down")
    assert watcher.next_focus() == ("radio button", "Heart (natural, American English)")
    assert new.wait_for_record("segment")["voice"] == "neural/heart"
    assert new.harken_output("settings", "get", "voice.id") == "neural/heart\n"
    new.keyboard.press("Down")
    assert watcher.next_focus() == ("radio button", "English, America (eSpeak)")
    new.wait_for_record("segment", voice="espeak/en-us")
    new.keyboard.press("Up")
    new.keyboard.press("Up")
    wait_for(lambda: new.setting("voice.id") == "", "the automatic voice")


def test_the_key_reads_the_sample_and_again_stops_it(new: Desk) -> None:
    new.begin()
    new.keyboard.press(READ)  # also while a radio button has the focus
    new.wait_for_record("segment", text=SAMPLE.split(",")[0] + ",")
    new.keyboard.press(READ)
    new.quiet()
    assert not any(record["event"] == "notice" for record in new.records())


def test_tab_goes_through_it_in_order(new: Desk, watcher: Watcher) -> None:
    met: list[tuple[str, str]] = []
    while len(met) < 6:
        new.keyboard.press("Tab")
        met.append(watcher.next_focus())
    choices = ["3. Start Harken at login", "4. Ask all programs to report their text"]
    assert [name for _, name in met] == ["Sample text", *choices, "Settings…", "Help", "Done"]
    assert [role for role, _ in met[1:]] == ["check box", "check box", "push button", "push button", "push button"]


def test_starting_at_login_is_chosen(new: Desk) -> None:
    new.keyboard.press("alt+l")
    wait_for(lambda: new.setting("system.start_at_login"), "the setting")
    new.keyboard.press("alt+l")
    wait_for(lambda: not new.setting("system.start_at_login"), "the setting")


def test_escape_leaves_it_also_while_it_speaks_and_it_stays_away(new: Desk, watcher: Watcher) -> None:
    new.begin()
    new.keyboard.press(READ)
    new.wait_for_record("state", state="speaking")
    new.keyboard.press("Escape")
    wait_for(lambda: not window(watcher, STEPS), "its end")
    new.quiet()
    assert new.harken
    new.end(new.harken)
    new.start_harken(is_new=True)
    wait_for(lambda: new.tray_window(), "the tray")
    assert not new.output(["xdotool", "search", "--onlyvisible", "--name", STEPS]).strip()
    open_from_menu(new, "f")
    wait_for_window(watcher, STEPS)
    new.keyboard.press("Escape")
    wait_for(lambda: not window(watcher, STEPS), "its end")
    new.quiet()


def text_of(watcher: Watcher, item: Item) -> str:
    """The text in a window."""
    for child in watcher.children(item):
        if "org.a11y.atspi.Text" in watcher.call(child, "Accessible", "GetInterfaces"):
            return str(watcher.call(child, "Text", "GetText", "ii", 0, -1))
        if found := text_of(watcher, child):
            return found
    return ""


def test_where_texts_go_follows_the_settings_and_can_be_read_aloud(new: Desk, watcher: Watcher) -> None:
    open_from_menu(new, "w")
    shown = wait_for_window(watcher, PRIVACY)
    assert "The clipboard only when you choose" in text_of(watcher, shown)
    assert new.harken_call("settings", "set", "reading.clipboard", "on") == 0
    wait_for(lambda: "If there is nothing else to read, the clipboard." in text_of(watcher, shown), "the new sentence")
    new.harken_call("settings", "set", "reading.clipboard", "off")
    new.begin()
    new.keyboard.press("ctrl+a")
    wait_for(lambda: "Where your texts go" in new.selection(), "the selection")
    new.keyboard.press(READ)
    assert new.wait_for_record("segment")["text"] == "Where your texts go"
    new.stop_reading()


def test_f1_opens_the_guides_page_and_keys_work_in_it(new: Desk, watcher: Watcher) -> None:
    new.focus(active(new, PRIVACY))
    new.keyboard.press("F1")
    wait_for_window(watcher, f"{PRIVACY} – Harken")
    new.keyboard.press("alt+c")
    shown = wait_for_window(watcher, "The guide to Harken – Harken")
    assert all(name for role, name in watcher.named(shown) if role in ("push button", "text", "document text"))
    new.keyboard.press("alt+Left")
    wait_for_window(watcher, f"{PRIVACY} – Harken")
    new.keyboard.press("Escape")
    wait_for(lambda: not window(watcher, f"{PRIVACY} – Harken"), "its end")


def active(desk: Desk, title: str) -> int:
    """The X window of a title."""
    found = desk.output(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"]).split()
    return int(found[0])


def test_on_the_smallest_screen_its_buttons_are_in_sight_also_with_all_voices() -> None:
    """1280 x 720 at 200 %."""
    with Desk(tray=True, screen="640x360") as desk:
        desk.start_harken(is_new=True)
        watcher = Watcher(desk)
        try:
            steps = wait_for_window(watcher, STEPS)
            wait_for(lambda: any("Heart" in name for _, name in watcher.named(steps)), "the voices")

            def lowest() -> int:
                found = desk.output(["xwininfo", "-id", str(active(desk, STEPS))])
                top, height = (int(re.findall(rf"{word}: +(-?\d+)", found)[0]) for word in ("upper-left Y", "Height"))
                return top + height

            wait_for(lambda: lowest() <= 360, "the window on the screen")
            watcher.follow_focus()
            met = []
            while "Done" not in met:
                desk.keyboard.press("Tab")
                met.append(watcher.next_focus()[1])
            desk.keyboard.press("Return")
            wait_for(lambda: not window(watcher, STEPS), "its end")
        finally:
            watcher.close()


# ---- with a screen reader ----


def set_screen_reader(desk: Desk, is_on: bool) -> None:
    """What Orca does when it starts and ends."""
    assert (
        desk.call([
            "dbus-send", "--session", "--print-reply", "--dest=org.a11y.Bus", "/org/a11y/bus",
            "org.freedesktop.DBus.Properties.Set", "string:org.a11y.Status", "string:ScreenReaderEnabled",
            f"variant:boolean:{str(is_on).lower()}",
        ])
        == 0
    )  # fmt: skip


def test_a_screen_reader_says_what_harken_would_say(new: Desk, watcher: Watcher) -> None:
    watcher.follow_announcements()
    set_screen_reader(new, True)
    new.close_windows()
    try:
        new.begin()
        assert new.harken_call("stop") == 0
        open_from_menu(new, "f")  # a screen reader says by itself what stands in a dialog
        assert watcher.call(wait_for_window(watcher, STEPS), "Accessible", "GetRoleName") == "dialog"
        new.keyboard.press("Escape")
        wait_for(lambda: not window(watcher, STEPS), "its end")
        new.harken_call("faster")
        assert watcher.next_announcement().endswith(" words a minute")
        assert not new.spoken()
    finally:
        new.harken_call("settings", "set", "voice.speed", "1")
        set_screen_reader(new, False)
