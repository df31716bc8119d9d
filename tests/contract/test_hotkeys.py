"""What holds for everything that takes keys: X11's grabs, sway, GNOME, portals, macOS, one that listens, none, toys.

On Windows: what is registered there.

Each stands on a desktop with a program in front, which says which keys it got.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from reader.desktop.xdg_menu_entry import XdgMenuEntry
from reader.flow import BoundKeys, Command
from reader.hotkeys.base import HotkeyBackend, OnCommand
from reader.hotkeys.chord import ESCAPE, Chord
from tests.contract.hotkey_stands import LAST, OTHER, READ, NoStand, Stand, ToyStand
from tests.contract.mac_hotkey_stand import MacStand
from tests.desktop.desk import Desk, wait_for
from tests.fakes.session_bus import session_bus

TOYS = {
    "toy": {},
    "toy that asks": {"asks_user": True, "sees_conflicts": False, "has_escape": False},
    "toy that listens": {"swallows": False, "sees_conflicts": False, "has_escape": False},
}

if sys.platform == "win32":
    PORTALS: dict[str, object] = {}
    STANDS = ["registered hotkeys"]  # the others are the same on Linux
else:
    from tests.contract.linux_hotkey_stands import BusStand, Front, GnomeSettingsStand, GnomeStand, SwayStand, X11Stand
    from tests.fakes.gnome_daemon import no_gnome_settings
    from tests.fakes.portal import KINDS

    PORTALS = {f"portal of {name}": kind for name, kind in KINDS.items()}
    STANDS = [
        "none",
        *TOYS,
        "mac",
        "sway",
        "gnome shell",
        "gnome settings",
        *PORTALS,
        *(pytest.param(name, marks=pytest.mark.desktop) for name in ("x11 grabs", "pynput listener")),
    ]

if TYPE_CHECKING:
    from tests.contract.windows_hotkey_stand import WindowsFront

WANTED = {Command.READ_SELECTION: READ, Command.STOP: OTHER, Command.NEXT: LAST}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with Desk(sound=False) as made:
        yield made


@pytest.fixture
def gnome_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One whose service for settings keeps them in this test's home."""
    if why := no_gnome_settings():
        pytest.skip(why)
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture(scope="module")
def front(desk: Desk) -> Iterator[Front]:
    made = Front(desk.display)
    yield made
    made.display.close()


@pytest.fixture(scope="module")
def windows_front() -> Iterator[WindowsFront]:
    from tests.contract.windows_hotkey_stand import WindowsFront

    made = WindowsFront()
    yield made
    made.close()


