"""A controller with voices, a device and places of text that a test has in hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Self

from reader.audio.player import Player
from reader.capture.base import AskFront, CaptureOptions, Extent, Front, InFront, Selection
from reader.capture.capture import Capture
from reader.errors import CaptureError, NothingToReadError
from reader.flow import (
    CapturedText,
    Command,
    Event,
    Notice,
    ReadingEnded,
    SegmentStarted,
    Source,
    State,
    StateChanged,
    Trigger,
)
from reader.session.controller import Controller
from reader.session.engines import Engines
from reader.session.history import History
from reader.session.preferences import Preferences, ReadingOptions
from reader.session.reading import Reading
from tests.fakes.device import HandDevice
from tests.fakes.engine import RATE_HZ, FakeEngine
from tests.fakes.library import GivenLibrary
from tests.fakes.words import GivenWords
from tests.own_time import settle

TEXT = "One is first. Two is second. Three is third."

OTHER = "Another text. It has two sentences."


class Place:
    """Where a test puts the text that is selected."""

    def __init__(self) -> None:
        self.text: str | CaptureError = NothingToReadError("Nothing is selected.")
        self.more: Callable[[], Awaitable[str | None]] | None = None
        self.caret_chars: int | None = None
        self.reads = 0
        self.gate: asyncio.Event | None = None

    def absence(self) -> str:
        return ""

    async def look(self) -> Selection | None:
        return Selection(Front.ITS_OWN)

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        self.reads += 1
        if self.gate:
            await self.gate.wait()
        if isinstance(self.text, CaptureError):
            raise self.text
        return CapturedText(self.text, source, caret_chars=self.caret_chars, more=self.more)

    async def in_front(self) -> InFront:
        return InFront()

    def use_front(self, ask: AskFront) -> None:
        pass

    async def why_nothing(self, pid: int) -> str:
        return ""

    async def apply(self, options: CaptureOptions) -> None:
        pass

    def notes(self) -> list[str]:
        return []

    async def close(self) -> None:
        pass


class Session:
    def __init__(self, engines: dict[str, FakeEngine] | None = None, device: HandDevice | None = None) -> None:
        self.place = Place()
        self.device = device or HandDevice(RATE_HZ)
        self.events: list[Event] = []
        self.engines = engines or {"fake": FakeEngine()}
        self.player = Player(self.device)
        self.words = GivenWords()
        history = History()
        self.library = GivenLibrary(history)
        self.controller = Controller(
            Capture({Source.SELECTION: [self.place], Source.FOCUS: [self.place]}),
            Engines(self.engines),
            self.player,
            self.note,
            self.words,
            history,
            self.library,
        )
        self.controller.preferences = Preferences(speaks_notices=False)

    def note(self, event: Event) -> None:
        self.events.append(event)

    async def __aenter__(self) -> Self:
        await self.player.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.controller.close()
        await self.player.close()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def press(self, command: Command, origin: str = "key") -> None:
        self.controller.handle(Trigger(command, origin))
        await self.settle()

    def speak(self, captured: CapturedText, **how: Any) -> Reading:
        return self.controller.speak(captured, ReadingOptions(self.controller.preferences, **how))

    async def settle(self) -> None:
        await settle()

    async def read(self, text: str) -> None:
        self.place.text = text
        await self.press(Command.READ_SELECTION)

    async def hear(self, seconds: float) -> None:
        await self.device.hear(seconds)
        await self.settle()

    @property
    def spoken(self) -> list[str]:
        return [e.segment.text for e in self.events if isinstance(e, SegmentStarted)]

    @property
    def states(self) -> list[State]:
        return [e.state for e in self.events if isinstance(e, StateChanged)]

    @property
    def notices(self) -> list[str]:
        return [e.sentence for e in self.events if isinstance(e, Notice)]

    @property
    def endings(self) -> list[bool]:
        return [e.is_whole for e in self.events if isinstance(e, ReadingEnded)]
