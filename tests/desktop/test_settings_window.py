"""The settings window on a real screen: worked with keys alone, and seen as a screen reader sees it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator

import pytest

from reader.settings.schema import SETTINGS
from reader.settings.setting import Page, Setting, SettingKind
from tests.desktop import hearing
from tests.desktop.accessible import Item, Watcher
from tests.desktop.desk import Desk, wait_for
from tests.desktop.recorder import Samples
from tests.desktop.rival import start_rival

TITLE = "Harken settings"
TEXT = "The chord was changed in the window."
SEARCH = ("text", "Search the settings")
SHOWING = 25  # a state of AT-SPI
# What a person works with.
WORKED = {
    "push button",
    "button",
    "check box",
    "combo box",
    "spin box",
    "slider",
    "text",
    "list",
    "list item",
    "tree",
    "label",
}


@pytest.fixture
def watcher(desk: Desk) -> Iterator[Watcher]:
    made = Watcher(desk)
    made.follow_focus()
    yield made
    made.close()


@pytest.fixture
def settings(desk: Desk) -> Iterator[None]:
    """The window, opened from the tray's menu."""
    open_settings(desk)
    yield
    close_settings(desk)


def open_settings(desk: Desk) -> None:
    desk.open_tray_menu()
    desk.keyboard.press("e")
    wait_for(lambda: is_in_front(desk), "the settings window")


def close_settings(desk: Desk) -> None:
    def is_closed() -> bool:
        desk.keyboard.press("Escape")
        return not is_in_front(desk)

    wait_for(is_closed, "the window's end")


def is_in_front(desk: Desk) -> bool:
    return desk.output(["xdotool", "getactivewindow", "getwindowname"]).strip() == TITLE


def type_text(desk: Desk, text: str) -> None:
    desk.call(["xdotool", "type", "--delay", "4", text])


def next_control(watcher: Watcher, limit_s: float = 10) -> tuple[str, str]:
    """(role, name) of the control that gets the focus next, but for the list of pages, which tells of itself a lot."""
    while (found := watcher.next_focus(limit_s))[0].startswith("list"):
        pass
    return found


def go_to(desk: Desk, watcher: Watcher, key: str) -> tuple[str, str]:
    """Find a setting with the search and go to its field. Returns the field's role and name."""

    def search() -> Item | None:
        # A window that has just come to the front may not have the keys yet.
        desk.keyboard.press("ctrl+f")
        try:
            while watcher.role_and_name(item := watcher.next_focused(limit_s=2)) != SEARCH:
                pass
        except TimeoutError:
            return None
        return item

    field = wait_for(search, "the search")
    type_text(desk, key)
    wait_for(lambda: watcher.read(field, "Text", "CharacterCount") == len(key), f"“{key}” in the search")
    desk.keyboard.press("Return")
    return next_control(watcher)


def showing(watcher: Watcher, item: Item) -> Iterator[tuple[str, str]]:
    """(role, name) of what is seen of an item and in it."""
    if watcher.has_state(item, SHOWING):
        yield watcher.call(item, "Accessible", "GetRoleName"), watcher.read(item, "Accessible", "Name")
    for child in watcher.children(item):
        yield from showing(watcher, child)


@pytest.mark.usefixtures("settings")
class TestSeenFromOutside:
    def test_every_control_of_every_page_is_reached_with_tab_and_has_a_name(self, desk: Desk, watcher: Watcher) -> None:
        for page in Page:
            reached = []
            while SEARCH not in reached:
                desk.keyboard.press("Tab")
                reached.append(next_control(watcher))
            names = [name for _, name in reached]
            assert all(names)
            assert {role for role, _ in reached} <= WORKED
            if page not in (Page.POLLY, Page.WORDS):  # their fields are in groups
                # A combo box is named by its value, and has its label by a relation.
                own = [setting for setting in SETTINGS.values() if setting.page is page]
                boxes = [setting for setting in own if setting.kind in (SettingKind.CHOICE, SettingKind.DEVICE)]
                labels = [setting.label for setting in own if setting not in boxes]
                assert [role for role, _ in reached].count("combo box") == len(boxes)
                assert [label for label in labels if not any(name.startswith(label) for name in names)] == [], reached
            desk.keyboard.press("ctrl+Next")

    def test_everything_has_a_name_and_a_role(self, desk: Desk) -> None:
        watcher = Watcher(desk)
        try:
            found = list(shown(watcher))
        finally:
            watcher.close()
        assert len(found) > 20
        unnamed = [role for role, name in found if not name and role in WORKED]
        assert not unnamed
        assert not [role for role, _ in found if role in ("unknown", "invalid")]


