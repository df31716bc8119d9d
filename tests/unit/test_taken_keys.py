"""The keys in force: let go of while a window waits for a chord, and taken again whatever becomes of the window."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import pytest

from reader.errors import HotkeyError
from reader.flow import Command, State
from reader.hotkeys.keys import Chord
from reader.keys import Keys
from reader.settings.store import Settings

Run = Callable[[Coroutine[Any, Any, Any]], Any]
READ = Chord.parse("Super+Alt+R")
RIVALS = Chord.parse("Super+Alt+K")


class Backend:
    """Keys of which another program has one."""

    name = "fake"
    swallows = True

    def __init__(self) -> None:
        self.bound: dict[Chord, Command] = {}
        self.escape: Command | None = None
        self.has_bound = threading.Event()

    def bind(self, bindings: Mapping[Chord, Command]) -> dict[Chord, str]:
        self.bound = {chord: command for chord, command in bindings.items() if chord != RIVALS}
        self.has_bound.set()
        return {chord: f"{chord} is taken." for chord in bindings if chord == RIVALS}

    def bind_escape(self, command: Command | None) -> None:
        self.escape = command

    def close(self) -> None:
        self.bound = {}


def keys_of(path: Path) -> tuple[Keys, Backend]:
    keys, backend = Keys(Settings(path / "settings.toml"), lambda _: None), Backend()
    keys.choice.backend = backend
    return keys, backend


def test_a_window_that_waits_gets_all_keys(run: Run, tmp_path: Path) -> None:
    async def go() -> None:
        keys, backend = keys_of(tmp_path)
        await keys.take()
        keys.follow(State.SPEAKING)
        assert READ in backend.bound
        await keys.let_go(60)
        assert (backend.bound, backend.escape) == ({}, None)
        await keys.take()  # another setting was changed meanwhile
        keys.follow(State.SPEAKING)
        assert (backend.bound, backend.escape) == ({}, None)
        await keys.take_again()
        assert READ in backend.bound
        assert backend.escape is Command.STOP
        await keys.close()

    run(go())


def test_a_window_that_does_not_come_back_keeps_none(run: Run, tmp_path: Path) -> None:
    async def go() -> None:
        keys, backend = keys_of(tmp_path)
        await keys.let_go(0.05)
        backend.has_bound.clear()
        assert await asyncio.to_thread(backend.has_bound.wait, 5)
        assert READ in backend.bound
        await keys.close()

    run(go())


def test_a_chord_of_another_program_is_refused_and_the_others_stay(run: Run, tmp_path: Path) -> None:
    async def go() -> None:
        keys, backend = keys_of(tmp_path)
        await keys.take()
        before = dict(backend.bound)
        with pytest.raises(HotkeyError, match="is taken"):
            await keys.try_chord("keys.stop", str(RIVALS))
        assert backend.bound == before
        await keys.try_chord("keys.stop", "Super+Alt+J")
        assert before.items() <= backend.bound.items()
        await keys.close()

    run(go())
