"""The list of pronunciations in use: nobody reads without it while its file is being read."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from reader.core import pronunciation
from reader.core.pronunciation import PronunciationList
from reader.text.pronunciations import Entry
from tests.own_time import settle


async def test_who_comes_while_the_file_is_read_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on, loads = threading.Event(), 0

    def load(_: Path) -> tuple[list[Entry], str]:
        nonlocal loads
        loads += 1
        assert may_go_on.wait(5)
        return [Entry("SQL", "sequel")], ""

    monkeypatch.setattr(pronunciation, "load", load)
    words = PronunciationList(tmp_path / "pronunciations.csv", lambda _: None)
    first, second = asyncio.create_task(words.ready()), asyncio.create_task(words.ready())
    await settle()
    is_early = second.done()
    may_go_on.set()
    await asyncio.gather(first, second)
    assert not is_early
    assert words.current().entries == (Entry("SQL", "sequel"),)
    assert loads == 1


async def test_who_gives_up_while_the_file_is_read_leaves_it_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_asked, may_go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def load(_: Path) -> tuple[list[Entry], str]:
        loop.call_soon_threadsafe(is_asked.set)
        assert may_go_on.wait(5)
        return [Entry("SQL", "sequel")], ""

    monkeypatch.setattr(pronunciation, "load", load)
    words = PronunciationList(tmp_path / "pronunciations.csv", lambda _: None)
    gone = asyncio.create_task(words.ready())
    await is_asked.wait()
    gone.cancel()
    may_go_on.set()
    await asyncio.gather(gone, return_exceptions=True)
    await words.ready()
    assert words.current().entries == (Entry("SQL", "sequel"),)
