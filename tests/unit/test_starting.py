"""How Harken starts: the keys come first, and a press that comes before all else is ready is read all the same."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

import reader.desktop.choose
from reader.audio.none import NoDevice
from reader.capture import choose
from reader.capture.choose import PlaceEntry
from reader.core import engines_here
from reader.core.app import App
from reader.core.early_keys import EarlyKeys
from reader.core.loop import CoreLoop
from reader.desktop.reading_follower import ReadingFollower
from reader.errors import InstanceError
from reader.flow import Event, KeysChanged, ReadingEnded, Source, State, StateChanged
from reader.hotkeys import choose as hotkeys
from reader.hotkeys.chord import Chord
from reader.ipc.client import connected
from reader.ipc.protocol import VERSION
from reader.session.current_text import TextArrived
from reader.settings.store import Settings
from tests.fakes import toy_place
from tests.fakes.toy_hotkeys import ToyHotkeys, row
from tests.fakes.toy_place import ToyPlace
from ui import bridge as crossing
from ui.bridge import Bridge

TEXT = "This was selected before all was ready."
READ = Chord.parse("Super+Alt+R")
Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> ToyHotkeys:
    """The keys of a desktop on which a text is selected."""
    toy = ToyHotkeys()
    place = PlaceEntry("toy", (Source.SELECTION, Source.CLIPBOARD), "tests.fakes.toy_place", sys.platform)
    monkeypatch.setattr(choose, "PLACES", (place,))
    monkeypatch.setattr(hotkeys, "BACKENDS", (row(toy),))
    return toy


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What is not needed to take keys begins when this is set."""
    prepare, made = reader.desktop.choose.prepare, threading.Event()

    def wait_and_prepare() -> None:
        made.wait()
        prepare()

    monkeypatch.setattr(reader.desktop.choose, "prepare", wait_and_prepare)
    yield made
    made.set()


@asynccontextmanager
async def core(folder: Path, times_real_time: float = 1000.0) -> AsyncIterator[App]:
    """One that the test starts, with eSpeak alone."""
    stored = Settings(folder / "settings.toml")
    stored.set("voice.id", "espeak/")
    local = {name: one for name, one in engines_here.local_engines().items() if name == "espeak"}
    made = App(stored, device=NoDevice(times_real_time), is_served=True, local=local)
    try:
        yield made
    finally:
        await made.stop()


async def press_at_once(app: App, keys: ToyHotkeys, text: str) -> asyncio.Task[None]:
    """Begin to start it, and press the key as soon as it has that. Returns the start, which is not done."""
    starting = asyncio.create_task(app.start(with_desktop=True))
    await app.wait_until_started()
    toy_place.opened[-1].select(text)
    keys.press(READ)
    assert not keys.in_front
    return starting


