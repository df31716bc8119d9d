"""What holds for every place where text is found: X, Wayland, GNOME Shell, the accessibility bus, none, a toy."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from reader.capture import atspi, wayland, x11
from reader.capture import gnome_shell as gnome_place
from reader.capture.base import CaptureOptions, Front, Place, Selection
from reader.capture.choose import PLACES
from reader.capture.data_control import EXT, WLR
from reader.capture.none import NoText
from reader.errors import CaptureError, CaptureTimeoutError, NoPlaceError, NothingToReadError
from reader.flow import Source
from tests.desktop.desk import Desk, wait_for
from tests.fakes import compositor, toy_place, x11_owner
from tests.fakes.gnome_shell import Text, gnome_shell

EVERY = CaptureOptions(every_selection=True)


class World(ABC):
    """A desktop on which a test does what a user does. `news` counts new selections that the place tells of."""

    name = ""
    place: Place

    def __init__(self) -> None:
        self.news = threading.Semaphore(0)

    async def __aenter__(self) -> World:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.place.close()

    @property
    def sources(self) -> tuple[Source, ...]:
        return next(entry.sources for entry in PLACES if entry.name == self.name)

    @abstractmethod
    async def open(self) -> None: ...

    @abstractmethod
    async def select(self) -> str:
        """Select something in the window in front. Returns it."""

    @abstractmethod
    async def leave(self) -> None:
        """Bring another program to the front, in which nothing is selected."""

    @abstractmethod
    async def hang(self) -> Callable[[], None]:
        """Have the program in front hang; returns what wakes it."""

    async def known(self) -> Selection:
        """What the place says of the selection once it knows."""
        for _ in range(1500):
            if selection := await self.place.look():
                return selection
            await asyncio.sleep(0.01)
        raise AssertionError("it is not known what is selected")

    async def text(self) -> str:
        """The text that a key press means."""
        selection = await self.known()
        assert selection.is_meant()
        if selection.text is not None:
            return selection.text
        return (await self.place.read(Source.SELECTION)).text


class ToyWorld(World):
    name = "toy"
    sources = (Source.SELECTION, Source.CLIPBOARD)

    async def open(self) -> None:
        self.place = self.toy = await toy_place.open_place(self.news.release)

    async def select(self) -> str:
        self.toy.select("A toy was selected.")
        return "A toy was selected."

    async def leave(self) -> None:
        self.toy.selection = Selection(Front.ANOTHERS)

    async def hang(self) -> Callable[[], None]:
        before = dict(self.toy.texts)
        self.toy.texts = dict.fromkeys(Source, CaptureTimeoutError("The toy does not answer."))

        def wake() -> None:
            self.toy.texts = before

        return wake


class DeskWorld(World):
    """Windows of other programs on a real X server."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    async def leave(self) -> None:
        await asyncio.to_thread(self.desk.open_window, ["xterm", "-e", "sleep", "60"], "xterm")

    async def hang(self) -> Callable[[], None]:
        program = self.desk._windows[-1]
        os.kill(program.pid, signal.SIGSTOP)
        return lambda: os.kill(program.pid, signal.SIGCONT)


class XWorld(DeskWorld):
    name = "x11"

    async def open(self) -> None:
        self.place = await x11.open_place(self.news.release)

    async def select(self) -> str:
        command = [sys.executable, "-m", "tests.fakes.x11_owner", "utf8"]
        await asyncio.to_thread(self.desk.open_window, command, "owner")
        return x11_owner.TEXT


class BusWorld(DeskWorld):
    name = "at-spi"

    async def open(self) -> None:
        self.place = await atspi.open_place(self.news.release)

    async def select(self) -> str:
        text = "Selected in an editor."
        await asyncio.to_thread(self.desk.open_text, text)
        await asyncio.to_thread(self.desk.select_all, text)
        await asyncio.to_thread(wait_for, lambda: self.desk.selection() == text, "the selection")
        return text


class GnomeWorld(World):
    """GNOME Shell with Harken's extension on a real bus, with the desktop in memory."""

    name = "gnome shell"

    def __init__(self) -> None:
        super().__init__()
        self._open = AsyncExitStack()

    async def __aexit__(self, *error: object) -> None:
        await super().__aexit__(*error)
        await self._open.aclose()

    async def open(self) -> None:
        self.shell = await self._open.enter_async_context(gnome_shell())
        self.place = await gnome_place.open_place(self.news.release)

    async def select(self) -> str:
        self.shell.focus((1, 100, "org.example.Editor"))
        self.shell.select(Text(b"Selected on GNOME."))
        return "Selected on GNOME."

    async def leave(self) -> None:
        self.shell.focus((2, 200, "org.example.Other"))

    async def hang(self) -> Callable[[], None]:
        text = self.shell.texts["selection"]
        text.is_hung = True

        def wake() -> None:
            text.is_hung = False

        return wake


class WaylandWorld(World):
    """A compositor at a real socket, with the programs in memory."""

    name = "wayland"

    def __init__(self, path: Path, protocol: str) -> None:
        super().__init__()
        self._path, self._protocol = path, protocol
        self._open = AsyncExitStack()

    async def __aexit__(self, *error: object) -> None:
        await super().__aexit__(*error)
        await self._open.aclose()

    async def open(self) -> None:
        self.compositor = self._open.enter_context(compositor.compositor(self._path, self._protocol))
        self.place = self.wayland = await wayland.open_place(self.news.release)
        assert self.place.notes() == [f"selections are reported by {self._protocol}"]

    async def _told(self) -> None:
        """Until Harken has heard what happened: it is told in the order in which it happened."""
        assert self.wayland._connection
        await self.wayland._connection.roundtrip()

    async def select(self) -> str:
        self.compositor.focus("org.example.Editor")
        self.compositor.select(compositor.Text("Selected on Wayland – all of it.".encode()))
        await self._told()
        return "Selected on Wayland – all of it."

    async def leave(self) -> None:
        self.compositor.focus("org.example.Other")
        await self._told()

    async def hang(self) -> Callable[[], None]:
        text = self.compositor.primary
        assert text
        text.is_hung = True
        return text.wake


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A new one for each test: nothing was ever selected there."""
    with Desk(sound=False) as made:
        yield made


def _on_desk(name: str) -> object:
    return pytest.param(name, marks=pytest.mark.desktop)


@pytest.fixture(params=["toy", "gnome shell", EXT, WLR, _on_desk("x11"), _on_desk("at-spi")])
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    if request.param == "toy":
        yield ToyWorld()
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
        selection = await world.place.look()
        assert selection is None or selection.text == "" or not selection.is_meant()


async def test_nothing_is_nothing(world: World) -> None:
    """Where nobody ever selected or copied anything."""
    async with world:
        await world.leave()
        selection = await world.place.look()
        assert selection is None or selection.text == "" or not selection.is_meant()
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
                await asyncio.wait([reading])
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
        if Source.SELECTION in world.sources:
            assert await asyncio.to_thread(world.news.acquire, timeout=20)


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


@pytest.mark.parametrize("name", ["x11", "at-spi", "wayland"])
async def test_one_that_is_not_there_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "no display")
    monkeypatch.setenv("WAYLAND_DISPLAY", "/no display")
    opener = {"x11": x11.open_place, "at-spi": atspi.open_place, "wayland": wayland.open_place}[name]
    with pytest.raises(CaptureError) as caught:
        await opener(lambda: None)
    assert str(caught.value)
