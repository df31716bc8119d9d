"""A reading with Amazon Polly, from the session to the ear: the stand-in service, the real client, a quick listener.

Everything runs on one loop. The listener hears `pace` times as fast as a person and keeps what was heard, which the
stand-in's `hear` turns back into words. The voice on this computer speaks the same tones, so words it reads on are
heard as well; who spoke is in the events.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from reader.audio.base import Progress
from reader.audio.none import NoDevice
from reader.audio.player import Player
from reader.capture.capture import Capture
from reader.capture.none import NoText
from reader.flow import AudioChunk, CapturedText, Notice, PlaybackEvent, ReadingEnded, SegmentStarted, Source
from reader.session.controller import Controller, Preferences
from reader.session.engines import Engines
from reader.session.reading import Reading
from reader.voices.polly.client import Client
from reader.voices.polly.engine import FORMATS, PollyEngine, SentencesEngine
from reader.voices.polly.leg import Limits
from reader.voices.polly.roster import Roster
from reader.voices.polly.spending import Spending
from reader.wire.signing import AwsKeys
from tests.fakes.engine import FakeEngine, FakeStream
from tests.fakes.polly_service import PollyService, hear, speak, words
from tests.fakes.polly_service.voice import pitch

RATE_HZ = 16000
FRAME_BYTES = 2


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


class Ear(NoDevice):
    """A listener, and what he heard."""

    def __init__(self, pace: float) -> None:
        super().__init__(pace, RATE_HZ)
        self.heard = bytearray()
        self._run_bytes = bytearray()
        self._at = 0

    def play(self) -> None:
        self._run_bytes.clear()
        self._at = 0
        super().play()

    def write(self, pcm: bytes) -> None:
        self._run_bytes += pcm
        super().write(pcm)

    def listen(self, listener: Any) -> None:
        def note(event: Any) -> None:
            if isinstance(event, Progress):
                end = event.heard * FRAME_BYTES
                self.heard += self._run_bytes[self._at : end]
                self._at = max(end, self._at)
            listener(event)

        super().listen(note)


class _TonesStream(FakeStream):
    async def send(self, request: Any) -> None:
        self._engine.asked.append(request.text)
        pcm = speak(request.text, RATE_HZ)
        self._chunks.put_nowait(AudioChunk(request.utterance_id, request.segment, RATE_HZ, pcm, 1.0, True))


class TonesEngine(FakeEngine):
    """A voice on this computer."""

    def open_stream(self, utterance_id: int) -> FakeStream:
        self.streams.append(_TonesStream(self, utterance_id))
        return self.streams[-1]


@dataclass
class Desk:
    """A session in which "polly/Matthew" is chosen."""

    service: PollyService
    engine: PollyEngine
    local: TonesEngine
    accounts: HandAccounts
    client: Client
    spending: Spending
    ear: Ear
    player: Player
    controller: Controller
    events: list[PlaybackEvent] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, event: PlaybackEvent) -> None:
        self.events.append(event)
        self.changed.set()

    def begin(
        self, text: str, *, is_whole: bool = True, voice: str = "polly/Matthew", falls_back: bool = True
    ) -> Reading:
        preferences = Preferences(voice_id=voice, speaks_notices=False, may_fall_back=falls_back)
        return self.controller.speak(CapturedText(text, Source.GIVEN), preferences, is_whole=is_whole)

    async def until(self, is_so: Any) -> None:
        """Wait until what was told says so."""
        while not is_so():
            self.changed.clear()
            await self.changed.wait()

    async def read(self, text: str, **options: Any) -> list[str]:
        """Read a text to its end and return the words that were heard."""
        count, start = len(self.endings), len(self.ear.heard)
        self.begin(text, **options)
        await self.until(lambda: len(self.endings) > count)
        return hear(bytes(self.ear.heard[start:]), RATE_HZ, words(text))

    def heard_words(self, vocabulary: str) -> list[str]:
        return hear(bytes(self.ear.heard), RATE_HZ, words(vocabulary))

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
    folder: Path,
    service: PollyService | None = None,
    *,
    pace: float = 40.0,
    limits: Limits | None = None,
    formats: Sequence[tuple[str, int]] = FORMATS,
    lexicons: tuple[str, ...] = (),
    idle_s: float = 60.0,
) -> AsyncIterator[Desk]:
    """The whole way, with its service."""
    async with service or PollyService() as running:
        account = running.account
        found = FoundAccount(
            AwsKeys(account.access_key, account.secret_key, account.token),
            running.region,
            running.endpoint,
            str(running.write_ca(folder)),
        )
        accounts = HandAccounts(found)
        client = Client(accounts)
        roster, spending = Roster(client, folder / "voices.json"), Spending(folder / "spent.json", datetime.now)
        engine = PollyEngine(client, roster, spending, formats=formats, lexicons=lexicons, limits=limits, idle_s=idle_s)
        sentences = SentencesEngine(client, roster, spending, formats=formats, lexicons=lexicons)
        local, ear = TonesEngine("local"), Ear(pace)
        player = Player(ear, lambda event: made.controller.on_player_event(event))
        nowhere = NoText("nowhere", "There is nothing.")
        remote = {"polly": engine, "polly-sentences": sentences}

        async def make() -> dict[str, Any]:
            return remote

        engines = Engines({"local": local}, frozenset(remote), make)
        controller = Controller(Capture(nowhere, nowhere, nowhere), engines, player, lambda event: made.note(event))
        made = Desk(running, engine, local, accounts, client, spending, ear, player, controller)
        await player.open()
        try:
            yield made
        finally:
            await controller.close()
            await player.close()
            await engines.close()


def numbered(count: int, *, words_each: int = 6, paragraph: int = 4) -> str:
    """A text of so many sentences in paragraphs, no word of which occurs twice."""
    known: set[tuple[int, int]] = set()
    found: list[str] = []
    number = 0
    while len(found) < count * words_each:
        word = "".join(
            "bcdfghklmnprstvz"[(number >> shift) % 16] + "aeiou"[(number >> shift) % 5] for shift in (0, 4, 8)
        )
        word = word[: 3 + number % 4] + "qwxjy"[number % 5]
        number += 1
        key = tone_of(word)
        if word not in found and key not in known:
            known.add(key)
            found.append(word)
        if number > 60_000:
            break
    sentences = []
    for i in range(count):
        these = [found[(i * words_each + k) % len(found)] for k in range(words_each)]
        sentences.append(" ".join(these).capitalize() + ".")
    return "\n\n".join(" ".join(sentences[i : i + paragraph]) for i in range(0, count, paragraph))


def tone_of(word: str) -> tuple[int, int]:
    """Two words with the same one sound alike."""
    return len(word), pitch(word)
