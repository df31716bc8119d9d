"""The whole core in this process, on a loop with a time of its own, between stand-ins for all that is outside of it.

Real: session, player, engines, Amazon Polly's client, settings, what answers the command line. Not real: the child
processes (`children.py`), the program that has the selection, and the service, which is the other tests' stand-in.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Self, TypeVar
from unittest.mock import patch

from reader.capture.base import Extent
from reader.capture.capture import Capture
from reader.core.app import App
from reader.core.remote import Remote
from reader.errors import CaptureTimeoutError, HarkenError
from reader.flow import CapturedText, Command, Event, Source, SpeedChanged, State, Trigger
from reader.session.meanings import MOVES
from reader.session.preferences import ReadingOptions
from reader.session.reading import Reading
from reader.session.recovery import Recovery
from reader.settings.store import Settings
from reader.workers.child import Child
from tests.fakes.polly_service import PollyService
from tests.fakes.session import Place
from tests.own_time import OwnTimeLoop, settle
from tests.soak import words
from tests.soak.along import Along
from tests.soak.children import House, SoundChild
from tests.soak.story import SoakError, Story
from tests.soak.words import Text

T = TypeVar("T")

# What one run writes down, another one must not find.
_OWN_FOLDERS = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
_FIRST_SETTINGS = {"cues.pause": False, "cues.end": False}


class SoakLoop(OwnTimeLoop):
    """Waits for what threads do, and no time passes meanwhile: so the same seed always tells the same story."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting._ends_s = None  # it goes on for hours
        self._pool = ThreadPoolExecutor(1, "soak")

    def has_others(self) -> bool:
        """Nobody else computes: threads are waited for, and there are no children."""
        return False

    def run_in_executor(  # type: ignore[override]
        self, _executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = self.create_future()
        done = self._pool.submit(func, *args)
        if error := done.exception():
            future.set_exception(error)
        else:
            future.set_result(done.result())
        return future

    def close(self) -> None:
        self._pool.shutdown()
        super().close()


class _Tracebacks(logging.Handler):
    """Keeps what nobody foresaw."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        ours = record.name.partition(".")[0] in ("reader", "asyncio")
        if ours and (record.exc_info or record.name == "asyncio"):
            self.found.append(logging.Formatter().format(record))


class Program(Place):
    """The one in front: some of its texts come in parts, and it does not always answer. See Place."""

    parts: tuple[str, ...] = ()
    chance: random.Random

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        captured = await super().read(source, extent)
        if not self.parts:
            return captured
        left = list(self.parts[1:])

        async def more() -> str | None:
            await asyncio.sleep(self.chance.choice((0.0, 0.0, 0.3, 2.0)))
            if self.chance.random() < 0.1:
                raise CaptureTimeoutError("The program does not answer.")
            return left.pop(0) if left else None

        return replace(captured, text=self.parts[0], more=more)


class Client:
    """A client of the socket that sends a text in parts. See Connection."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self.answers: list[dict[str, Any]] = []
        self.wanted = asyncio.Semaphore(2)  # texts that may be unanswered

    async def receive(self) -> dict[str, Any] | None:
        return await self.messages.get()

    async def send(self, message: dict[str, Any]) -> None:
        if message.get("more"):
            self.wanted.release()


class World:
    """Use it as an asynchronous context. `at` is the last utterance of the user's that was begun."""

    def __init__(self, story: Story, folder: Path) -> None:
        self.story = story
        # Not the story's: what the user does is the same, whenever a network answers.
        self.chance = random.Random(story.seed)
        self.folder = folder
        self.house = House(self.chance)
        self.along = Along(story)
        self.place = Program()
        self.place.chance = self.chance
        self.service = PollyService()
        self.service.habits = words.Voice()  # type: ignore[assignment]
        self.service.pace = 20.0
        self.is_online = True
        self.tracebacks = _Tracebacks()
        self.clients: set[asyncio.Task[Any]] = set()
        self.faults = contextlib.ExitStack()
        self.users = 0  # the last utterance of the user's
        self._arriving: Text | None = None
        self._patches = contextlib.ExitStack()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        begun_s = self._loop.time()
        self.story.now_s = lambda: self._loop.time() - begun_s
        logging.getLogger().addHandler(self.tracebacks)
        # KDE's settings are a file: for GNOME's a program would be asked, at a time of its own.
        own = dict.fromkeys(_OWN_FOLDERS, str(self.folder)) | {"XDG_CURRENT_DESKTOP": "KDE"}
        self._patches.enter_context(patch.dict(os.environ, own))
        await self.service.__aenter__()
        self.house.account = self._account()
        self._patches.enter_context(patch.object(Child, "start", self.house.start))
        self._watch_failures()
        settings = Settings(self.folder / "settings.toml")
        for key, value in _FIRST_SETTINGS.items():
            settings.set(key, value)
        self.app = App(settings, is_served=True)
        self.remote = Remote(self.app)
        self._watch()
        await self.app.start(with_desktop=False)
        sources = Source.SELECTION, Source.FOCUS, Source.CLIPBOARD
        self.app.controller.search.capture = Capture({source: [self.place] for source in sources})
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self.clients:
            client.cancel()
        await asyncio.gather(*self.clients, return_exceptions=True)
        await self.app.stop()
        self.faults.close()
        self._patches.close()
        if self.is_online:
            await self.service.vanish()
        logging.getLogger().removeHandler(self.tracebacks)

    def _account(self) -> dict[str, Any]:
        account = self.service.account
        return {
            "access_key": account.access_key, "secret_key": account.secret_key, "token": account.token,
            "region": self.service.region, "endpoint": self.service.endpoint, "expires_at": "", "source": "soak",
            "ca_bundle": str(self.service.write_ca(self.folder)), "region_source": "",
        }  # fmt: skip

    def _watch(self) -> None:
        """Have `along` know what is begun and heard."""
        player, maker, along = self.app._player, self.app.controller.maker, self.along
        begin, make = player.begin, maker.make

        def begin_too(utterance_id: int, speed: float | None = None) -> None:
            begin(utterance_id, speed)
            along.note_begin(utterance_id, player.current_speed)

        def make_too(captured: CapturedText, options: ReadingOptions | None = None, *, begin_at: int = 0) -> Reading:
            reading = make(captured, options, begin_at=begin_at)
            if self._arriving and options and not options.is_whole:
                along.note_text(reading.utterance_id, self._arriving)
                self._arriving = None
            else:
                along.note_made(reading.utterance_id, captured, may_go_on=begin_at > 0)
            if reading.is_users:
                self.users = reading.utterance_id
            return reading

        player.begin, maker.make = begin_too, make_too  # type: ignore[method-assign]
        self.house.utterance_id = lambda: player.utterance_id
        self.house.on_run = along.note_run
        self.app.subscribe(along.on_event)
        self.app.subscribe(self._on_event)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, SpeedChanged):
            self.along.note_speed()

    def _watch_failures(self) -> None:
        """Have `along` know of what is said again."""
        recover, stand_in = Recovery.recover, Reading._stand_in
        along, story = self.along, self.story

        async def recover_too(recovery: Recovery, *args: Any) -> None:
            story.note_answer("a voice failed")
            along.note_failure()
            await recover(recovery, *args)

        async def stand_in_too(reading: Reading, *args: Any, is_broken: bool) -> None:
            if is_broken:
                story.note_answer("a text is broken")
                along.note_failure()
            await stand_in(reading, *args, is_broken=is_broken)

        self._patches.enter_context(patch.object(Recovery, "recover", recover_too))
        self._patches.enter_context(patch.object(Reading, "_stand_in", stand_in_too))

    # ---- what a user does ----

    async def press(self, command: Command) -> None:
        """A key, or a command line. Which, is no matter."""
        if command in MOVES:
            self.along.note_move(command, self.users)
        if self.chance.random() < 0.5:
            self.app.controller.handle(Trigger(command, "key"))
        else:
            await self.ask("command", command=command)

    async def ask(self, what: str, **fields: Any) -> dict[str, Any]:
        """As the command line does. What is refused says so."""
        try:
            return await self.remote.obey({"do": what, **fields})
        except HarkenError as error:
            return {"refused": error.sentence}

    def select(self, text: Text, *, in_parts: bool = False) -> None:
        """In the program in front."""
        self.along.know(text)
        self.place.text = text.text
        paragraphs = text.text.split("\n\n")
        self.place.parts = tuple(f"{paragraph}\n\n" for paragraph in paragraphs) if in_parts else ()
        if in_parts:
            self.along.know_part(paragraphs[0], text)

    def go_to_word(self) -> int:
        """A click on a word of the text in hand. Which, -1 if there is none."""
        reading = self.app.controller.current
        found = list(re.finditer(r"\w+", reading.text_so_far.text)) if reading else []
        found = [match for match in found if words.numbers(match[0]) != [words.OTHER]]  # one may have come half
        if not reading or not found:
            return -1
        clicked = self.chance.choice(found)
        (word,) = words.numbers(clicked[0])
        self.along.note_place(word, reading.utterance_id)
        self.app.controller.read_from(clicked.start())
        return word

    def speak(self, text: Text, **fields: Any) -> asyncio.Task[Any]:
        """`harken speak`, with a text that comes in parts, at a pace of its own."""
        client = Client()
        whole = asyncio.get_running_loop().create_task(self._speak(text, client, fields))
        self.clients.add(whole)
        whole.add_done_callback(self.clients.discard)
        return whole

    async def _speak(self, text: Text, client: Client, fields: dict[str, Any]) -> str:
        self._arriving = text
        request = {"do": "speak", **fields}
        answering = asyncio.get_running_loop().create_task(self.remote.answer(request, client))  # type: ignore[arg-type]
        try:
            at = 0
            while at < len(text.text) and not answering.done():
                await asyncio.wait_for(client.wanted.acquire(), 600)
                end = at + self.chance.randint(1, 60)
                client.messages.put_nowait({"text": text.text[at:end], "end": end >= len(text.text)})
                at = end
                await asyncio.sleep(self.chance.choice((0.0, 0.0, 0.0, 0.1, 1.0)))
            return str((await answering)["ended"])
        except (HarkenError, TimeoutError) as error:
            return str(error)
        finally:
            client.messages.put_nowait(None)  # it hangs up
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)

    # ---- what happens ----

    def forget_records(self) -> None:
        """The stand-in keeps all that it has seen."""
        service = self.service
        for records in (service.streams, service.requests, service.refusals, service.speeches, service.goodbyes):
            records.clear()

    async def lose_network(self) -> None:
        if self.is_online:
            self.is_online = False
            self.along.note_failure()
            await self.service.vanish()

    async def find_network(self) -> None:
        if not self.is_online:
            self.is_online = True
            await self.service.listen()

    def sleep(self, seconds: float) -> None:
        """The computer was asleep: it is later for all of its clocks, and nothing was heard."""
        self.along.note_failure()
        self._loop.skip(seconds)  # type: ignore[attr-defined]
        for child in self.house.alive("audio"):
            assert isinstance(child, SoundChild)
            child.sleep(seconds)

    # ---- what must hold ----

    async def settle(self) -> None:
        """Let what was done take effect, and look at what must hold at every moment."""
        await settle()
        self.look()
        if self.app.state in (State.IDLE, State.PAUSED):
            for child in self.house.alive("audio"):
                assert isinstance(child, SoundChild)
                if child.is_sounding and not child.is_hanging:
                    raise SoakError(f"something is heard while Harken is {self.app.state}")

    def look(self) -> None:
        """Raise what was found until now."""
        if self.along.troubles:
            raise self.along.troubles[0]
        if self.house.errors:
            raise SoakError("a message of a child could not be used") from self.house.errors[0]
        if self.tracebacks.found:
            raise SoakError(self.tracebacks.found[0])

    async def until(self, is_so: Callable[[], bool], what: str, limit_s: float) -> None:
        """Wait until something is so. Raises SoakError when it is not so in time."""
        until_s = self._loop.time() + limit_s
        while not is_so():
            self.look()
            if self._loop.time() > until_s:
                raise SoakError(f"{what}: not within {limit_s:g} s; {self.app.state}")
            await asyncio.sleep(0.02)
