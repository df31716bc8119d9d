"""A place where text is found is added by its row, and is everywhere it should be."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from reader.audio.none import NoDevice
from reader.capture import choose
from reader.capture.base import Front
from reader.capture.choose import PlaceEntry
from reader.core import doctor
from reader.core.app import App
from reader.errors import CaptureError
from reader.flow import Command, Event, Notice, ReadingEnded, Source, Trigger
from reader.settings.store import Settings
from tests.fakes import toy_place
from tests.fakes.toy_place import ToyPlace

ROOT = Path(__file__).parents[2]
TOY = PlaceEntry("toy", (Source.SELECTION, Source.CLIPBOARD), "tests.fakes.toy_place", sys.platform)


@pytest.fixture(autouse=True)
def row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "PLACES", (*choose.PLACES, TOY))


@asynccontextmanager
async def running(folder: Path, **settings: bool) -> AsyncIterator[tuple[App, ToyPlace]]:
    """A Harken on a desktop with nothing but the toy."""
    stored = Settings(folder / "settings.toml")
    stored.set("voice.id", "espeak/")
    for key, value in settings.items():
        stored.set(f"reading.{key}", value)
    app = App(stored, device=NoDevice(1000.0))
    try:
        await app.start(with_desktop=True)
        yield app, toy_place.opened[-1]
    finally:
        await app.stop()


async def outcome(app: App, press: bool = True) -> list[Event]:
    """What a press of the key comes to: what is heard of, to the end of a reading or a notice."""
    events: list[Event] = []
    over = asyncio.Event()

    def watch(event: Event) -> None:
        events.append(event)
        if isinstance(event, ReadingEnded | Notice):
            over.set()

    app.subscribe(watch)
    if press:
        app.controller.handle(Trigger(Command.READ_SELECTION, "key"))
    await over.wait()
    return events


def words(app: App) -> list[str]:
    return [entry.first_words for entry in app.history()]


async def test_a_key_reads_from_it(tmp_path: Path) -> None:
    async with running(tmp_path) as (app, toy):
        toy.select("A toy was selected.")
        assert any(isinstance(event, ReadingEnded) for event in await outcome(app))
        assert words(app) == ["A toy was selected."]


async def test_an_old_selection_of_it_is_not_read(tmp_path: Path) -> None:
    async with running(tmp_path, spoken_notices=False) as (app, toy):
        toy.select("An old toy.", Front.ANOTHERS)
        (notice,) = [event for event in await outcome(app) if isinstance(event, Notice)]
        assert notice.sentence.startswith("Nothing is selected.")
        assert words(app) == []


async def test_a_new_selection_is_read_when_the_user_wishes(tmp_path: Path) -> None:
    async with running(tmp_path, every_selection=True) as (app, toy):
        toy.select("Read as soon as it is selected.")
        await outcome(app, press=False)
        assert words(app) == ["Read as soon as it is selected."]


async def test_the_doctor_names_it_and_what_it_says_of_itself(tmp_path: Path) -> None:
    async with running(tmp_path) as (app, _toy):
        (row,) = [row for row in await doctor.report(app) if row["part"] == "text"]
        assert row["chosen"] == "toy selection, toy clipboard, no focus"
        without = "Harken can't see the focused text on this desktop. Select text instead."
        assert row["notes"] == [without, "A toy has nothing to hide."]
        assert ["x11", "DISPLAY is not set"] in row["refused"]


@pytest.mark.parametrize(
    ("sources", "note"),
    [
        ((), "Harken can't see selections on this desktop yet. Use “harken speak” instead."),
        ((Source.FOCUS,), "a selection is seen only in programs that report their focused text"),
        ((Source.SELECTION,), "Harken can't see the focused text on this desktop. Select text instead."),
    ],
)
async def test_the_doctor_says_once_what_can_not_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sources: tuple[Source, ...], note: str
) -> None:
    async with running(tmp_path) as (app, toy):
        entry = PlaceEntry("toy", sources, "no.such.module", sys.platform)
        monkeypatch.setattr(app.desktop.capture, "opened", {entry: toy})
        (row,) = [row for row in await doctor.report(app) if row["part"] == "text"]
        assert row["notes"] == [note, "A toy has nothing to hide."]


class TestRefusals:
    async def refused(self) -> dict[str, str]:
        choice = await choose.choose(lambda: None)
        await choice.capture.close()
        return dict(choice.refusals)

    async def test_by_the_place_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def refuse(_on_new_selection: object) -> ToyPlace:
            raise CaptureError("it is in its box")

        monkeypatch.setattr(toy_place, "open_place", refuse)
        assert (await self.refused())["toy"] == "it is in its box"

    async def test_for_want_of_a_variable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        entry = PlaceEntry("toy", (Source.SELECTION,), "no.such.module", sys.platform, "TOY_BOX")
        monkeypatch.setattr(choose, "PLACES", (entry,))
        assert await self.refused() == {"toy": "TOY_BOX is not set"}

    async def test_other_systems_are_not_mentioned(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(choose, "PLACES", (PlaceEntry("toy", (Source.FOCUS,), "no.such.module", "toyos"),))
        assert await self.refused() == {}

    async def test_for_want_of_a_library(self, monkeypatch: pytest.MonkeyPatch) -> None:
        entry = PlaceEntry("other", (Source.FOCUS,), "no.such.module", sys.platform)
        monkeypatch.setattr(choose, "PLACES", (entry, TOY))
        assert await self.refused() == {"other": "no.such.module: No module named 'no'"}

    async def test_where_another_one_has_it_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        spare = PlaceEntry("spare", (Source.CLIPBOARD,), "no.such.module", sys.platform)
        monkeypatch.setattr(choose, "PLACES", (TOY, spare))
        assert await self.refused() == {"spare": "not needed beside toy"}


async def test_who_has_a_source_first_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    other = PlaceEntry("other", (Source.CLIPBOARD, Source.FOCUS), "tests.fakes.toy_place", sys.platform)
    monkeypatch.setattr(choose, "PLACES", (TOY, other))
    choice = await choose.choose(lambda: None)
    assert choice.chosen == ["toy selection", "toy clipboard", "other focus"]
    first, second = toy_place.opened[-2:]
    first.texts[Source.CLIPBOARD], second.texts[Source.CLIPBOARD] = "The first one's.", "The other's."
    assert (await choice.capture.read(Command.READ_CLIPBOARD)).text == "The first one's."
    await choice.capture.close()
    assert first.is_closed
    assert second.is_closed


async def test_what_was_opened_is_closed_when_harken_is_quit_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = PlaceEntry("slow", (Source.FOCUS,), "tests.fakes.toy_place", sys.platform)
    monkeypatch.setattr(choose, "PLACES", (TOY, slow))
    begun = asyncio.Event()
    open_first = toy_place.open_place

    async def open_place(on_new_selection: object) -> ToyPlace:
        if begun.is_set():
            await asyncio.Event().wait()
        place = await open_first(lambda: None)
        begun.set()
        return place

    monkeypatch.setattr(toy_place, "open_place", open_place)
    choosing = asyncio.ensure_future(choose.choose(lambda: None))
    await begun.wait()
    await asyncio.sleep(0)
    choosing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await choosing
    assert toy_place.opened[-1].is_closed


def test_what_is_packed_has_it() -> None:
    spec = importlib.util.spec_from_file_location("hidden", ROOT / "packaging" / "hidden.py")
    assert spec
    assert spec.loader
    hidden = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hidden)
    assert {"tests.fakes.toy_place", "reader.capture.x11"} <= set(hidden.modules(ROOT / "reader"))
