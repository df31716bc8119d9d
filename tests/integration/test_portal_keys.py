"""Keys through the desktop's portal: a strict one on a real bus, in the ways of GNOME 48 and 51, KDE 6.3 and 6.7."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from jeepney import DBusAddress, HeaderFields, new_signal

from reader.core.bindings import Bindings
from reader.dbus import open_bus
from reader.desktop.xdg_menu_entry import XdgMenuEntry
from reader.errors import HotkeyError
from reader.flow import BoundKeys, Command, Event, KeysChanged, Notice
from reader.hotkeys import portal as portal_keys
from reader.hotkeys import portal_session
from reader.hotkeys.choose import BACKENDS, HotkeyEntry
from reader.hotkeys.chord import Chord
from reader.settings.store import Settings
from tests.fakes import portal as portals
from tests.fakes.kglobalaccel import NONSENSE, register
from tests.fakes.portal import GNOME_48, GNOME_51, KDE_63, KDE_67, KINDS, Kind, Portal
from tests.fakes.session_bus import session_bus

pytestmark = pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="dbus-daemon is not installed")

READ, STOP = Chord.parse("Super+Alt+R"), Chord.parse("Super+Alt+X")
WANTED = {Command.READ_SELECTION: READ, Command.STOP: STOP}
READ_TRIGGER, STOP_TRIGGER = "ALT+LOGO+r", "ALT+LOGO+x"
ROW = next(entry for entry in BACKENDS if entry.name == "portal")


@pytest.fixture(autouse=True)
def bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A session bus, and a desktop that knows Harken by its entry."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    XdgMenuEntry(lambda: [sys.executable]).make()
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield


class Keys:
    """The back end, and what it has said."""

    def __init__(self, backend: portal_keys.PortalHotkeys, heard: list[Command]) -> None:
        self.backend = backend
        self.heard = heard
        self.changes: asyncio.Queue[BoundKeys] = asyncio.Queue()
        backend.on_change = self.changes.put_nowait
        self.came = asyncio.Event()

    async def expect(self, *commands: Command) -> None:
        while len(self.heard) < len(commands):
            self.came.clear()
            await self.came.wait()
        assert self.heard == list(commands)

    async def named(self) -> BoundKeys:
        """The next change that has keys."""
        while not (keys := await self.changes.get()).names:
            pass
        return keys


@asynccontextmanager
async def opened() -> AsyncIterator[Keys]:
    heard: list[Command] = []

    def hear(command: Command) -> None:
        heard.append(command)
        keys.came.set()

    keys = Keys(await portal_keys.open_hotkeys(hear), heard)
    try:
        yield keys
    finally:
        await keys.backend.close()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
async def test_keys_come_and_are_called_what_the_desktop_calls_them(kind: Kind) -> None:
    async with portals.portal(kind) as portal, opened() as keys:
        portal.answer(True)
        bound = await keys.backend.bind(WANTED)
        expected = "Meta+Alt+R" if "{qt}" in kind.calls else "Super+Alt+R"
        assert sorted(bound.names[Command.READ_SELECTION].split("+")) == sorted(expected.split("+"))
        assert bound.refused == {}
        portal.press(STOP_TRIGGER)
        portal.press(READ_TRIGGER)
        await keys.expect(Command.STOP, Command.READ_SELECTION)
        assert portal.in_front == []


@pytest.mark.noisy
@pytest.mark.parametrize("kind", [GNOME_51, GNOME_48], ids=["GNOME 51", "GNOME 48"])
async def test_a_desktop_that_does_not_know_the_program_gives_keys_once_it_does(tmp_path: Path, kind: Kind) -> None:
    """GNOME 51 has no session for it; GNOME 48 has one, and then gives no key without a word."""
    shutil.rmtree(tmp_path / "data")
    async with portals.portal(kind) as portal, opened() as keys:
        portal.answer(True)
        bound = await keys.backend.bind(WANTED)
        assert bound.names == {}
        assert "does not know Harken" in bound.refused[Command.STOP]
        assert portal.dialogs == 0
        XdgMenuEntry(lambda: [sys.executable]).make()
        assert (await keys.named()).names.keys() == WANTED.keys()


async def test_the_users_own_triggers_win_and_are_followed() -> None:
    async with portals.portal(GNOME_48) as portal, opened() as keys:
        portal.triggers = {"read-selection": "CTRL+F9", "stop": ""}
        bound = await keys.backend.bind(WANTED)
        assert bound.names == {Command.READ_SELECTION: "Ctrl+F9"}
        assert "gave “Stop” no key" in bound.refused[Command.STOP]
        assert portal.dialogs == 0
        portal.press(READ_TRIGGER)
        portal.give("read-selection", "LOGO+p")
        bound = await keys.changes.get()
        assert bound.names == {Command.READ_SELECTION: "Super+P"}
        portal.press("LOGO+p")
        await keys.expect(Command.READ_SELECTION)
        assert portal.in_front == [READ_TRIGGER]


class TestKde:
    """Its portal names keys that others have; its register knows better."""

    async def test_a_key_of_somebody_elses_is_named_with_whose_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
        async with portals.portal(KDE_63), register() as kde, opened() as keys:
            kde.give(0x18000052, "rival", "Rival", "do", "Do things")
            kde.harken({"read-selection": 0, "stop": 0x18000058})
            bound = await keys.backend.bind(WANTED)
            assert bound.names == {Command.STOP: "Alt+Meta+X"}
            (why,) = bound.refused.values()
            assert why.startswith(
                "Rival already uses Alt+Meta+R for “Do things”. Change one of the two in System Settings"
            )
            assert "System Settings" in bound.advice

    async def test_what_the_user_changes_there_is_checked_as_well(self) -> None:
        async with portals.portal(KDE_63) as portal, register() as kde, opened() as keys:
            kde.harken({"read-selection": 0, "stop": 0x18000058})
            bound = await keys.backend.bind(WANTED)
            assert "gave “Read selection, or stop” no key" in bound.refused[Command.READ_SELECTION]
            kde.harken({"read-selection": 0x0C00004A, "stop": 0x18000058})
            portal.give("read-selection", "CTRL+ALT+j")
            bound = await keys.changes.get()
            assert bound.names == {Command.READ_SELECTION: "Ctrl+Alt+J", Command.STOP: "Alt+Meta+X"}
            assert bound.refused == {}

    @pytest.mark.parametrize("answer", NONSENSE, ids=repr)
    async def test_a_register_that_says_nonsense_takes_no_key(self, answer: tuple[str, object]) -> None:
        async with portals.portal(KDE_63), register() as kde, opened() as keys:
            kde.nonsense = answer
            bound = await keys.backend.bind(WANTED)
            assert bound.names.keys() == WANTED.keys()

    async def test_a_component_that_the_register_does_not_know_is_not_judged(self) -> None:
        async with portals.portal(KDE_63), register(), opened() as keys:
            assert (await keys.backend.bind(WANTED)).names.keys() == WANTED.keys()


@pytest.mark.parametrize("kind", [GNOME_48, KDE_67], ids=["GNOME 48", "KDE 6.7"])
async def test_who_refuses_the_dialog_is_not_asked_again(kind: Kind) -> None:
    async with portals.portal(kind) as portal, opened() as keys:
        portal.answer(False)
        bound = await keys.backend.bind(WANTED)
        assert bound.names == {}
        assert set(bound.refused) == set(WANTED)
        assert "gave Harken no keys" in bound.refused[Command.STOP]
        assert " read” in the desktop's own settings" in bound.advice
        assert keys.backend._keeping is None
        assert portal.sessions == {}


@pytest.mark.noisy
async def test_who_refuses_a_later_dialog_is_not_asked_again_either(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "data")
    async with portals.portal(GNOME_51) as portal, opened() as keys:
        portal.answer(False)
        await keys.backend.bind(WANTED)
        keeping = keys.backend._keeping
        assert keeping
        XdgMenuEntry(lambda: [sys.executable]).make()
        assert "gave Harken no keys" in (await keys.changes.get()).refused[Command.STOP]
        await asyncio.wait([keeping])
        assert portal.dialogs == 1


async def test_the_dialog_goes_when_it_is_not_waited_for_any_more() -> None:
    async with portals.portal(GNOME_48) as portal, opened() as keys:
        binding = asyncio.ensure_future(keys.backend.bind(WANTED))
        await portal.has_dialog.wait()
        binding.cancel()
        await asyncio.gather(binding, return_exceptions=True)
        assert portal.sessions == {}
        portal.answer(True)
        bound = await keys.backend.bind({Command.STOP: STOP})
        assert bound.names.keys() == {Command.STOP}
        portal.press(READ_TRIGGER)
        portal.press(STOP_TRIGGER)
        await keys.expect(Command.STOP)


async def test_a_held_key_is_one_press_and_the_next_is_another() -> None:
    async with portals.portal(KDE_63) as portal, opened() as keys:
        await keys.backend.bind(WANTED)
        for is_held in (True, True, False, False):
            portal.press(READ_TRIGGER, is_held=is_held)
        await keys.expect(Command.READ_SELECTION, Command.READ_SELECTION)
        portal.press(STOP_TRIGGER)
        await keys.expect(Command.READ_SELECTION, Command.READ_SELECTION, Command.STOP)


async def test_a_session_that_the_desktop_ends_is_made_again() -> None:
    async with portals.portal(GNOME_48) as portal, opened() as keys:
        portal.answer(True)
        await keys.backend.bind(WANTED)
        portal.close_sessions()
        assert (await keys.changes.get()).names == {}  # nobody is told of a key that there is not
        assert (await keys.named()).names.keys() == WANTED.keys()
        portal.press(READ_TRIGGER)
        await keys.expect(Command.READ_SELECTION)
        assert portal.dialogs == 1


async def test_a_portal_that_is_restarted_is_asked_again() -> None:
    async with opened_on_restarting() as (keys, restarted):
        assert (await keys.named()).names.keys() == WANTED.keys()
        restarted.press(READ_TRIGGER)
        await keys.expect(Command.READ_SELECTION)


@asynccontextmanager
async def opened_on_restarting() -> AsyncIterator[tuple[Keys, Portal]]:
    async with portals.portal(KDE_63):
        keys_of = opened()
        keys = await keys_of.__aenter__()
        await keys.backend.bind(WANTED)
    try:
        async with portals.portal(KDE_63) as portal:
            yield keys, portal
    finally:
        await keys_of.__aexit__(None, None, None)


async def test_what_others_on_the_bus_say_presses_no_key() -> None:
    async with portals.portal(KDE_63) as portal, opened() as keys:
        await keys.backend.bind(WANTED)
        (session,) = portal.sessions.values()
        client = session.owner
        liar = await open_bus()
        emitter = DBusAddress(portals.PATH, interface=portals.SHORTCUTS)
        signal = new_signal(emitter, "Activated", "osta{sv}", (session.path, "stop", 0, {}))
        signal.header.fields[HeaderFields.destination] = client
        await liar.send(signal)
        await liar.close()
        portal.press(READ_TRIGGER)
        await keys.expect(Command.READ_SELECTION)


async def test_without_a_portal_the_reason_is_told() -> None:
    with pytest.raises(HotkeyError, match="ServiceUnknown"):
        await portal_keys.open_hotkeys(lambda _: None)


@pytest.mark.noisy
async def test_one_that_does_not_answer_holds_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal_session, "_LIMIT_S", 0.1)
    monkeypatch.setattr("reader.dbus.LIMIT_S", 0.1)
    async with portals.portal(KDE_63) as portal:
        portal.is_silent = True
        async with opened() as keys:
            bound = await keys.backend.bind(WANTED)
            assert "is not responding" in bound.refused[Command.STOP]
            portal.is_silent = False
            assert (await keys.named()).names.keys() == WANTED.keys()


async def test_the_start_is_not_held_up_by_a_dialog_and_a_late_answer_counts(tmp_path: Path) -> None:
    events: asyncio.Queue[Event] = asyncio.Queue()
    heard: asyncio.Queue[Command] = asyncio.Queue()
    entry = HotkeyEntry(ROW.name, ROW.module, ROW.platforms)
    async with portals.portal(GNOME_48) as portal:
        bindings = Bindings(
            Settings(tmp_path / "settings.toml"),
            heard.put_nowait,
            events.put_nowait,
            entries=[entry],
            answer_s=0.0,
        )
        await bindings.open()
        try:
            await bindings.take()
            assert bindings.keys.is_asking
            assert bindings.keys.names == {}
            portal.answer(True)
            while not (isinstance(event := await events.get(), KeysChanged) and event.keys.names):
                assert not isinstance(event, Notice) or "asking" in event.sentence
            assert event.keys.names[Command.READ_SELECTION] == "Super+Alt+R"
            portal.press(READ_TRIGGER)
            assert await heard.get() is Command.READ_SELECTION
        finally:
            await bindings.close()
