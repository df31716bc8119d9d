"""A reading with a speech server, from the session to the ear: the stand-in, the real client, a quick listener."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from reader.audio.player import Player
from reader.capture.capture import Capture
from reader.flow import CapturedText, Event, Notice, ReadingEnded, SegmentStarted, Source
from reader.http.address import ServerAddress
from reader.session.controller import Controller
from reader.session.engines import Engines, Remote
from reader.session.history import History
from reader.session.preferences import Preferences, ReadingOptions
from reader.voices.server.client import ANSWER_LIMIT_S
from reader.voices.server.engine import Choices, ServerEngine
from tests.fakes.library import GivenLibrary
from tests.fakes.polly_desk import RATE_HZ, Ear, TonesEngine, tone_of
from tests.fakes.polly_service import hear, words
from tests.fakes.speech_server import SpeechServer
from tests.fakes.words import GivenWords


@dataclass
class Desk:
    """A session in which the server's voice is chosen."""

    server: SpeechServer
    engine: ServerEngine
    local: TonesEngine
    ear: Ear
    controller: Controller
    events: list[Event] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, event: Event) -> None:
        self.events.append(event)
        self.changed.set()

    async def until(self, is_so: Any) -> None:
        while not is_so():
            self.changed.clear()
            await self.changed.wait()

    def begin(self, text: str, *, voice: str = "server/", falls_back: bool = True) -> None:
        preferences = Preferences(voice_id=voice, speaks_notices=False, may_fall_back=falls_back)
        self.controller.speak(CapturedText(text, Source.GIVEN), ReadingOptions(preferences, is_whole=True))

    async def read(self, text: str, **options: Any) -> list[str]:
        """Read a text to its end and return the words that were heard."""
        count = len(self.endings)
        self.ear.heard.clear()
        self.begin(text, **options)
        await self.until(lambda: len(self.endings) > count)
        vocabulary = set(words(text))
        assert len({tone_of(word) for word in vocabulary}) == len(vocabulary), "two words sound alike"
        return hear(bytes(self.ear.heard), RATE_HZ, vocabulary)

    @property
    def endings(self) -> list[bool]:
        return [e.is_whole for e in self.events if isinstance(e, ReadingEnded)]

    @property
    def notices(self) -> list[str]:
        return [e.sentence for e in self.events if isinstance(e, Notice)]

    @property
    def voices(self) -> list[str]:
        """Who spoke, segment by segment."""
        return [e.voice_id for e in self.events if isinstance(e, SegmentStarted)]


@asynccontextmanager
async def desk(
    server: SpeechServer | None = None,
    *,
    key: str = "",
    voice: str = "alloy",
    model: str = "tts-1",
    output_format: str = "pcm",
    answer_limit_s: float = ANSWER_LIMIT_S,
) -> AsyncIterator[Desk]:
    """The whole way, with its server. `key` is what the keyring has."""
    async with server or SpeechServer() as running:

        async def find_key() -> str:
            return key

        choices = Choices(ServerAddress.of(running.url), voice, model, output_format)
        engine = ServerEngine(choices, find_key, answer_limit_s)
        local, ear = TonesEngine("local"), Ear(40.0)
        player = Player(ear)

        async def make() -> dict[str, Any]:
            return {"server": engine}

        engines = Engines({"local": local}, [Remote(frozenset({"server"}), make)])
        history = History()
        controller = Controller(
            Capture({}), engines, player, lambda event: made.note(event), GivenWords(), history, GivenLibrary(history)
        )
        made = Desk(running, engine, local, ear, controller)
        ear.on_heard = made.changed.set
        await player.open()
        try:
            yield made
        finally:
            running.may_end.set()
            await controller.close()
            await player.close()
            await engines.close()
