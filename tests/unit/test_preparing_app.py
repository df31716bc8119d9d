"""That a Harken with a desktop prepares what is selected there, as long as nothing changes that it depends on."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from reader.audio.none import NoDevice
from reader.capture import choose
from reader.capture.choose import PlaceEntry
from reader.core import words
from reader.core.app import App
from reader.flow import Command, ReadingEnded, Source, Trigger
from reader.settings.store import Settings
from reader.text.pronunciations import Entry
from tests.fakes import toy_place
from tests.fakes.toy_place import ToyPlace

TEXT = "A toy was selected. It is a red one."


@asynccontextmanager
async def running(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[App, ToyPlace]]:
    """A Harken on a desktop with nothing but the toy."""
    toy = PlaceEntry("toy", (Source.SELECTION, Source.CLIPBOARD), "tests.fakes.toy_place", sys.platform)
    monkeypatch.setattr(choose, "PLACES", (toy,))
    stored = Settings(folder / "settings.toml")
    stored.set("voice.id", "espeak/")
    stored.set("cues.speed", False)  # nothing is said of it
    app = App(stored, device=NoDevice(1000.0))
    try:
        await app.start(with_desktop=True)
        await app.wait_until_warm()
        yield app, toy_place.opened[-1]
    finally:
        await app.stop()


def is_prepared(app: App) -> bool:
    return app.controller.maker.prepared.is_there


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110 - what is waited for is another process
            await asyncio.sleep(0.005)


async def test_it_is_prepared_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as (app, toy):
        toy.select(TEXT)
        await until(lambda: is_prepared(app))
        over = asyncio.Event()
        app.subscribe(lambda event: over.set() if isinstance(event, ReadingEnded) else None)
        app.controller.handle(Trigger(Command.READ_SELECTION, "key"))
        await over.wait()
        assert not is_prepared(app)
        assert [entry.first_words for entry in app.history()] == [TEXT]


async def test_it_is_forgotten_when_something_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as (app, toy):
        changes: dict[str, Callable[[], Awaitable[Any]]] = {
            "voice": lambda: app.change("voice.id", "espeak/en-us"),
            "language": lambda: app.change("voice.language", "en"),
            "what is read": lambda: app.change("text.emoji", "none"),
            "pronunciation": lambda: words.add(app, Entry("toy", "ball")),
            "speed": lambda: _press(app, Command.FASTER),
            "window": lambda: _leave(toy),
            "the setting itself": lambda: app.change("reading.prepare", False),
        }
        for what, change in changes.items():
            toy.select(TEXT)
            await until(lambda: is_prepared(app))
            await change()
            assert not is_prepared(app), what
        assert not toy.options.prepares


async def _leave(toy: ToyPlace) -> None:
    toy.leave()
    await asyncio.sleep(0)  # it is told of in the loop's next turn


async def _press(app: App, command: Command) -> None:
    app.controller.handle(Trigger(command, "key"))
