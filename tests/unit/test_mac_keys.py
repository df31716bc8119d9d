"""Keys on macOS (reader/hotkeys/macos.py), as far as the contract does not say it; the system is in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from reader.errors import DesktopError
from reader.flow import BoundKeys, Command
from reader.hotkeys.base import REPEAT_S
from reader.hotkeys.chord import ESCAPE, MACOS, Chord
from reader.hotkeys.macos import MODIFIERS, MacHotkeys, name
from reader.macos import keyboard
from tests.fakes.mac_keys import FakeKeys

READ, STOP = Chord.parse(MACOS[Command.READ_SELECTION]), Chord.parse(MACOS[Command.STOP])
FASTER = Chord.parse(MACOS[Command.FASTER])


class Desk:
    """Keys, what came of them, and how to wait for it."""

    def __init__(self) -> None:
        self.mac = FakeKeys()
        self.heard: asyncio.Queue[Command] = asyncio.Queue()
        self.changes: asyncio.Queue[BoundKeys] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self.keys = MacHotkeys(self.mac, self._hear)
        self.keys.on_change = self._change

    def _hear(self, command: Command) -> None:
        self._loop.call_soon_threadsafe(self.heard.put_nowait, command)

    def _change(self, keys: BoundKeys) -> None:
        self._loop.call_soon_threadsafe(self.changes.put_nowait, keys)

    async def press(self, chord: Chord) -> None:
        await asyncio.to_thread(self.mac.press, chord)


@asynccontextmanager
async def opened() -> AsyncIterator[Desk]:
    made = Desk()
    await made.keys.start()
    try:
        yield made
    finally:
        await made.keys.close()
        await asyncio.to_thread(made.mac.end)
    assert not made.mac.registered


def test_a_chord_is_called_as_on_a_mac() -> None:
    assert name(Chord.parse("Ctrl+Super+Shift+Alt+R")) == "Control+Option+Shift+Command+R"


async def test_every_default_can_be_had() -> None:
    async with opened() as desk:
        wanted = {command: Chord.parse(text) for command, text in MACOS.items()}
        keys = await desk.keys.bind(wanted)
        assert keys.names == {command: name(chord) for command, chord in wanted.items()}
        assert keys.refused == {}


async def test_what_macos_has_itself_is_refused_and_said() -> None:
    async with opened() as desk:
        desk.mac.systems.add((15, MODIFIERS["Ctrl"] | MODIFIERS["Super"]))
        keys = await desk.keys.bind({Command.READ_SELECTION: READ, Command.STOP: STOP})
        assert keys.refused == {Command.READ_SELECTION: "Control+Command+R is taken by macOS."}
        assert keys.names == {Command.STOP: "Control+Command+X"}


async def test_what_a_mac_has_no_key_for_and_what_it_gives_nobody_is_said() -> None:
    async with opened() as desk:
        desk.mac.never.add(101)
        keys = await desk.keys.bind({Command.STOP: Chord("F24"), Command.NEXT: Chord("F9")})
        assert keys.refused == {
            Command.STOP: "A Mac has no key for F24.",
            Command.NEXT: "macOS does not give F9 to any program.",
        }


async def test_a_letter_is_where_the_layout_has_it_and_moves_with_it() -> None:
    async with opened() as desk:
        await desk.keys.bind({Command.STOP: STOP})
        assert set(desk.mac.registered.values()) == {(7, MODIFIERS["Ctrl"] | MODIFIERS["Super"])}
        await asyncio.to_thread(desk.mac.switch_layout, {"X": 11})
        keys = await desk.changes.get()
        assert keys.names == {Command.STOP: "Control+Command+X"}
        assert set(desk.mac.registered.values()) == {(11, MODIFIERS["Ctrl"] | MODIFIERS["Super"])}
        await desk.press(STOP)
        assert await desk.heard.get() is Command.STOP


async def test_a_layout_that_is_not_told_is_taken_for_an_american_one() -> None:
    async with opened() as desk:
        desk.mac.layout = None
        assert (await desk.keys.bind({Command.STOP: STOP})).names
        assert set(desk.mac.registered.values()) == {(7, MODIFIERS["Ctrl"] | MODIFIERS["Super"])}


async def test_what_is_held_is_said_again_until_it_is_released(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as desk:
        monkeypatch.setattr("reader.hotkeys.macos.REPEAT_S", REPEAT_S / 100)
        await desk.keys.bind({Command.FASTER: FASTER, Command.STOP: STOP})
        code = keyboard.code("K", {})
        assert code is not None
        desk.mac.held.add(code)
        await desk.press(FASTER)
        for _ in range(3):
            assert await desk.heard.get() is Command.FASTER
        desk.mac.held.clear()
        await desk.press(STOP)
        while await desk.heard.get() is not Command.STOP:
            pass
        assert desk.heard.empty()


async def test_escape_is_taken_once_and_let_go_of_when_nothing_is_read() -> None:
    async with opened() as desk:
        for _ in range(2):
            desk.keys.bind_escape(Command.STOP)
        await desk.press(ESCAPE)
        assert await desk.heard.get() is Command.STOP
        for _ in range(2):
            desk.keys.bind_escape(None)
        await desk.press(ESCAPE)
        assert desk.mac.in_front == [ESCAPE]


async def test_where_no_key_can_be_heard_another_way_is_looked_for() -> None:
    mac = FakeKeys()
    mac.start_error = -50
    with pytest.raises(DesktopError, match="InstallEventHandler: error -50"):
        await MacHotkeys(mac, lambda _: None).start()
    mac.end()


def test_every_key_that_can_be_chosen_has_one_number_or_none() -> None:
    for text in ("A", "0", "Space", "Page_Up", "F1", "Comma", "Plus"):
        assert keyboard.code(text, {}) is not None
    assert keyboard.code("F21", {}) is None
    assert keyboard.code("A", {"A": 12}) == 12
    assert keyboard.code("Space", {"Space": 12}) == 49