# Letters of no key of Harken's own.
_SPARE = "ceghijklopqstuvwyz"


# What a text has to be like, where not any text will do.
_TEXTS = {"voice.preferred": "de=espeak/de", "server.url": "http://127.0.0.1:9/v1"}


def another_value(desk: Desk, watcher: Watcher, setting: Setting, spare: Iterator[str]) -> None:
    """Change what has the focus, with keys."""
    match setting.kind:
        case SettingKind.SWITCH:
            desk.keyboard.press("space")
        case SettingKind.NUMBER:
            desk.keyboard.press("Down" if setting.default == setting.high else "Up")
        case SettingKind.CHOICE:
            desk.keyboard.press("Down")
        case SettingKind.DEVICE:  # the devices there are have yet to be found
            wait_for(
                lambda: desk.keyboard.press("Down") and any(r.get("key") == setting.key for r in desk.records()),
                "a device",
            )
        case SettingKind.TEXT:
            desk.keyboard.press("ctrl+a")
            type_text(desk, _TEXTS.get(setting.key, "names"))
            desk.keyboard.press("Return")
        case SettingKind.COLOUR:
            desk.keyboard.press("ctrl+a")
            type_text(desk, "#204060")
            desk.keyboard.press("Return")
        case SettingKind.REGION:
            desk.keyboard.press("ctrl+a")
            type_text(desk, "eu-west-1")
            desk.keyboard.press("Return")
        case SettingKind.CHORD:
            desk.keyboard.press("space")
            desk.keyboard.press(next(spare))
        case SettingKind.VOICE | SettingKind.LANGUAGE:
            desk.keyboard.press("space")
            assert next_control(watcher)[1].startswith("Find")
            type_text(desk, "german")
            desk.keyboard.press("Return")
            wait_for(lambda: is_in_front(desk), "the dialog's end")


# One box serves for both, and there are no profiles on this desktop.
WITHOUT_A_FIELD = {"polly.profile"}


@pytest.fixture
def own_settings(desk: Desk) -> None:
    """The settings as they are at first."""
    assert desk.harken
    desk.end(desk.harken)
    (desk.home / ".config" / "harken" / "settings.toml").unlink(missing_ok=True)
    desk.start_harken()
    desk.begin()


@pytest.mark.usefixtures("own_settings")
def test_every_setting_changed_in_the_window_holds_is_written_and_survives_a_restart(
    desk: Desk, watcher: Watcher
) -> None:
    walked = [setting for key, setting in SETTINGS.items() if key not in WITHOUT_A_FIELD]
    spare = (f"super+{second}+{letter}" for second in ("alt", "ctrl") for letter in _SPARE)
    open_settings(desk)
    for setting in walked:
        assert go_to(desk, watcher, setting.key)[0] in WORKED
        another_value(desk, watcher, setting, spare)
        desk.wait_for_record("setting", key=setting.key, limit_s=10)
    close_settings(desk)
    told = json.loads(desk.harken_output("settings", "list", "--json"))
    assert [s.key for s in walked if told[s.key] == s.default] == []
    file = tomllib.loads((desk.home / ".config" / "harken" / "settings.toml").read_text())
    written = {f"{section}.{name}": value for section, table in file.items() for name, value in table.items()}
    written = {key: value for key, value in written.items() if key not in WITHOUT_A_FIELD}
    assert written == {s.key: told[s.key] for s in walked}
    restart(desk)
    assert json.loads(desk.harken_output("settings", "list", "--json")) == told


def restart(desk: Desk) -> None:
    assert desk.harken
    desk.end(desk.harken)
    desk.start_harken()


