"""What holds for each concern of the desktop, whichever system serves it: its own way, or none."""

from __future__ import annotations

import asyncio
import inspect
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reader.desktop import base, choose, none, windows, windows_media
from reader.desktop.base import (
    Autostart,
    Battery,
    MediaControls,
    OthersVolume,
    Permission,
    Playing,
    ScreenLock,
    ScreenLockInhibitor,
    ScreenReaderWatch,
    TextService,
)
from reader.desktop.choose import SYSTEMS, System
from reader.errors import SettingsError
from reader.flow import Command, ScreenReader, State, StateChanged
from tests.desktop.desk import wait_for
from tests.fakes import windows_keys, windows_registry
from tests.fakes.session_bus import session_bus

INTERFACES = {
    "accessibility": base.AccessibilitySwitch,
    "autostart": base.Autostart,
    "battery": base.Battery,
    "menu_entry": base.MenuEntry,
    "media_controls": base.MediaControls,
    "others_volume": base.OthersVolume,
    "permission": base.Permission,
    "screen_lock": base.ScreenLockInhibitor,
    "screen_locked": base.ScreenLock,
    "screen_reader": base.ScreenReaderWatch,
    "text_service": base.TextService,
}
NONE = "none"
COMMAND = [sys.executable, "-m", "ui.launch"]
READING = Playing(7, False, "Heart", 1.25, 0.5)


def every(concern: str) -> list[Any]:
    """The classes that serve a concern, by the system's name, and the null."""
    systems = {**SYSTEMS, NONE: System()}
    places = {getattr(system, concern): name for name, system in systems.items()}
    return [pytest.param(choose._import(place), id=name) for place, name in places.items()]


@pytest.fixture(autouse=True)
def windows_own(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Windows as far as `windows.py` asks it. What its display was told."""
    told: list[int] = []
    kernel = SimpleNamespace(SetThreadExecutionState=told.append)
    windows_registry.keys.clear()
    windows_keys.registered.clear()
    monkeypatch.setattr(windows_media, "win32", windows_keys)
    monkeypatch.setitem(sys.modules, "winreg", windows_registry)
    monkeypatch.setattr(windows, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(windows, "ctypes", SimpleNamespace(windll=SimpleNamespace(kernel32=kernel)))
    return told


@pytest.fixture(params=[False, True], ids=["no bus", "bus"])
def bus(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A desktop without a session bus, and one with a bus on which there is nobody else."""
    if not request.param:
        yield
        return
    if not shutil.which("dbus-daemon"):
        pytest.skip("dbus-daemon is not installed")
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield


@pytest.mark.parametrize("concern", [field.name for field in fields(System)])
def test_every_system_has_the_whole_interface(concern: str) -> None:
    interface = INTERFACES[concern]
    wanted = {
        name: inspect.signature(member)
        for name, member in vars(interface).items()
        if inspect.isfunction(member) and not name.startswith("_")
    }
    assert wanted
    for system in (*SYSTEMS.values(), System()):
        served_by = choose._import(getattr(system, concern))
        for name, signature in wanted.items():
            method = getattr(served_by, name)
            assert list(inspect.signature(method).parameters) == list(signature.parameters), (served_by, name)
            assert inspect.iscoroutinefunction(method) is inspect.iscoroutinefunction(getattr(interface, name))


@pytest.mark.parametrize("made_by", every("autostart"))
class TestAutostart:
    @pytest.fixture
    def autostart(self, made_by: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Autostart:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "system"))
        made: Autostart = made_by(lambda: COMMAND)
        return made

    def test_it_is_what_it_was_set_to(self, autostart: Autostart) -> None:
        assert not autostart.is_on()
        if isinstance(autostart, none.NoAutostart):
            with pytest.raises(SettingsError, match=r"can't .*\."):
                autostart.set(True)
            assert not autostart.is_on()
            return
        for is_on in (True, True, False, False, True):
            autostart.set(is_on)
            assert autostart.is_on() is is_on

    def test_to_switch_off_what_is_off_is_no_fault(self, autostart: Autostart) -> None:
        autostart.set(False)
        assert not autostart.is_on()

    def test_the_system_has_it_not_harken(self, made_by: Any, autostart: Autostart) -> None:
        if not isinstance(autostart, none.NoAutostart):
            autostart.set(True)
            another: Autostart = made_by(lambda: COMMAND)
            assert another.is_on()
            another.set(False)
        assert not autostart.is_on()

    def test_what_it_starts_is_this_harken(self, autostart: Autostart, tmp_path: Path) -> None:
        if isinstance(autostart, none.NoAutostart):
            return
        autostart.set(True)
        entries = [path.read_text() for path in tmp_path.rglob("*") if path.suffix in (".desktop", ".plist")]
        entries += [str(value) for key in windows_registry.keys.values() for value, _ in key.values()]
        assert any(all(part in entry for part in COMMAND) for entry in entries)


