"""Desktops on which a test selects, goes elsewhere, and has a program hang. Here are what they share, and the toy; the
others are in linux_worlds.py and windows_worlds.py, because what they import is of their system alone.
"""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

import pytest

from reader.capture.base import Place, Selection
from reader.capture.choose import PLACES
from reader.errors import CaptureTimeoutError, NothingToReadError
from reader.flow import Source
from tests.fakes import toy_place


class World(ABC):
    """A desktop on which a test does what a user does. `news` counts new selections that the place tells of."""

    name = ""
    tells = True  # of new selections, if the options ask for it
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

    async def nothing_is_meant(self) -> bool:
        """Whether a key press would find that nothing is selected."""
        selection = await self.place.look()
        if selection is None or selection.text == "" or not selection.is_meant():
            return True
        with pytest.raises(NothingToReadError):
            await self.place.read(Source.SELECTION)
        return selection.text is None

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
        self.toy.leave()

    async def hang(self) -> Callable[[], None]:
        before = dict(self.toy.texts)
        self.toy.texts = dict.fromkeys(Source, CaptureTimeoutError("The toy does not answer."))

        def wake() -> None:
            self.toy.texts = before

        return wake
