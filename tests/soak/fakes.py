"""Storms over the core in this process, each followed by a calm in which everything must be as it was.

In a storm, a user who can't decide presses keys while voices, sound, network and computer fail. In the calm nothing is
left: no task, no child, no request, no memory; and a plain text is heard whole. The same seed tells the same story.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

from h2.errors import ErrorCodes

import reader.voices.polly.parts  # else it is growth where it is wanted first  # noqa: F401
from reader.flow import Command, State, Trigger
from reader.session.meanings import MOVES
from reader.voices.local.engine import LocalEngine
from tests.soak import words
from tests.soak.children import FakeChild
from tests.soak.growth import Growth
from tests.soak.story import SoakError, Story
from tests.soak.words import Text
from tests.soak.world import SoakLoop, World

_ACTS = 40  # of a storm
_VOICES = ("", "", "neural/heart", "espeak/en-us", "espeak/de", *("polly/Matthew",) * 3, "polly/", "neural/gone")
_TEXTS = 12  # that are read again and again
_WHOLE_S = 120.0
_KEYS = (
    *(Command.PAUSE_RESUME,) * 6, *(Command.PAUSE,) * 2, *(Command.RESUME,) * 3, *(Command.STOP,) * 3,
    *(Command.NEXT,) * 7, *(Command.PREVIOUS,) * 5, *(Command.REPEAT,) * 3, *(Command.NEXT_PARAGRAPH,) * 3,
    *(Command.PREVIOUS_PARAGRAPH,) * 3, Command.FASTER, Command.SLOWER, Command.LOUDER, Command.QUIETER,
    Command.ADD_BOOKMARK, Command.READ_LATER, Command.READ_QUEUED,
)  # fmt: skip


class Soak:
    def __init__(self, world: World) -> None:
        self.world = world
        self.story = world.story
        self.chance = world.story.chance
        self._texts: list[Text] = []
        self.growth = Growth(self.story)
        self._acts: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (16, self._read), (6, self._read_again), (30, self._press), (4, self._say), (5, self._speak),
            (3, self._go_back_to), (4, self._lose_sound), (5, self._end_child), (2, self._hang_child),
            (4, self._set), (3, self._trouble_network), (2, self._sleep), (8, self._listen), (1, self._unsettle),
            (4, self._read_document), (3, self._select_again), (4, self._click), (2, self._move_focus),
            (2, self._ask_this_and_that),
        ]  # fmt: skip

    async def storm(self) -> None:
        """So much happens, and then nothing is left of it."""
        weights, acts = zip(*self._acts, strict=True)
        for _ in range(_ACTS):
            await self.chance.choices(acts, weights)[0]()
            await self.world.settle()
            await asyncio.sleep(self.chance.choice((0.0, 0.01, 0.1, 0.3, 0.7, 1.5)))
            self.world.look()
        await self._calm()

    # ---- a user ----

    def _note(self, what: str, **more: object) -> None:
        self.story.note(what, **more, state=self.world.app.state.value)

    def _text(self) -> Text:
        """A new one, or one that was read before."""
        if len(self._texts) >= _TEXTS and self.chance.random() < 0.4:
            return self.chance.choice(self._texts)
        self._texts = [*self._texts, words.make(self.chance)][-_TEXTS:]
        return self._texts[-1]

    async def _read(self) -> None:
        text = self._text()
        self._note("read", text=text.text[:30])
        self.world.select(text)
        await self.world.press(Command.READ_SELECTION)

    async def _read_document(self) -> None:
        text = self._text()
        self._note("read a document", text=text.text[:30])
        self.world.select(text, in_parts=True)
        await self.world.press(Command.READ_DOCUMENT)

    async def _select_again(self) -> None:
        text = self._text()
        self._note("select, which is read", text=text.text[:30])
        self.world.select(text)
        self.world.app.controller.handle(Trigger(Command.READ_SELECTION, "selection"))

    async def _click(self) -> None:
        self._note("click on a word")
        word = self.world.go_to_word()
        self._note("clicked", word=words.WORDS[word] if word >= 0 else "none")

    async def _move_focus(self) -> None:
        control = self.chance.choice(("Save, button", "Name, text field", ""))
        self._note("the focus moves", to=control)
        self.world.app.controller.follow(control)

    async def _ask_this_and_that(self) -> None:
        what = self.chance.choice(
            ("devices", "status", "voices", "recent", "history", "sleep-at-paragraph", "settings")
        )
        self._note("ask", request=what)
        await self.world.ask(what)

    async def _read_again(self) -> None:
        self._note("press the key again")
        await self.world.press(Command.READ_SELECTION)

    async def _press(self) -> None:
        command = self.chance.choice(_KEYS)
        self._note("press", command=command.value)
        await self.world.press(command)

    async def _say(self) -> None:
        text = self._text()
        self.world.along.know(text)
        self._note("say", text=text.text[:30])
        await self.world.ask("say", text=text.text)

    async def _speak(self) -> None:
        text = self._text()
        fields = {"voice": self.chance.choice(("", "", "espeak/en-us", "polly/Matthew")), "falls_back": True}
        self._note("speak", text=text.text[:30], **fields)
        told = self.world.speak(text, **fields)
        if self.chance.random() < 0.3:
            await asyncio.sleep(self.chance.uniform(0.0, 2.0))
            self._note("hang up")
            told.cancel()

    async def _go_back_to(self) -> None:
        what, fields = self.chance.choice(
            (("read-again", "id"), ("recent-read", "number"), ("bookmark-go", "number"), ("recent-forget", "number"))
        )
        number = self.chance.randint(1, 5)
        if what == "read-again" and (readings := (await self.world.ask("history"))["readings"]):
            number = readings[number % len(readings)]["id"]
        self._note(what, number=number)
        await self.world.ask(what, **{fields: number})

    async def _listen(self) -> None:
        seconds = self.chance.uniform(1.0, 12.0)
        self._note("listen", seconds=round(seconds, 1))
        await asyncio.sleep(seconds)

    async def _set(self) -> None:
        key, values = self.chance.choice(
            (
                ("voice.id", _VOICES), ("voice.id", _VOICES), ("voice.speed", (0.5, 1.0, 1.0, 1.7, 2.6)),
                ("sound.device", ("", "soak", "gone")), ("reading.go_on", (True, False)),
                ("reading.history", (True, False)), ("voice.fall_back", (True, True, False)),
                ("reading.spoken_notices", (True, False)), ("cues.speed", (True, False)),
                ("voice.language", ("", "", "de")), ("sound.volume", (60.0, 100.0)),
                ("voice.stand_in", ("", "espeak/")),
                ("text.brackets", (True, False)), ("reading.places", (True, False)), ("sound.awake_s", (0.0, 60.0)),
            )
        )  # fmt: skip
        value = self.chance.choice(values)
        self._note("set", key=key, value=value)
        await self.world.ask("set", key=key, value=value)

    # ---- what happens to it ----

    async def _lose_sound(self) -> None:
        house = self.world.house
        if house.is_sound_there:
            self._note("sound goes")
            house.take_sound()
        else:
            house.rate_hz = self.chance.choice((8000, 11025, 16000))
            self._note("sound comes back", rate_hz=house.rate_hz)
            house.is_sound_there = True

    async def _end_child(self) -> None:
        if child := self._child("neural", "espeak", "audio", "credentials"):
            self._note("end a process", kind=child.name)
            child.kill()

    async def _hang_child(self) -> None:
        if child := self._child("neural", "espeak", "audio"):
            self._note("a process hangs", kind=child.name)
            child.hang()

    def _child(self, *kinds: str) -> FakeChild | None:
        """One that lives; whichever are there, it takes one throw of the dice."""
        at, children = self.chance.random(), self.world.house.alive(*kinds)
        return children[int(at * len(children))] if children else None

    async def _unsettle(self) -> None:
        self.world.house.stillborn = self.chance.choice((0.0, 0.5))
        self.world.house.pace = self.chance.choice((3.0, 30.0))
        self._note("processes start badly", how_likely=self.world.house.stillborn, pace=self.world.house.pace)

    async def _trouble_network(self) -> None:
        world, faults = self.world, self.world.service.faults
        if not world.is_online:
            self._note("the network is back")
            await world.find_network()
            return
        after = self.chance.randint(0, 60_000)
        troubles: Sequence[tuple[str, Callable[[], AbstractContextManager[object]] | None]] = (
            ("is lost", None), ("is lost", None),
            ("cuts a connection", lambda: faults.cut(after_bytes=after)),
            ("resets a stream", lambda: faults.reset(ErrorCodes.INTERNAL_ERROR, after_bytes=after)),
            ("stalls", lambda: faults.stall(is_deaf=self.chance.random() < 0.5, after_bytes=after)),
            ("says good-bye", lambda: faults.goaway(is_stream_kept=self.chance.random() < 0.5, after_bytes=after)),
            ("does not answer", lambda: faults.no_answer(times=1)),
            ("is too busy", lambda: faults.http_error(503, "ServiceUnavailableException")),
            ("ends a stream", lambda: faults.end(after_bytes=after)),
        )  # fmt: skip
        what, do = self.chance.choice(troubles)
        self._note(f"the network {what}", after_bytes=after)
        if do is None:
            await world.lose_network()
        else:
            world.along.note_failure()
            world.faults.enter_context(do())

    async def _sleep(self) -> None:
        seconds = self.chance.choice((2.0, 15.0, 700.0, 30_000.0))
        self._note("the computer sleeps", seconds=seconds)
        self.world.sleep(seconds)
        if self.chance.random() < 0.3:
            ahead_s = self.chance.choice((-90_000.0, 0.0, 3600.0))
            self._note("its clock is set", by_s=-ahead_s)
            self.world.service.clock_skew = timedelta(seconds=ahead_s)

    # ---- the calm ----

    async def _calm(self) -> None:
        world, house = self.world, self.world.house
        self._note("calm")
        house.is_sound_there, house.stillborn, house.pace = True, 0.0, 30.0
        world.faults.close()
        world.service.clock_skew = timedelta()
        await world.find_network()
        for key, value in (
            ("voice.fall_back", True),
            ("sound.device", ""),
            ("voice.speed", 1.0),
            ("sound.volume", 100.0),
        ):
            await world.ask("set", key=key, value=value)
        await world.ask("queue-clear")
        await world.ask("sleep", minutes=0)
        await world.until(self._is_getting_on, "a word, or the end, of what is read in the calm", 400.0)
        await world.press(Command.STOP)
        await asyncio.sleep(30.0)  # who waited for something has it
        await world.press(Command.STOP)
        await world.until(lambda: world.app.state is State.IDLE, "idle behind a storm", 60.0)
        again = self.chance.choice((*MOVES, Command.PAUSE_RESUME))
        self._note("press", command=again.value)
        await world.press(again)
        await asyncio.sleep(0.0)
        await world.until(self._is_getting_on, "a word, or the end, of what is read again", 60.0)
        await world.press(Command.STOP)
        await self._read_whole()
        await self._look_for_rests()

    def _is_getting_on(self) -> bool:
        """Whether something is heard, or nothing is to be; a client may take its time."""
        return self.world.app.state is not State.PREPARING or bool(self.world.clients)

    async def _read_whole(self) -> None:
        """A plain text is heard from its first word to its last one."""
        world = self.world
        text = words.make(self.chance, 3, 5)
        self._note("read a plain text", text=text.text)
        world.select(text)
        await world.press(Command.READ_SELECTION)
        await world.settle()
        await world.until(lambda: world.app.state is State.SPEAKING, "the first word", 20.0)
        wanted = world.users
        await world.until(lambda: wanted in world.along.whole, "the last word", _WHOLE_S)
        await world.until(lambda: world.app.state is State.IDLE, "idle behind a text", 60.0)
        await asyncio.sleep(1.0)
        world.look()
        status = await world.ask("status")
        if status.get("state") != State.IDLE:
            raise SoakError(f"the status behind a text is {status}")

    async def _look_for_rests(self) -> None:
        """Nothing is left of what was stopped."""
        world = self.world
        await world.until(lambda: not world.clients, "clients get their answers", 60.0)
        kinds = [child.name for child in world.house.alive()]
        doubled = {kind for kind in kinds if kinds.count(kind) > 1}
        if doubled or len(kinds) > 3:
            raise SoakError(f"child processes: {kinds}")
        for name, engine in world.app.engines.all.items():
            if isinstance(engine, LocalEngine) and (engine._jobs or engine._endings):
                raise SoakError(f"{name} still has {engine._jobs} {dict(engine._endings)}")
        world.forget_records()
        self.growth.note(
            tasks=len(asyncio.all_tasks()),
            timers=len([t for t in vars(asyncio.get_running_loop())["_scheduled"] if not t.cancelled()]),
        )


async def run(story: Story, readings: int, is_over: Callable[[], bool]) -> str:
    """Storms until so many readings were begun, or it `is_over`. Returns what the growth was."""
    with tempfile.TemporaryDirectory(prefix="harken-soak-") as name:
        async with World(story, Path(name)) as world:
            soak = Soak(world)
            while story.readings < readings and not is_over():
                await soak.storm()
            return soak.growth.check()


def main(story: Story, readings: int, is_over: Callable[[], bool]) -> str:
    """Run it on a loop of its own."""
    with asyncio.Runner(loop_factory=SoakLoop) as runner:
        return runner.run(run(story, readings, is_over))
