"""A way to take keys is one row (reader/hotkeys/choose.py): with a toy of it, it is everywhere it should be."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from reader.audio.none import NoDevice
from reader.core import doctor
from reader.core.app import App
from reader.flow import BoundKeys, Command, Event, KeysChanged, Notice, State
from reader.hotkeys import choose
from reader.hotkeys.chord import Chord
from reader.hotkeys.hotkeys import Hotkeys
from reader.settings.store import Settings
from tests.fakes.bridge import FakeBridge
from tests.fakes.toy_hotkeys import ToyHotkeys, row
from ui.closing import ClosingQuestion
from ui.first_run import FirstSteps
from ui.menu.menu import Menu, MenuActions
from ui.presenter import look
from ui.settings.keys_page import KeysPage

ROOT = Path(__file__).parents[2]
READ = Chord.parse("Super+Alt+R")
NAME = "<Alt><Super>r"
NAMED = BoundKeys({Command.READ_SELECTION: NAME, Command.SHOW: "<Super>m"})
NONE = BoundKeys(refused={Command.READ_SELECTION: "Super+Alt+R is taken by the toys."})


@asynccontextmanager
async def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *toys: choose.HotkeyEntry) -> AsyncIterator[App]:
    """Harken on a desktop with these back ends and nothing else."""
    monkeypatch.setattr(choose, "BACKENDS", toys)
    app = App(Settings(tmp_path / "settings.toml"), device=NoDevice(1000.0), is_served=True)
    try:
        await app.start(with_desktop=True)
        yield app
    finally:
        await app.stop()


async def test_its_keys_work_and_the_doctor_names_it_and_those_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy, other = ToyHotkeys(), ToyHotkeys()
    other.name = "other keys"
    toy.calls[READ] = NAME
    async with started(tmp_path, monkeypatch, row(other, "there is no other desktop"), row(toy)) as app:
        events: asyncio.Queue[Event] = asyncio.Queue()
        app.subscribe(events.put_nowait)
        keys = next(line for line in await doctor.report(app) if line["part"] == "keys")
        assert keys["chosen"] == "toy keys"
        assert keys["refused"] == [["other keys", "there is no other desktop"]]
        assert f"read-selection: {NAME}" in keys["notes"]
        toy.press(READ)
        while not isinstance(event := await events.get(), Notice):
            pass
        assert "can't see selections on this desktop" in event.sentence
        app.show()
        while not isinstance(event := await events.get(), Notice):
            pass
        assert event.sentence == f"Harken is running. Select text and press {NAME}."


async def test_where_it_is_not_the_doctor_says_so_and_no_key_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = ToyHotkeys(swallows=False, sees_conflicts=False, has_escape=False)
    async with started(tmp_path, monkeypatch, row(toy)) as app:
        told: list[Event] = []
        app.subscribe(told.append)
        keys = next(line for line in await doctor.report(app) if line["part"] == "keys")
        assert "the program in front gets the keys as well" in keys["notes"]
        assert len([note for note in keys["notes"] if "would also reach the program in front" in note]) == 1
        assert not [note for note in keys["notes"] if note.startswith("read-selection")]
        app.show()
        sentences = [event.sentence for event in told if isinstance(event, Notice)]
        assert sentences == ["Harken is running. Select text and choose “Read selection”."]


async def test_the_doctor_alone_has_no_desktop_ask_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy = ToyHotkeys(asks_user=True, sees_conflicts=False, has_escape=False)
    monkeypatch.setattr(choose, "BACKENDS", [row(toy)])
    app = App(Settings(tmp_path / "settings.toml"), device=NoDevice(1000.0))
    try:
        await app.start(with_desktop=True)
        keys = next(line for line in await doctor.report(app) if line["part"] == "keys")
        assert keys["chosen"] == "toy keys"
        assert any("may ask you to allow the keys when Harken runs" in note for note in keys["notes"])
        assert (toy.dialogs, toy.bound) == (0, {})
    finally:
        await app.stop()


async def test_a_library_that_is_not_there_is_a_reason_and_no_end(tmp_path: Path) -> None:
    hotkeys = Hotkeys(lambda _: None, entries=[choose.HotkeyEntry("x", "no.such.module", (sys.platform,))])
    await hotkeys.open()
    assert hotkeys.refusals == [("x", "ModuleNotFoundError: No module named 'no'")]
    assert hotkeys.backend.name == "no hotkeys"


@pytest.mark.parametrize("session", [{"WAYLAND_DISPLAY": "wayland-0"}, {"XDG_SESSION_TYPE": "wayland"}])
def test_grabs_are_no_way_in_a_wayland_session(monkeypatch: pytest.MonkeyPatch, session: dict[str, str]) -> None:
    """XWayland makes every grab. On GNOME the key then goes to the program in front, which types it."""
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    grabs = next(entry for entry in choose.BACKENDS if entry.name == "x11 grabs")
    assert grabs.why_not() == ""
    for name, value in session.items():
        monkeypatch.setenv(name, value)
    assert "Wayland session" in grabs.why_not()


async def test_a_row_names_the_module_that_opens_it_and_packaging_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = choose.HotkeyEntry("toy keys", "tests.fakes.toy_hotkeys", (sys.platform,))
    heard: list[Command] = []
    toy = await entry.open(heard.append)
    await toy.bind({Command.READ_SELECTION: READ})
    assert isinstance(toy, ToyHotkeys)
    toy.press(READ)
    assert heard == [Command.READ_SELECTION]
    monkeypatch.setattr(choose, "BACKENDS", (*choose.BACKENDS, entry))
    spec = importlib.util.spec_from_file_location("hidden", ROOT / "packaging" / "hidden.py")
    assert spec
    assert spec.loader
    hidden = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hidden)
    assert {"tests.fakes.toy_hotkeys", "reader.hotkeys.x11"} <= set(hidden.modules(ROOT / "reader"))


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin", "toyos"])
def test_what_is_packed_for_a_system_has_a_row_for_it(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "sys", SimpleNamespace(platform=platform))
    assert choose.modules() == [entry.module for entry in choose.BACKENDS if platform in entry.platforms]


async def test_ways_of_other_platforms_are_not_tried_and_not_listed(tmp_path: Path) -> None:
    elsewhere = choose.HotkeyEntry("other keys", "no.such.module", ("elsewhere",))
    hotkeys = Hotkeys(lambda _: None, entries=[elsewhere])
    await hotkeys.open()
    assert (hotkeys.backend.name, hotkeys.refusals) == ("no hotkeys", [])


def test_every_row_has_a_name_of_its_own() -> None:
    names = [entry.name for entry in choose.BACKENDS]
    assert len(set(names)) == len(names)


class TestWindows:
    def test_the_menu_names_the_keys_there_are(self, bridge: FakeBridge) -> None:
        parent = QWidget()
        menu = Menu(bridge, MenuActions(*[lambda: None] * len(fields(MenuActions))), parent)

        def text() -> str:
            return menu.commands.by_command[Command.READ_SELECTION].text()

        assert text() == "&Read selection\tSuper+Alt+R"
        for keys, expected in ((NAMED, f"&Read selection\t{NAME}"), (NONE, "&Read selection")):
            bridge.show_keys(keys)
            menu.show_keys()
            assert text() == expected

    def test_the_menu_names_no_keys_that_work_in_windows_alone(self, bridge: FakeBridge) -> None:
        parent = QWidget()
        menu = Menu(bridge, MenuActions(*[lambda: None] * len(fields(MenuActions))), parent)
        own = set(menu.commands.by_command.values())
        others = [action for each in (menu, menu.more) for action in each.actions() if action not in own]
        assert len(others) > 10
        assert not [action.text() for action in others if "\t" in action.text() or not action.shortcut().isEmpty()]

    def test_the_tooltip_names_the_keys_there_are(self) -> None:
        assert f"{NAME} reads the selection" in look(State.IDLE, "", NAMED.names).tooltip
        assert "Super" not in look(State.IDLE, "", NONE.names).tooltip

    def test_the_first_steps_have_the_user_press_a_key_only_where_there_is_one(
        self, qt: QApplication, bridge: FakeBridge
    ) -> None:
        steps = FirstSteps(bridge, lambda: True)
        bridge.show_keys(BoundKeys())
        assert "Press {" not in steps.told()
        assert "Super" not in steps.told()
        bridge.show_keys(BoundKeys(is_asking=True))
        assert "Your desktop is asking whether Harken may use keys." in steps.told()
        bridge.show_keys(NONE)
        assert "Super+Alt+R is taken by the toys." in steps.told()
        assert "the key reads it aloud" not in steps.sample.toPlainText()
        bridge.show_keys(NAMED)
        assert f"Press {NAME} to hear it." in steps.told()
        assert f"The text below is selected. Press {NAME}." in steps.told()
        assert steps.sample.textCursor().selectedText() == steps.sample.toPlainText()
        assert "the key reads it aloud" in steps.sample.toPlainText()
        steps.deleteLater()

    def test_the_keys_page_says_what_the_desktop_made_of_them(self, qt: QApplication, bridge: FakeBridge) -> None:
        page = KeysPage(bridge)
        page.show()
        bridge.happened.connect(page.on_event)
        read, stop = page.fields["keys.read_selection"], page.fields["keys.stop"]
        assert (read.message, stop.message) == ("", "")
        bridge.show_keys(NONE)
        assert "is taken by the toys" in read.message
        assert "in every program" not in shown(page)
        bridge.show_keys(NAMED)
        assert f"Your desktop uses {NAME} for this." in read.message
        assert "in every program" in shown(page)
        assert "Esc" in page.fields["keys.escape_stops"].message
        bridge.show_keys(replace(NAMED, advice="They are changed in System Settings."))
        assert "They are changed in System Settings." in shown(page)
        assert "To change one, press its button" not in shown(page)
        bridge.show_keys(bridge._bound())
        assert read.message == ""
        assert page.fields["keys.escape_stops"].message == ""
        page.deleteLater()

    @pytest.mark.parametrize(
        ("keys", "sentence"),
        [
            (NAMED, "Its keys keep working. <Super>m or “harken show” brings the player back."),
            (BoundKeys({Command.STOP: "F9"}), "Its keys keep working. “harken show” in a terminal brings the"),
            (NONE, "“harken show” in a terminal brings the player back."),
        ],
    )
    def test_who_closes_the_window_is_told_of_keys_that_there_are(
        self, qt: QApplication, keys: BoundKeys, sentence: str
    ) -> None:
        window = QWidget()
        assert ClosingQuestion(window, keys.names, lambda: None).informativeText().startswith(sentence)

    def test_the_bridge_has_them_before_anybody_hears_of_it(
        self, qt: QApplication, bridge: FakeBridge, until: Callable[[Callable[[], bool]], None]
    ) -> None:
        seen: list[str] = []
        bridge.happened.connect(lambda event: seen.append(bridge.keys.names[Command.READ_SELECTION]))
        bridge._forward(KeysChanged(0, NAMED))
        until(lambda: bool(seen))
        assert seen == [NAME]


def shown(page: KeysPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_names_of_the_desktop_are_made_fit_to_be_shown() -> None:
    assert BoundKeys({Command.STOP: "Super\x1b[31m\n+X"}).names == {Command.STOP: "Super +X"}
