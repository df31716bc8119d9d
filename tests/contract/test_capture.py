"""What holds for every place where text is found: X, Wayland, GNOME, accessibility bus, Windows, macOS, none, a toy."""

from __future__ import annotations

import asyncio
import queue
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from reader.capture.base import CaptureOptions, Extent, Place, Telling
from reader.capture.none import NoText
from reader.errors import CaptureError, CaptureTimeoutError, NoPlaceError, NothingToReadError
from reader.flow import Source
from tests.contract.capture_worlds import ToyWorld, World
from tests.contract.mac_worlds import AccessibilityWorld, MacWorld, PasteboardWorld
from tests.desktop.desk import Desk

if sys.platform == "win32":
    WORLDS: list[Any] = ["ui automation", "copying"]  # the others are the same on Linux
else:
    from reader.capture import atspi, wayland, x11
    from reader.capture.data_control import EXT, WLR
    from tests.contract.linux_worlds import BusWorld, GnomeWorld, WaylandWorld, XWorld

    WORLDS = [
        *("toy", "accessibility", "pasteboard", "gnome shell", EXT, WLR),
        *(pytest.param(name, marks=pytest.mark.desktop) for name in ("x11", "at-spi")),
    ]

if TYPE_CHECKING:
    from tests.contract.windows_worlds import Programs

EVERY = CaptureOptions(every_selection=True)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A new one for each test: nothing was ever selected there."""
    with Desk(sound=False) as made:
        yield made


@pytest.fixture(scope="module")
def programs() -> Iterator[Programs]:
    """Two of Windows'."""
    from tests.contract.windows_worlds import Programs

    with Programs() as made:
        yield made


_MAC: dict[str, type[MacWorld]] = {"accessibility": AccessibilityWorld, "pasteboard": PasteboardWorld}


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    if request.param == "toy":
        yield ToyWorld()
        return
    if request.param in _MAC:
        made = _MAC[request.param]()
        yield made
        made.mac.end()
        return
    if sys.platform == "win32":
        from tests.contract.windows_worlds import AutomationWorld, CopyingWorld

        is_copying = request.param == "copying"
        yield CopyingWorld(request.getfixturevalue("programs")) if is_copying else AutomationWorld()
        return
    if request.param == "gnome shell":
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", request.getfixturevalue("bus"))
        yield GnomeWorld()
        return
    if request.param in (EXT, WLR):
        path = request.getfixturevalue("tmp_path") / "wayland"
        monkeypatch.setenv("WAYLAND_DISPLAY", str(path))
        yield WaylandWorld(path, request.param)
        return
    desk: Desk = request.getfixturevalue("desk")
    for variable in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(variable, desk.env[variable])
    yield XWorld(desk) if request.param == "x11" else BusWorld(desk)
    desk.close_windows()


async def test_what_is_selected_in_front_is_meant(world: World) -> None:
    async with world:
        selected = await world.select()
        assert await world.text() == selected
        assert await world.text() == selected  # it is not used up


async def test_what_another_program_keeps_is_never_taken_for_new(world: World) -> None:
    async with world:
        await world.select()
        await world.leave()
        assert await world.nothing_is_meant()


async def test_nothing_is_nothing(world: World) -> None:
    """Where nobody ever selected or copied anything."""
    async with world:
        await world.leave()
        assert await world.nothing_is_meant()
        for source in world.sources:
            with pytest.raises(NothingToReadError) as caught:
                await world.place.read(source)
            assert caught.value.sentence


async def test_a_program_that_hangs_costs_a_limit_and_the_next_one_is_read(world: World) -> None:
    async with world:
        selected = await world.select()
        assert await world.text() == selected
        wake = await world.hang()
        try:
            source = Source.SELECTION if Source.SELECTION in world.sources else Source.FOCUS
            with pytest.raises(CaptureTimeoutError) as caught:
                await world.place.read(source)
            assert "not respond" in caught.value.sentence or "not answer" in caught.value.sentence
        finally:
            wake()
        assert await world.text() == selected


async def test_a_reading_that_is_given_up_leaves_nothing_behind(world: World) -> None:
    async with world:
        selected = await world.select()
        assert await world.text() == selected
        before = asyncio.all_tasks()
        wake = await world.hang()
        try:
            for source in world.sources:
                reading = asyncio.ensure_future(world.place.read(source))
                await asyncio.sleep(0)
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)  # one that refuses at once has ended before
            assert asyncio.all_tasks() <= before
        finally:
            wake()
        assert await world.text() == selected


async def test_a_new_selection_is_told_only_when_that_is_wished(world: World) -> None:
    async with world:
        await world.select()
        await world.place.apply(CaptureOptions())
        assert not world.news.acquire(blocking=False)
        await world.place.apply(EVERY)
        await world.select()
        if Source.SELECTION in world.sources and world.tells:
            assert await asyncio.to_thread(world.news.acquire, timeout=20)


async def test_what_can_tell_of_a_selection_tells_when_it_is_made_and_when_it_counts_no_more(world: World) -> None:
    async with world:
        if not isinstance(world.place, Telling):
            return
        told: queue.Queue[bool] = queue.Queue()
        world.place.tell(told.put)
        await world.place.apply(CaptureOptions(prepares=True))
        for _ in range(2):
            await world.select()
            assert await asyncio.to_thread(told.get, timeout=20)
            await world.leave()
            assert not await asyncio.to_thread(told.get, timeout=20)
        await world.place.apply(CaptureOptions())
        await world.select()
        await world.leave()
        assert told.empty()


async def test_the_beginning_of_a_selection_is_had_without_the_rest(world: World) -> None:
    async with world:
        if isinstance(world.place, Telling):
            selected = await world.select()
            assert await world.place.look_in_advance()
            assert selected.startswith((await world.place.read(Source.SELECTION, Extent.BEGINNING)).text)
            assert await world.text() == selected


async def test_what_the_doctor_is_told_are_sentences(world: World) -> None:
    async with world:
        for note in world.place.notes():
            assert note == note.strip() != ""
            assert "\n" not in note


async def test_closing_twice_is_closing_once(world: World) -> None:
    async with world:
        await world.place.close()
        await world.place.close()


@pytest.mark.parametrize("source", [Source.SELECTION, Source.FOCUS, Source.CLIPBOARD])
async def test_none_has_nothing_and_says_what_to_do(source: Source) -> None:
    place: Place = NoText()
    await place.apply(EVERY)
    assert await place.look() is None
    assert place.notes() == []
    with pytest.raises(NoPlaceError, match=r"Harken can't see .*\."):
        await place.read(source)
    await place.close()
    await place.close()


@pytest.mark.skipif(sys.platform == "win32", reason="these are Linux's")
@pytest.mark.parametrize("name", ["x11", "at-spi", "wayland"])
async def test_one_that_is_not_there_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "no display")
    monkeypatch.setenv("WAYLAND_DISPLAY", "/no display")
    opener = {"x11": x11.open_place, "at-spi": atspi.open_place, "wayland": wayland.open_place}[name]
    with pytest.raises(CaptureError) as caught:
        await opener(lambda: None)
    assert str(caught.value)