def test_what_windows_settings_switched_off_is_off() -> None:
    autostart = windows.RunKey(lambda: COMMAND)
    autostart.set(True)
    with windows_registry.CreateKey(windows_registry.HKEY_CURRENT_USER, windows._APPROVED) as key:
        windows_registry.SetValueEx(key, "Harken", 0, windows_registry.REG_BINARY, bytes([3, *[0] * 11]))
    assert not autostart.is_on()
    autostart.set(True)  # and the user may change it here again
    assert autostart.is_on()


@pytest.mark.usefixtures("bus")
@pytest.mark.parametrize("made_by", every("screen_lock"))
class TestScreenLock:
    async def test_what_is_said_twice_is_said_once(self, made_by: Any, windows_own: list[int]) -> None:
        lock: ScreenLockInhibitor = made_by()
        for _ in range(2):
            lock.hold()
            lock.hold()
            lock.release()
            lock.release()
        lock.hold()
        await lock.close()
        await lock.close()
        if isinstance(lock, windows.ExecutionState):
            display, nothing = 0x80000003, 0x80000000  # ES_CONTINUOUS with and without SYSTEM and DISPLAY
            assert [state for i, state in enumerate(windows_own) if windows_own[i - 1 : i] != [state]] == [
                *[display, nothing] * 3
            ]

    async def test_one_that_was_never_held_can_be_let_go(self, made_by: Any) -> None:
        lock: ScreenLockInhibitor = made_by()
        lock.release()
        await lock.close()


@pytest.mark.usefixtures("bus")
@pytest.mark.parametrize("made_by", every("screen_locked"))
class TestScreenLocked:
    async def test_where_nobody_knows_it_is_not_locked(self, made_by: Any) -> None:
        lock: ScreenLock = made_by()
        assert not await lock.is_locked()
        assert not await lock.is_locked()
        await lock.close()
        await lock.close()

    async def test_one_that_was_never_asked_can_be_closed(self, made_by: Any) -> None:
        lock: ScreenLock = made_by()
        await lock.close()


@pytest.mark.parametrize("made_by", every("battery"))
def test_a_battery_can_be_asked_on_a_computer_that_may_have_none(made_by: Any) -> None:
    battery: Battery = made_by()
    assert battery.is_low() in (True, False)


@pytest.mark.usefixtures("bus")
@pytest.mark.parametrize("made_by", every("media_controls"))
class TestMediaControls:
    async def test_it_shows_what_it_is_given_and_asks_for_nothing(self, made_by: Any) -> None:
        asked: list[object] = []
        media: MediaControls = made_by(asked.append, asked.append, asked.append)
        for playing in (READING, READING, replace(READING, is_paused=True), None, None, READING):
            media.show(playing)
        await media.close()
        await media.close()
        assert asked == []

    async def test_one_that_showed_nothing_can_be_closed(self, made_by: Any) -> None:
        media: MediaControls = made_by(lambda _: None, lambda _: None, lambda _: None)
        media.show(None)
        await media.close()


async def test_windows_media_keys_are_harkens_while_it_reads_and_only_then() -> None:
    came: asyncio.Queue[Command] = asyncio.Queue()
    media = windows_media.MediaKeys(came.put_nowait, lambda _: None, lambda _: None)
    taken = {(0, key) for key in range(0xB0, 0xB4)}
    rival = windows_keys.MessageThread("another program's", lambda *_: None)
    rival.submit(lambda: windows_keys.user32().RegisterHotKey(None, 1, 0, 0xB2))
    for playing in (READING, replace(READING, is_paused=True), READING):
        media.show(playing)
        await asyncio.to_thread(wait_for, lambda: windows_keys.registered.keys() == taken, "the keys")
        assert windows_keys.press(0, 0xB3)
        assert await came.get() is Command.PAUSE_RESUME
    for key, command in ((0xB0, Command.NEXT), (0xB1, Command.PREVIOUS)):
        windows_keys.press(0, key)
        assert await came.get() is command
    media.show(None)
    await asyncio.to_thread(wait_for, lambda: windows_keys.registered.keys() == {(0, 0xB2)}, "the keys")
    assert not windows_keys.press(0, 0xB3)
    media.show(READING)
    await media.close()
    assert windows_keys.registered.keys() == {(0, 0xB2)}
    assert came.empty()


