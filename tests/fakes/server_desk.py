"""A reading with a speech server, from the session to the ear: the stand-in, the real client, a quick listener."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from reader.audio.player import Player
from reader.capture.capture import Capture
from reader.http.address import ServerAddress
from reader.session.controller import Controller
from reader.session.engines import Engines, Remote
from reader.session.history import History
from reader.voices.server.client import ANSWER_LIMIT_S
from reader.voices.server.engine import Choices, ServerEngine
from tests.fakes.heard_desk import Ear, HeardDesk, TonesEngine
from tests.fakes.library import GivenLibrary
from tests.fakes.speech_server import SpeechServer
from tests.fakes.words import GivenWords


@dataclass(kw_only=True)
class Desk(HeardDesk):
    """A session with a speech server."""

    server: SpeechServer
    engine: ServerEngine
    local: TonesEngine


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
        made = Desk(voice="server/", server=running, engine=engine, local=local, ear=ear, controller=controller)
        ear.on_heard = made.changed.set
        await player.open()
        try:
            yield made
        finally:
            running.may_end.set()
            await controller.close()
            await player.close()
            await engines.close()
