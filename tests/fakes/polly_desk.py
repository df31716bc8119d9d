"""A reading with Amazon Polly, from the session to the ear: the stand-in service, the real client, a quick listener."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from reader.audio.base import OutputDevice
from reader.audio.player import Player
from reader.aws.signing import AwsKeys
from reader.capture.capture import Capture
from reader.errors import RemoteVoiceError
from reader.session.controller import Controller
from reader.session.engines import Engines, Remote
from reader.session.history import History
from reader.voices.polly.client import PollyClient
from reader.voices.polly.engine import FORMATS, PollyEngine, SentencesEngine
from reader.voices.polly.spending import Spending
from reader.voices.polly.synthesis_stream import Limits
from reader.voices.polly.voice_cache import VoiceCache
from tests.fakes.heard_desk import Ear, HeardDesk, TonesEngine
from tests.fakes.library import GivenLibrary
from tests.fakes.polly_service import PollyService
from tests.fakes.words import GivenWords


@dataclass
class FoundAccount:
    """What `reader.credentials` would find."""

    keys: AwsKeys
    region: str
    endpoint: str
    ca_bundle: str


@dataclass
class HandAccounts:
    """Accounts that a test has in hand. `renewed` is what is found after the first was not accepted."""

    found: FoundAccount
    renewed: FoundAccount | None = None
    renewals: int = 0

    async def account(self, *, is_renewed: bool = False) -> FoundAccount:
        if is_renewed:
            self.renewals += 1
            self.found = self.renewed or self.found
        return self.found


@dataclass(kw_only=True)
class Desk(HeardDesk):
    """A session with Amazon Polly."""

    service: PollyService
    engine: PollyEngine
    local: TonesEngine
    accounts: HandAccounts
    client: PollyClient
    spending: Spending
    player: Player

    def drop_connections(self) -> None:
        """What was open is not any more."""
        self.engine._connections.drop()


@asynccontextmanager
async def desk(
    folder: Path,
    service: PollyService | None = None,
    *,
    pace: float = 40.0,
    limits: Limits | None = None,
    formats: Sequence[tuple[str, int]] = FORMATS,
    lexicons: tuple[str, ...] = (),
    idle_s: float = 60.0,
    device: OutputDevice | None = None,
    limit_chars: int = 0,
    today: Callable[[], datetime] = datetime.now,
) -> AsyncIterator[Desk]:
    """The whole way, with its service. `device` is used instead of the ear."""
    async with service or PollyService() as running:
        account = running.account
        found = FoundAccount(
            AwsKeys(account.access_key, account.secret_key, account.token),
            running.region,
            running.endpoint,
            str(running.write_ca(folder)),
        )
        accounts = HandAccounts(found)
        client = PollyClient(accounts)
        roster, spending = (
            VoiceCache(client, folder / "voices.json"),
            Spending(folder / "spent.json", today, limit_chars),
        )
        engine = PollyEngine(client, roster, spending, formats=formats, lexicons=lexicons, limits=limits, idle_s=idle_s)
        sentences = SentencesEngine(client, roster, spending, formats=formats, lexicons=lexicons)
        local, ear = TonesEngine("local"), Ear(pace)
        player = Player(device or ear)
        remote = {"polly": engine, "polly-sentences": sentences}

        async def make() -> dict[str, Any]:
            return remote

        engines = Engines({"local": local}, [Remote(frozenset(remote), make)])
        history = History()
        controller = Controller(
            Capture({}), engines, player, lambda event: made.note(event), GivenWords(), history, GivenLibrary(history)
        )
        made = Desk(
            voice="polly/Matthew", service=running, engine=engine, local=local, accounts=accounts, client=client,
            spending=spending, ear=ear, player=player, controller=controller,
        )  # fmt: skip
        ear.on_heard = made.changed.set
        note_failure = client.note_failure

        def note(error: RemoteVoiceError) -> None:
            note_failure(error)
            made.changed.set()

        client.note_failure = note  # type: ignore[method-assign]
        await engines.make_remote("polly")
        await player.open()
        try:
            yield made
        finally:
            await controller.close()
            await player.close()
            await engines.close()
            await running.until(lambda: not running.open_connections)