@pytest.fixture(params=STANDS)
def stand(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Stand:
    match request.param:
        case "none":
            return NoStand()
        case toy if toy in TOYS:
            return ToyStand(**TOYS[toy])
        case "mac":
            return MacStand()
        case "registered hotkeys":
            from tests.contract.windows_hotkey_stand import WindowsStand

            return WindowsStand(request.getfixturevalue("windows_front"))
        case "sway":
            return SwayStand(request.getfixturevalue("tmp_path"))
        case "gnome shell":
            address = request.getfixturevalue("bus")
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
            return GnomeStand(address)
        case "gnome settings":
            return GnomeSettingsStand(request.getfixturevalue("gnome_bus"))
        case name if name in PORTALS:
            monkeypatch.setenv("XDG_DATA_HOME", str(request.getfixturevalue("tmp_path")))
            XdgMenuEntry(lambda: [sys.executable]).make()
            address = request.getfixturevalue("bus")
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
            return BusStand(PORTALS[name], address)
    desk: Desk = request.getfixturevalue("desk")
    monkeypatch.setenv("DISPLAY", desk.display)
    make = _make_grabs if request.param == "x11 grabs" else _make_listener
    return X11Stand(desk, request.getfixturevalue("front"), make)


def _make_grabs(on_command: OnCommand) -> HotkeyBackend:
    from reader.hotkeys.x11 import X11Hotkeys

    return X11Hotkeys(on_command)


def _make_listener(on_command: OnCommand) -> HotkeyBackend:
    from reader.hotkeys.listen import ListeningHotkeys

    made = ListeningHotkeys(on_command)
    made._listener.wait()
    return made


@asynccontextmanager
async def opened(stand: Stand) -> AsyncIterator[BoundKeys]:
    """The back end with READ_SELECTION on F9, STOP on F7 and NEXT on F6, and what it says of them."""
    await stand.open()
    try:
        keys = await stand.backend.bind(WANTED)
        if keys.names and not stand.backend.swallows:  # it listens, and its system may not send keys to it yet
            await asyncio.to_thread(wait_for, lambda: stand.press(READ) or stand.heard, "the listener")
            stand.press(OTHER)
            await asyncio.to_thread(wait_for, lambda: stand.heard[-1] is Command.STOP, "the listener")
            stand.heard.clear()
        yield keys
    finally:
        await stand.backend.close()
        await stand.end()


async def test_every_wish_is_answered_with_a_name_or_a_reason(stand: Stand) -> None:
    async with opened(stand) as keys:
        assert keys.names.keys() | keys.refused.keys() == WANTED.keys()
        assert not keys.names.keys() & keys.refused.keys()
        assert all(keys.names.values())
        assert all(why.endswith(".") for why in keys.refused.values())
        assert not keys.is_asking


async def test_a_named_key_gives_its_command_and_is_seen_in_front_where_that_is_said(stand: Stand) -> None:
    async with opened(stand) as keys:
        before = len(stand.in_front())
        stand.press(READ)
        stand.press(OTHER)
        await stand.expect(*([Command.READ_SELECTION, Command.STOP] if keys.names else []))
        got = stand.in_front()[before:]
        assert got == ([] if keys.names and stand.backend.swallows else [READ, OTHER])


async def test_modifiers_make_another_key_of_it(stand: Stand) -> None:
    async with opened(stand):
        chord = Chord(READ.key, frozenset({"Ctrl", "Super"}))
        keys = await stand.backend.bind({Command.REPEAT: chord, Command.STOP: OTHER})
        for pressed in (READ, chord, OTHER):
            stand.press(pressed)
        await stand.expect(*([Command.REPEAT, Command.STOP] if keys.names else []))


async def test_what_is_not_wanted_any_more_is_let_go_of(stand: Stand) -> None:
    async with opened(stand):
        before = len(stand.in_front())
        keys = await stand.backend.bind({Command.STOP: OTHER})
        assert Command.READ_SELECTION not in keys.names
        stand.press(READ)
        stand.press(OTHER)
        await stand.expect(*([Command.STOP] if keys.names else []))
        assert READ in stand.in_front()[before:]


async def test_a_command_gets_another_key(stand: Stand) -> None:
    async with opened(stand):
        keys = await stand.backend.bind({Command.READ_SELECTION: LAST, Command.STOP: OTHER})
        for chord in (READ, LAST, OTHER):
            stand.press(chord)
        await stand.expect(*([Command.READ_SELECTION, Command.STOP] if keys.names else []))


async def test_a_wish_that_is_taken_back_leaves_the_next_one(stand: Stand) -> None:
    async with opened(stand):
        wish = asyncio.ensure_future(stand.backend.bind({Command.READ_SELECTION: READ, Command.NEXT: LAST}))
        await asyncio.sleep(0)
        wish.cancel()
        await asyncio.gather(wish, return_exceptions=True)
        keys = await stand.backend.bind({Command.READ_SELECTION: LAST, Command.STOP: OTHER})
        for chord in (READ, LAST, OTHER):
            stand.press(chord)
        await stand.expect(*([Command.READ_SELECTION, Command.STOP] if keys.names else []))


async def test_a_key_of_another_program_is_refused_until_it_is_free(stand: Stand) -> None:
    async with opened(stand):
        if not stand.backend.sees_conflicts:
            pytest.skip("it does not see who else has a key")
        await stand.backend.bind({})
        let_go = stand.have_another_program_take(READ)
        keys = await stand.backend.bind(WANTED)
        assert keys.names.keys() == {Command.STOP, Command.NEXT}
        assert keys.refused[Command.READ_SELECTION].endswith(".")
        stand.press(OTHER)
        await stand.expect(Command.STOP)
        let_go()
        keys = await stand.backend.bind(WANTED)
        assert keys.names.keys() == WANTED.keys()
        stand.press(READ)
        await stand.expect(Command.STOP, Command.READ_SELECTION)


async def test_escape_is_taken_only_while_asked_for_and_only_where_it_can_be_had(stand: Stand) -> None:
    async with opened(stand) as keys:
        stand.backend.bind_escape(Command.PAUSE)
        await stand.backend.bind({Command.STOP: OTHER})  # behind it, in order
        before = len(stand.in_front())
        stand.press(ESCAPE)
        stand.press(OTHER)
        expected = [Command.PAUSE] if stand.backend.has_escape else []
        expected += [Command.STOP] if keys.names else []
        await stand.expect(*expected)
        assert (ESCAPE in stand.in_front()[before:]) is not stand.backend.has_escape
        stand.backend.bind_escape(None)
        await stand.backend.bind({Command.STOP: OTHER})
        stand.heard.clear()
        before = len(stand.in_front())
        stand.press(ESCAPE)
        stand.press(OTHER)
        await stand.expect(*([Command.STOP] if keys.names else []))
        assert ESCAPE in stand.in_front()[before:]


async def test_no_command_comes_after_it_is_closed(stand: Stand) -> None:
    async with opened(stand):
        await stand.backend.close()
        await stand.backend.close()
        before = len(stand.in_front())
        # An X server may hear of the end of a connection behind a key.
        await asyncio.to_thread(wait_for, lambda: stand.press(READ) or READ in stand.in_front()[before:], "F9")
        assert stand.heard == []
