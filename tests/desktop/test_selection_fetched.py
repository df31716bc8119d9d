"""What is fetched of a selection on a real X server before a key is pressed, from programs with ways of their own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

import pytest

from reader.capture import x11
from reader.capture.base import Extent
from reader.capture.transfer import BEGINNING_BYTES
from reader.errors import CaptureError, NothingToReadError
from reader.flow import Source
from tests.desktop.desk import Desk
from tests.fakes import x11_owner


class Place:
    """Harken's watch of the X server."""

    async def __aenter__(self) -> x11.X11Text:
        self._place = await x11.open_place(lambda: None)
        return self._place

    async def __aexit__(self, *_: object) -> None:
        await self._place.close()


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desk]:
    """Nobody else asks for selections there."""
    with Desk(sound=False, bus=False) as made:
        yield made


@pytest.fixture
def place(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("DISPLAY", desk.env["DISPLAY"])
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return Place()


def open_owner(desk: Desk, mode: str) -> None:
    desk.open_window([sys.executable, "-m", "tests.fakes.x11_owner", mode], "owner")


async def test_of_a_long_text_only_the_beginning_is_fetched_and_then_all_of_it(desk: Desk, place: Place) -> None:
    async with place as x:
        await asyncio.to_thread(open_owner, desk, "incr")
        beginning = await x.read(Source.SELECTION, Extent.BEGINNING)
        assert beginning.is_cut
        assert len(beginning.text.encode()) == BEGINNING_BYTES
        whole = await x.read(Source.SELECTION)
        assert whole.text.startswith(beginning.text)
        assert len(whole.text) == x11_owner.PIECE * x11_owner.PIECES


async def test_a_password_is_not_fetched(desk: Desk, place: Place) -> None:
    async with place as x:
        await asyncio.to_thread(open_owner, desk, "secret")
        with pytest.raises(CaptureError) as caught:
            await x.read(Source.SELECTION, Extent.BEGINNING)
        assert "password" in caught.value.sentence


async def test_a_key_press_does_not_wait_for_a_program_that_hangs_over_its_preparation(
    desk: Desk, place: Place
) -> None:
    """It is given up as soon as the press comes, not when the program's time is over."""
    async with place as x:
        await asyncio.to_thread(open_owner, desk, "hang")
        preparing = asyncio.ensure_future(x.read(Source.SELECTION, Extent.BEGINNING))
        await asyncio.sleep(0)
        assert await x.look()
        with pytest.raises(NothingToReadError):  # and no CaptureTimeoutError
            await preparing


async def test_a_preparation_never_makes_a_key_press_give_up(desk: Desk, place: Place) -> None:
    async with place as x:
        await asyncio.to_thread(open_owner, desk, "incr")
        reading = asyncio.ensure_future(x.read(Source.SELECTION))
        await asyncio.sleep(0)
        beginning = await x.read(Source.SELECTION, Extent.BEGINNING)
        assert (await reading).text.startswith(beginning.text)
