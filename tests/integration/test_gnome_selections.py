"""What GNOME Shell's extension tells of selections, on a real bus: old or new, and never a password."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from reader.capture import choose as places
from reader.capture.base import CaptureOptions, Extent, Front
from reader.capture.capture import Capture
from reader.capture.choose import choose
from reader.capture.gnome_shell import GnomeShellText
from reader.errors import CaptureError, CaptureTimeoutError, NoPlaceError, NothingToReadError
from reader.flow import Command, Source
from reader.gnome_shell.state import Status
from reader.support.app_id import APP_ID
from tests.desktop.desk import wait_for
from tests.fakes.gnome_shell import NOBODY, Shell, Text, gnome_shell
from tests.fakes.toy_place import ToyPlace
from tests.unit.test_places import TOY

pytestmark = pytest.mark.usefixtures("gnome")

EDITOR, OTHER = (7, 700, "org.example.Editor"), (8, 800, "org.example.Other")


async def until(condition: Callable[[], object]) -> None:
    """Wait until something holds."""
    await asyncio.to_thread(wait_for, condition, "what was waited for")


@asynccontextmanager
async def place_on(shell: Shell) -> AsyncIterator[GnomeShellText]:
    place = GnomeShellText(lambda: None)
    await place.start()
    shell.focus(EDITOR)
    try:
        yield place
    finally:
        await place.close()


class TestSelections:
    async def test_one_of_the_window_in_front_is_meant_however_old(self) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            shell.select(Text(b"Selected."))
            shell.focus(OTHER)
            shell.focus(EDITOR)
            selection = await place.look()
            assert selection
            assert selection.is_meant()
            assert (await place.read(Source.SELECTION)).text == "Selected."

    async def test_one_of_another_window_is_not(self) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            shell.select(Text(b"Selected."))
            shell.focus(OTHER)
            selection = await place.look()
            assert selection
            assert selection.front is Front.ANOTHERS
            assert not selection.is_meant()

    @pytest.mark.parametrize("own", [(9, os.getpid(), "python3"), (9, 1, APP_ID), (9, 1, "harken")])
    async def test_a_window_of_harkens_own_is_not_in_front(self, own: tuple[int, int, str]) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            shell.select(Text(b"Selected."))
            shell.focus(own)
            selection = await place.look()
            assert selection
            assert selection.is_meant()

    async def test_nothing_is_nothing(self) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            shell.select(None)
            selection = await place.look()
            assert selection
            assert selection.text == ""
            for source in (Source.SELECTION, Source.CLIPBOARD):
                with pytest.raises(NothingToReadError):
                    await place.read(source)

    async def test_of_one_that_was_made_before_it_ran_it_knows_nothing(self) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            shell.select(Text(b"Selected."))
            await shell.lock()
            await shell.unlock()
            await until(lambda: not place.absence())
            assert await place.look() is None

    async def test_where_no_window_is_in_front_it_is_an_old_one(self) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            shell.select(Text(b"Selected."))
            shell.fronts = [NOBODY]
            selection = await place.look()
            assert selection
            assert not selection.is_meant()

    @pytest.mark.parametrize(
        ("text", "error", "sentence"),
        [
            (Text(b"geheim", ("text/plain", "x-kde-passwordManagerHint")), CaptureError, "This is a password."),
            (Text(b"\x89PNG", ("image/png",)), NothingToReadError, "is not text"),
            (Text(b"slow", is_hung=True), CaptureTimeoutError, "not responding"),
            (Text(b" \n"), NothingToReadError, "The clipboard is empty."),
        ],
    )
    async def test_what_is_not_read_says_why(self, text: Text, error: type[CaptureError], sentence: str) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            shell.texts["clipboard"] = text
            with pytest.raises(error, match=sentence):
                await place.read(Source.CLIPBOARD)

    async def test_other_encodings_are_understood(self) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            shell.texts["clipboard"] = Text("Größe".encode("latin-1"), ("STRING",))
            assert (await place.read(Source.CLIPBOARD)).text == "Größe"

    async def test_a_long_one_is_whole(self) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            shell.texts["clipboard"] = Text(b"long " * 400_000)
            assert len((await place.read(Source.CLIPBOARD)).text) == 2_000_000

    async def test_a_new_one_is_told_when_the_mouse_is_released(self) -> None:
        told = asyncio.Event()
        async with gnome_shell() as shell:
            place = GnomeShellText(told.set)
            await place.start()
            try:
                shell.focus(EDITOR)
                shell.select(Text(b"Not wished for."))
                await place.apply(CaptureOptions(every_selection=True))
                shell.is_held = True
                shell.select(Text(b"Being selected."))
                await until(lambda: shell.calls.count("Look") >= 2)
                assert not told.is_set()
                shell.is_held = False
                await told.wait()
                await shell.disable()
                await shell.enable()
                await until(lambda: any(client.watches for client in shell.clients.values()))
            finally:
                await place.close()


class TestInAdvance:
    """What is prepared when something is selected."""

    async def test_it_is_told_when_one_is_made_and_when_that_counts_no_more(self) -> None:
        told: asyncio.Queue[bool] = asyncio.Queue()
        async with gnome_shell() as shell, place_on(shell) as place:
            place.tell(told.put_nowait)
            await place.apply(CaptureOptions(prepares=True))
            for count in (1, 2, 3):  # as while the mouse is dragged
                shell.select(Text(b"Selected. " * count))
            assert await told.get() is True
            shell.focus(OTHER)
            assert await told.get() is False
            shell.select(Text(b"Selected there."))
            assert await told.get() is True
            shell.select(None)
            assert await told.get() is False
            assert told.empty()

    async def test_nothing_is_told_where_it_is_not_wished_for(self) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            await place.apply(CaptureOptions(prepares=True))
            await place.apply(CaptureOptions(prepares=False))
            assert [client.watches for client in shell.clients.values()] == [False]

    async def test_only_its_beginning_is_fetched(self) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            shell.select(Text(b"long " * 400_000))
            captured = await place.read(Source.SELECTION, Extent.BEGINNING)
            assert (len(captured.text), captured.is_cut) == (8_000, True)
            assert "Read" not in shell.calls

    async def test_a_password_is_not(self) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            shell.select(Text(b"geheim", ("text/plain", "x-kde-passwordManagerHint")))
            with pytest.raises(CaptureError, match="is a password"):
                await place.read(Source.SELECTION, Extent.BEGINNING)


class TestPlacesInOrder:
    """The one behind the extension is asked when that has gone, or does not know, and not otherwise."""

    async def test_the_next_one_stands_by(self) -> None:
        async with gnome_shell() as shell, place_on(shell) as place:
            behind = ToyPlace()
            behind.select("Of the X server.")
            behind.texts[Source.CLIPBOARD] = "Copied."
            capture = Capture({Source.SELECTION: [place, behind], Source.CLIPBOARD: [place, behind]})
            shell.select(Text(b"Of the shell."))
            assert (await capture.read(Command.READ_SELECTION)).text == "Of the shell."
            assert behind.reads == []
            await shell.disable()
            await until(place.absence)
            assert (await capture.read(Command.READ_SELECTION)).text == "Of the X server."
            assert (await capture.read(Command.READ_CLIPBOARD)).text == "Copied."
            with pytest.raises(NoPlaceError):
                await place.read(Source.CLIPBOARD)

    async def test_the_doctor_names_the_one_that_is_there_now(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rows = [entry for entry in places.PLACES if entry.name == "gnome shell"]
        monkeypatch.setattr(places, "PLACES", (*rows, TOY))
        async with gnome_shell() as shell:
            choice = await choose(lambda: None)
            assert choice.chosen[:2] == ["gnome shell selection", "gnome shell clipboard"]
            assert choice.refusals == []
            await shell.disable()
            await until(lambda: bool(choice.refusals))
            assert choice.chosen[:2] == ["toy selection", "toy clipboard"]
            assert choice.refusals == [("gnome shell", Status.OFF.value)]
            await choice.capture.close()