@pytest.mark.parametrize("made_by", every("others_volume"))
class TestOthersVolume:
    async def test_what_is_said_twice_is_said_once_and_nothing_is_left(self, made_by: Any, tmp_path: Path) -> None:
        others: OthersVolume = made_by(tmp_path / "lowered.json")
        for _ in range(2):
            others.lower(50.0)
            others.lower(50.0)
            others.restore()
            others.restore()
        others.lower(25.0)
        await others.close()
        await others.close()
        assert [name for name in os.listdir(tmp_path) if name.startswith("lowered")] == []

    async def test_one_that_has_lowered_nothing_starts_nothing(self, made_by: Any, tmp_path: Path) -> None:
        others: OthersVolume = made_by(tmp_path / "lowered.json")
        before = asyncio.all_tasks()
        others.restore()
        assert asyncio.all_tasks() == before
        assert isinstance(others.is_supported, bool)
        await others.close()


@pytest.mark.usefixtures("bus")
@pytest.mark.parametrize("made_by", every("screen_reader"))
class TestScreenReaderWatch:
    async def test_where_none_runs_none_is_reported(self, made_by: Any) -> None:
        found: list[ScreenReader] = []
        watch: ScreenReaderWatch = made_by(found.append)
        await watch.start()
        for state in (State.PREPARING, State.SPEAKING, State.IDLE):
            watch.on_event(StateChanged(1, state))
        await watch.close()
        await watch.close()
        assert not [reader for reader in found if reader.is_running]

    async def test_one_that_was_not_started_can_be_closed(self, made_by: Any) -> None:
        watch: ScreenReaderWatch = made_by(lambda _: None)
        watch.on_event(StateChanged(1, State.SPEAKING))
        await watch.close()


@pytest.mark.parametrize("made_by", every("permission"))
async def test_where_nobody_is_asked_a_permission_is_neither_given_nor_missing(made_by: Any) -> None:
    permission: Permission = made_by()
    assert await permission.is_given() is None
    for _ in range(2):
        await permission.ask()


@pytest.mark.parametrize("made_by", every("text_service"))
def test_a_text_service_hands_over_nothing_by_itself(made_by: Any) -> None:
    texts: list[str] = []
    service: TextService = made_by(texts.append)
    service.start()
    service.close()
    service.close()
    assert texts == []


class TestRows:
    """A concern of a system is one word in its row."""

    def test_a_toy_is_used(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        row = System(autostart=f"{__name__}:ToyAutostart", others_volume=f"{__name__}:ToyVolume")
        monkeypatch.setitem(SYSTEMS, sys.platform, row)
        choose.prepare()
        assert choose.autostart().is_on()
        asked: list[Command] = []
        follower = choose.follower(
            asked.append, lambda _: None, lambda _: None, lambda name: name, (1.0, 1.0), tmp_path
        )
        assert isinstance(follower.others, ToyVolume)
        assert follower.others.note.parent == tmp_path
        assert __name__ in choose.modules()

    async def test_a_system_without_a_row_has_the_nulls(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(SYSTEMS, sys.platform)
        assert isinstance(choose.autostart(), none.NoAutostart)
        watch = await choose.screen_readers(lambda _: None)
        assert isinstance(watch, none.NoScreenReaderWatch)

    @pytest.mark.parametrize("system", [*SYSTEMS, "toyos"])
    def test_what_is_packed_for_a_system_has_its_row(self, system: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(choose, "sys", SimpleNamespace(platform=system))
        places = asdict(SYSTEMS.get(system, System())).values()
        assert set(choose.modules()) == {place.partition(":")[0] for place in places}


class ToyAutostart(none.NoAutostart):
    """One that is always on."""

    def is_on(self) -> bool:
        return True


class ToyVolume(none.NoOthersVolume):
    """One that remembers where it may note something."""

    def __init__(self, note: Path) -> None:
        super().__init__(note)
        self.note = note
