"""The keys in force: let go of while a window waits for a chord, and taken again whatever becomes of the window."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import pytest

from reader.core.bindings import Bindings
from reader.errors import HotkeyError
from reader.flow import Command, Notice, State
from reader.hotkeys.chord import Chord
from reader.settings.store import Settings

Run = Callable[[Coroutine[Any, Any, Any]], Any]
READ = Chord.parse("Super+Alt+R")
STOP = Chord.parse("Super+Alt+X")
RIVALS = Chord.parse("Super+Alt+K")


class Backend:
    """Keys of which another program has some."""

    name = "fake"
    swallows = True

    def __init__(self) -> None:
        self.rivals = {RIVALS}
        self.on_change: Callable[[], None] = lambda: None
        self.binds = 0
        self.bound: dict[Chord, Command] = {}
        self.escape: Command | None = None
        self.has_bound = threading.Event()

    def bind(self, bindings: Mapping[Chord, Command]) -> dict[Chord, str]:
        self.bound = {chord: command for chord, command in bindings.items() if chord not in self.rivals}
        self.binds += 1
        self.has_bound.set()
        return {chord: f"{chord} is taken." for chord in bindings if chord in self.rivals}

    def bind_escape(self, command: Command | None) -> None:
        self.escape = command

    def spare_focus(self, is_wanted: bool) -> None:
        pass

    def close(self) -> None:
        self.bound = {}


def keys_of(
    path: Path, tell: Callable[[Notice], None] = lambda _: None, retry_s: float = 60.0
) -> tuple[Bindings, Backend]:
    keys, backend = Bindings(Settings(path / "settings.toml"), lambda _: None, tell, retry_s=retry_s), Backend()
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


class TestMissingKeys:
    NEXT_STEP = "Choose another key in the settings, page Keys."

    def test_are_told_with_a_next_step_and_again_when_they_are_free(self, run: Run, tmp_path: Path) -> None:
        async def go() -> None:
            told: asyncio.Queue[Notice] = asyncio.Queue()
            keys, backend = keys_of(tmp_path, told.put_nowait, retry_s=0.01)
            backend.rivals = {READ, STOP}
            await keys.take()
            missing = await told.get()
            assert missing.sentence == f"Super+Alt+R is taken. Super+Alt+X is taken. {self.NEXT_STEP}"
            assert (missing.is_problem, missing.is_aloud) == (True, True)
            for _ in range(3):  # it goes on trying, and says nothing new
                backend.has_bound.clear()
                assert await asyncio.to_thread(backend.has_bound.wait, 5)
            assert told.empty()
            backend.rivals = {STOP}
            free = await told.get()
            assert (free.sentence, free.is_problem, free.cause) == ("Super+Alt+R works now.", False, missing.cause)
            backend.rivals = set()
            assert (await told.get()).sentence == "Super+Alt+X works now."
            assert keys.refused == {}
            tried = backend.binds
            await keys.close()
            assert backend.binds == tried

        run(go())

    def test_nothing_is_tried_again_while_none_is_missing(self, run: Run, tmp_path: Path) -> None:
        async def go() -> None:
            keys, _ = keys_of(tmp_path, retry_s=0.01)
            await keys.take()
            assert keys._retrying is None
            await keys.close()

        run(go())

    def test_one_lost_to_another_layout_is_told(self, run: Run, tmp_path: Path) -> None:
        async def go() -> None:
            told: asyncio.Queue[Notice] = asyncio.Queue()
            keys, backend = keys_of(tmp_path, told.put_nowait)
            await keys.take()
            backend.rivals = {READ}
            await asyncio.to_thread(backend.on_change)
            assert (await told.get()).sentence == f"Super+Alt+R is taken. {self.NEXT_STEP}"
            await keys.close()

        run(go())