def record_chord(desk: Desk, watcher: Watcher, chord: str) -> None:
    """Press the button that has the focus, and then a chord, when the button waits for it."""
    desk.keyboard.press("space")
    wait_for(lambda: any("Press the keys" in name for _, name in shown(watcher)), "recording")
    desk.keyboard.press(chord)
    wait_for(lambda: not any("Press the keys" in name for _, name in shown(watcher)), "the chord")


@pytest.mark.usefixtures("own_settings")
class TestKeys:
    def test_a_new_chord_works_at_once_and_the_old_one_no_more(self, desk: Desk, watcher: Watcher) -> None:
        open_settings(desk)
        go_to(desk, watcher, "keys.read_selection")
        record_chord(desk, watcher, "super+alt+r")  # its own: nothing is read meanwhile, and nothing changes
        record_chord(desk, watcher, "super+alt+j")
        desk.wait_for_record("setting", key="keys.read_selection")
        close_settings(desk)
        assert desk.harken_output("settings", "get", "keys.read_selection") == "Super+Alt+J\n"
        assert not desk.spoken()
        desk.open_text(TEXT)
        desk.select_all(TEXT)
        desk.keyboard.press("super+alt+j")
        desk.wait_for_record("ended", whole=True)
        assert " ".join(desk.spoken()) == TEXT

    def test_a_chord_of_another_program_is_refused_by_its_name(self, desk: Desk, watcher: Watcher) -> None:
        rival = start_rival(desk, "k")
        try:
            open_settings(desk)
            go_to(desk, watcher, "keys.stop")
            record_chord(desk, watcher, "super+alt+k")
            wait_for(lambda: "xbindkeys" in "".join(texts(watcher)), "the refusal")
            assert desk.harken_output("settings", "get", "keys.stop") == "Super+Alt+X\n"
            assert ("push button", "Stop: Super+Alt+X") in list(shown(watcher))
            close_settings(desk)
        finally:
            desk.end(rival)


def shown(watcher: Watcher) -> Iterator[tuple[str, str]]:
    """(role, name) of what is seen of the settings window."""
    (window,) = [w for w in watcher.windows() if watcher.read(w, "Accessible", "Name") == TITLE]
    return showing(watcher, window)


def texts(watcher: Watcher) -> list[str]:
    return [name for role, name in shown(watcher) if role == "label"]


@pytest.mark.usefixtures("own_settings")
def test_what_is_set_is_heard_and_heard_no_more(desk: Desk, watcher: Watcher) -> None:
    open_settings(desk)
    go_to(desk, watcher, "voice.id")
    another_value(desk, watcher, SETTINGS["voice.id"], iter(()))
    desk.wait_for_record("setting", key="voice.id")
    while next_control(watcher) != ("push button", "Hear it"):
        desk.keyboard.press("Tab")
    desk.keyboard.press("Return")
    heard = desk.wait_for_record("segment")
    assert (heard["voice"], heard["language"]) == ("espeak/de", "de")
    desk.keyboard.press("Return")
    desk.wait_for_record("ended", whole=False)
    close_settings(desk)


@pytest.mark.usefixtures("own_settings")
def test_a_choice_of_what_is_read_is_heard_at_once(desk: Desk, watcher: Watcher) -> None:
    open_settings(desk)
    go_to(desk, watcher, "text.addresses")

    def hear(times: int) -> tuple[str, Samples]:
        """The sample is read the so many-th time: its words, and what was heard."""
        before = len(desk.spoken())
        desk.keyboard.press("Tab")
        while next_control(watcher) != ("push button", "Hear it: Web addresses"):
            desk.keyboard.press("Tab")
        pressed = desk.keyboard.press("Return")
        desk.wait_for_record("ended", times, whole=True)
        return " ".join(desk.spoken()[before:]), desk.recorder.since(pressed)

    assert "www.example.com/books/guide.html" in hear(1)[0]
    go_to(desk, watcher, "text.addresses")
    for _ in range(2):
        desk.keyboard.press("Down")
    desk.wait_for_record("setting", 2, key="text.addresses")
    said, heard = hear(2)
    assert said == "The guide is at link, in three languages."
    for sound in hearing.voiced(desk.spoken()[-2:]):
        assert hearing.find(sound, heard).likeness > 0.98
    close_settings(desk)
