"""A word that is mispronounced: from the menu to how it sounds, with keys alone, and heard at the sound server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop import hearing
from tests.desktop.accessible import Item, Watcher
from tests.desktop.desk import Desk, wait_for
from tests.desktop.test_settings_window import close_settings, is_in_front, shown, type_text

TEXT = "We have a GIF here."
WORDS = ("list", "Mispronounced word")
SPOKEN = ("text", "How the word should sound")
TABLE = ("tree", "Words and how they should sound")


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desk]:
    with Desk(tray=True) as made:
        settings = made.home / ".config" / "harken" / "settings.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text("[keys]\nescape_stops = false\n\n[reading]\ngo_on = false\n")
        made.start_harken()
        yield made


@pytest.fixture
def watcher(desk: Desk) -> Iterator[Watcher]:
    made = Watcher(desk)
    made.follow_focus()
    yield made
    made.close()


def next_named(watcher: Watcher, wanted: tuple[str, str]) -> Item:
    """Wait until this has the focus, and return it. Raises TimeoutError."""
    while watcher.role_and_name(item := watcher.next_focused()) != wanted:
        pass
    return item


def choose_misread(desk: Desk) -> None:
    """The entry of the menu within the menu, by their letters."""
    desk.open_tray_menu()
    menus = desk.find_windows("harken")
    desk.keyboard.press("m")
    wait_for(lambda: desk.find_windows("harken") - menus, "the menu within the menu")
    desk.keyboard.press("n")


def check_heard(desk: Desk, since: float, text: str) -> None:
    """What the voice makes of `text` is heard."""
    (sound,) = hearing.voiced([text])
    wait_for(lambda: hearing.find(sound, desk.recorder.since(since)).likeness > 0.98, f"“{text}”")


def kept_by_harken(desk: Desk) -> str:
    """Everything in files that Harken has written, but for the record that the test asks for."""
    return "".join(path.read_text(errors="replace") for path in Path(desk.home).rglob("*") if path.is_file())


def test_before_anything_was_read_it_can_not_be_chosen(desk: Desk) -> None:
    choose_misread(desk)
    for _ in range(2):
        desk.keyboard.press("Escape")
    assert desk.harken_call("speak", "--text", TEXT) == 0
    assert not is_in_front(desk)


def test_from_the_menu_to_the_heard_word(desk: Desk, watcher: Watcher) -> None:
    assert desk.harken_call("speak", "--text", TEXT) == 0
    choose_misread(desk)
    wait_for(lambda: is_in_front(desk), "the settings window")
    next_named(watcher, WORDS)
    desk.keyboard.press("g")  # to the word that begins so
    next_named(watcher, ("list item", "GIF"))
    desk.keyboard.press("Return")
    next_named(watcher, SPOKEN)
    type_text(desk, "hedgehog")
    since = time.monotonic()
    desk.keyboard.press("Return")
    check_heard(desk, since, "hedgehog")
    since = time.monotonic()
    desk.keyboard.press("alt+s")
    check_heard(desk, since, "We have a hedgehog here.")
    assert desk.harken_output("words") == "The list has no entries.\n"
    desk.keyboard.press("alt+a")
    wait_for(lambda: desk.harken_output("words") == "GIF = hedgehog\n", "the entry")
    close_settings(desk)

    since = time.monotonic()
    assert desk.harken_call("speak", "--text", "A GIF is there.") == 0
    check_heard(desk, since, "A hedgehog is there.")
    assert TEXT not in kept_by_harken(desk)
    assert desk.notices() == []


def test_an_entry_is_changed_and_removed_with_keys(desk: Desk, watcher: Watcher) -> None:
    assert desk.harken_call("words", "add", "5G", "five gee") == 0
    choose_misread(desk)
    wait_for(lambda: is_in_front(desk), "the settings window")
    next_named(watcher, WORDS)
    desk.keyboard.press("alt+l")
    next_named(watcher, SPOKEN)
    for _ in range(4):  # where, language, voice; the buttons wait for a word
        desk.keyboard.press("Tab")
    next_named(watcher, TABLE)
    for key in ("Home", "End"):
        desk.keyboard.press(key)
    next_named(watcher, ("tree item", "5G sounds like five gee, Whole word, All languages, All voices"))
    desk.keyboard.press("alt+l")
    spoken = next_named(watcher, SPOKEN)
    desk.keyboard.press("ctrl+a")
    type_text(desk, "pentagon")
    # Qt does not queue Alt+G behind what is typed.
    wait_for(lambda: watcher.call(spoken, "Text", "GetText", "ii", 0, -1) == "pentagon", "the word")
    desk.keyboard.press("alt+g")
    wait_for(lambda: "5G = pentagon\n" in desk.harken_output("words"), "the change")
    desk.keyboard.press("alt+m")
    wait_for(lambda: "5G" not in desk.harken_output("words"), "the removal")
    close_settings(desk)


def test_a_bad_expression_is_refused_with_its_reason(desk: Desk, watcher: Watcher) -> None:
    watcher.follow_announcements()
    choose_misread(desk)
    wait_for(lambda: is_in_front(desk), "the settings window")
    next_named(watcher, WORDS)
    desk.keyboard.press("alt+o")
    next_named(watcher, ("text", "Word as it is written"))
    type_text(desk, "(a")
    for what in ("b", ""):
        desk.keyboard.press("Tab")
        type_text(desk, what) if what else desk.keyboard.press("End")
    wait_for(lambda: ("combo box", "Regular expression") in shown(watcher), "the kind")  # Alt+A may come before End
    desk.keyboard.press("alt+a")
    assert "a closing “)” is missing" in watcher.next_announcement()
    assert "(a" not in desk.harken_output("words")
    close_settings(desk)


def choose_file(desk: Desk, key: str, title: str, path: Path) -> None:
    """Press a button that asks for a file, and answer with keys."""
    desk.keyboard.press(key)
    wait_for(lambda: front_title(desk) == title, title)
    desk.keyboard.press("ctrl+a")
    type_text(desk, str(path))
    desk.keyboard.press("Return")
    wait_for(lambda: is_in_front(desk), "the end of the dialog")


def front_title(desk: Desk) -> str:
    return desk.output(["xdotool", "getactivewindow", "getwindowname"]).strip()


def test_the_list_goes_to_a_file_and_comes_from_one_with_keys(desk: Desk, watcher: Watcher) -> None:
    watcher.follow_announcements()
    assert desk.harken_call("words", "add", "Nguyen", "win") == 0
    assert desk.harken_call("speak", "--text", TEXT) == 0
    choose_misread(desk)
    wait_for(lambda: is_in_front(desk), "the settings window")
    next_named(watcher, WORDS)
    kept, given = desk.home / "kept.csv", desk.home / "given.csv"
    choose_file(desk, "alt+x", "Export the list", kept)
    assert watcher.next_announcement() == "Exported."
    assert "Nguyen,win" in kept.read_text()

    given.write_text("word,spoken\nSiobhan,shivawn\nNguyen,nwin\n")
    choose_file(desk, "alt+i", "Import a list", given)
    assert watcher.next_announcement().startswith("2 words imported.")
    listed = desk.harken_output("words")
    assert "Siobhan = shivawn\n" in listed
    assert "Nguyen = nwin\n" in listed

    given.write_bytes(b"\x00\xff\x00")
    choose_file(desk, "alt+i", "Import a list", given)
    assert str(given) in watcher.next_announcement()
    assert desk.harken_output("words") == listed

    desk.keyboard.press("alt+i")  # and nothing is chosen
    wait_for(lambda: front_title(desk) == "Import a list", "the dialog")
    desk.keyboard.press("Escape")
    wait_for(lambda: is_in_front(desk), "the end of the dialog")
    close_settings(desk)