async def test_a_press_before_all_is_ready_is_read(
    keys: ToyHotkeys, gate: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with core(tmp_path) as app:
        engine = app.engines.all["espeak"]
        start, may_start = engine.start, asyncio.Event()

        async def wait_and_start() -> None:
            await may_start.wait()
            await start()

        monkeypatch.setattr(engine, "start", wait_and_start)
        ended: list[ReadingEnded] = []
        over = asyncio.Event()

        def note(event: Event) -> None:
            if isinstance(event, ReadingEnded):
                ended.append(event)
                over.set()

        app.subscribe(note)
        starting = await press_at_once(app, keys, TEXT)
        gate.set()
        await starting
        assert not ended
        may_start.set()
        await over.wait()
        assert [event.is_whole for event in ended] == [True]
        assert [entry.first_words for entry in app.history()] == [TEXT]


async def test_what_follows_a_reading_learns_of_one_that_began_before_it(
    keys: ToyHotkeys, gate: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Event] = []
    monkeypatch.setattr(ReadingFollower, "on_event", lambda _, event: told.append(event))
    async with core(tmp_path, 1.0) as app:
        speaking = asyncio.Event()

        def note(event: Event) -> None:
            if isinstance(event, StateChanged) and event.state is State.SPEAKING:
                speaking.set()

        app.subscribe(note)
        starting = await press_at_once(app, keys, " ".join([TEXT] * 100))
        await speaking.wait()
        assert not told
        gate.set()
        await starting
        assert [event.state for event in told if isinstance(event, StateChanged)] == [State.SPEAKING]


async def test_all_is_ready_only_when_everything_is_there(
    keys: ToyHotkeys, gate: threading.Event, tmp_path: Path
) -> None:
    async with core(tmp_path) as app:
        shown = asyncio.Event()
        app.warming.warm_up(shown.wait(), "windows")
        starting = asyncio.create_task(app.start(with_desktop=True))
        waiting = asyncio.create_task(app.wait_until_warm())
        await app.wait_until_started()
        gate.set()
        await starting
        assert app.desktop.follower
        assert not waiting.done()
        shown.set()
        await waiting


class Login:
    """Whether Harken starts at login."""

    def __init__(self) -> None:
        self.on = False

    def is_on(self) -> bool:
        return self.on

    def set(self, is_on: bool) -> None:
        self.on = is_on


async def test_settings_that_are_changed_during_the_start_apply(
    keys: ToyHotkeys, gate: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = Login()
    monkeypatch.setattr(reader.desktop.choose, "autostart", lambda: login)
    async with core(tmp_path) as app:
        starting = asyncio.create_task(app.start(with_desktop=True))
        await app.wait_until_started()
        await app.change("keys.read_selection", "Super+Alt+Z")
        await app.change("system.start_at_login", True)
        gate.set()
        await starting
        assert Chord.parse("Super+Alt+Z") in keys.bound
        assert READ not in keys.bound
        assert login.on
        assert app.settings.switch("system.start_at_login")


@pytest.fixture
def early(keys: ToyHotkeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EarlyKeys:
    """Keys that are taken, while nothing else of Harken is there."""
    monkeypatch.setattr(crossing, "socket_address", lambda: str(tmp_path / "socket"))
    monkeypatch.setenv("HARKEN_AUDIO", "none")
    stored = Settings(tmp_path / "settings.toml")
    stored.set("voice.id", "espeak/")
    made = EarlyKeys(CoreLoop(), stored, str(tmp_path / "socket"))
    made.wait(60)
    return made


@pytest.fixture
def bridge(qt: QApplication, keys: ToyHotkeys, early: EarlyKeys) -> Iterator[Bridge]:
    made = Bridge(early)
    yield made
    made.stop()
    made.deleteLater()


def test_a_press_before_the_core_is_there_is_read(
    bridge: Bridge, keys: ToyHotkeys, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def open_place(on_new_selection: Callable[[], None]) -> ToyPlace:
        place = ToyPlace(on_new_selection)
        place.select(TEXT)
        return place

    monkeypatch.setattr(toy_place, "open_place", open_place)
    news: list[Event] = []
    bridge.happened.connect(news.append)
    keys.press(READ)
    assert not keys.in_front
    bridge.start()
    until(lambda: any(isinstance(event, TextArrived) for event in news))
    assert [event.text for event in news if isinstance(event, TextArrived)] == [TEXT]
    assert bridge.keys.names


def test_what_there_is_to_tell_of_the_keys_is_told_once_somebody_listens(
    bridge: Bridge, keys: ToyHotkeys, until: Until
) -> None:
    news: list[Event] = []
    bridge.happened.connect(news.append)
    bridge.start()
    until(lambda: any(isinstance(event, KeysChanged) for event in news))
    assert keys.binds == 1


def test_a_second_harken_leaves_the_first_ones_keys_alone(
    early: EarlyKeys, keys: ToyHotkeys, tmp_path: Path, qt: QApplication
) -> None:
    second = EarlyKeys(CoreLoop(), early.settings, str(tmp_path / "socket"))
    second.wait(60)
    with pytest.raises(InstanceError, match="already running"):
        second.core.submit(second.listening()).result(60)
    assert keys.binds == 1
    for one in (second, early):
        one.core.submit(one.server.close()).result(60)
        one.core.stop()


def test_a_command_before_the_core_is_there_is_answered_once_it_is(
    bridge: Bridge, early: EarlyKeys, keys: ToyHotkeys, tmp_path: Path
) -> None:
    with connected(str(tmp_path / "socket")) as client:
        client.send({"v": VERSION, "do": "status"})
        bridge.start()
        assert client.receive(limit_s=60)["ok"]
