"""Keys through sway's socket: bound while it runs, beside the user's own, and again after a reload."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from reader.errors import HotkeyError
from reader.flow import BoundKeys, Command
from reader.hotkeys import sway as sway_keys
from reader.hotkeys import sway_socket
from reader.hotkeys.chord import Chord
from tests.fakes.sway import Sway, sway

READ, STOP = "Mod1+Mod4+r", "Mod1+Mod4+x"
WANTED = {Command.READ_SELECTION: Chord.parse("Super+Alt+R"), Command.STOP: Chord.parse("Super+Alt+X")}


class Keys:
    """The back end, and what it has said."""

    def __init__(self, backend: sway_keys.SwayHotkeys, heard: asyncio.Queue[Command]) -> None:
        self.backend, self.heard = backend, heard
        self.changes: asyncio.Queue[BoundKeys] = asyncio.Queue()
        backend.on_change = self.changes.put_nowait

    async def named(self) -> BoundKeys:
        while not (keys := await self.changes.get()).names:
            pass
        return keys


@asynccontextmanager
async def opened(desk: Sway, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Keys]:
    monkeypatch.setenv("SWAYSOCK", desk.path)
    heard: asyncio.Queue[Command] = asyncio.Queue()
    keys = Keys(await sway_keys.open_hotkeys(heard.put_nowait), heard)
    try:
        yield keys
    finally:
        await keys.backend.close()


async def test_keys_are_bound_and_unbound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sway(tmp_path) as desk:
        async with opened(desk, monkeypatch) as keys:
            bound = await keys.backend.bind(WANTED)
            assert bound.names == {Command.READ_SELECTION: "Super+Alt+R", Command.STOP: "Super+Alt+X"}
            desk.press(STOP)
            desk.press(READ)
            assert [await keys.heard.get(), await keys.heard.get()] == [Command.STOP, Command.READ_SELECTION]
        assert desk.bindings == {}


async def test_the_users_own_bindings_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "keys").write_text("bindsym $mod+Mod1+x exec foot\n")
    config = "set $mod Mod4\nbindsym $mod+Mod1+r exec foot\ninclude more/*\n"
    async with sway(tmp_path, config) as desk, opened(desk, monkeypatch) as keys:
        bound = await keys.backend.bind({**WANTED, Command.NEXT: Chord.parse("Super+Alt+N")})
        assert bound.names == {Command.NEXT: "Super+Alt+N"}
        assert bound.refused[Command.READ_SELECTION] == "Super+Alt+R is taken by sway."
        assert {keys for keys, _ in desk.bindings} == {"Mod1+Mod4+n"}
        desk.config = "bindsym Mod4+Mod1+x exec foot"
        desk.reload()
        bound = await keys.named()
        assert bound.names.keys() == {Command.READ_SELECTION, Command.NEXT}


async def test_after_a_reload_they_are_bound_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sway(tmp_path) as desk, opened(desk, monkeypatch) as keys:
        await keys.backend.bind(WANTED)
        keys.backend.bind_escape(Command.STOP)
        desk.reload()
        assert (await keys.named()).names.keys() == WANTED.keys()
        desk.press("Escape")
        assert await keys.heard.get() is Command.STOP
        assert desk.in_front == []


async def test_a_held_key_is_one_press(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sway(tmp_path) as desk, opened(desk, monkeypatch) as keys:
        await keys.backend.bind(WANTED)
        desk.press(READ, times=20)
        desk.press(READ)
        desk.press(STOP)
        found = [await keys.heard.get() for _ in range(3)]
        assert found == [Command.READ_SELECTION, Command.READ_SELECTION, Command.STOP]


@pytest.mark.noisy
async def test_a_key_that_sway_does_not_know_is_refused_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sway(tmp_path) as desk, opened(desk, monkeypatch) as keys:
        bound = await keys.backend.bind({**WANTED, Command.NEXT: Chord("Menu", frozenset({"Super"}))})
        assert bound.names.keys() == WANTED.keys()
        assert bound.refused == {Command.NEXT: "This keyboard has no key Menu."}


async def test_a_connection_that_sway_ends_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sway(tmp_path) as desk, opened(desk, monkeypatch) as keys:
        await keys.backend.bind(WANTED)
        await desk.stop()
        assert (await keys.changes.get()).names == {}
        desk.bindings.clear()
        await desk.start()
        assert (await keys.named()).names.keys() == WANTED.keys()
        desk.press(STOP)
        assert await keys.heard.get() is Command.STOP


@pytest.mark.noisy
async def test_one_that_does_not_answer_is_told_within_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sway_socket, "_LIMIT_S", 0.05)
    async with sway(tmp_path) as desk:
        desk.is_silent = True
        with pytest.raises(HotkeyError, match="does not answer"):
            async with opened(desk, monkeypatch):
                pass
        desk.is_silent = False
        async with opened(desk, monkeypatch) as keys:
            desk.is_silent = True
            bound = await keys.backend.bind(WANTED)
            assert set(bound.refused.values()) == {"The display is not responding."}
            desk.is_silent = False


async def test_without_a_socket_the_reason_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWAYSOCK", str(tmp_path / "nothing"))
    with pytest.raises(HotkeyError, match="no sway answers at SWAYSOCK: nothing is there"):
        await sway_keys.open_hotkeys(lambda _: None)
