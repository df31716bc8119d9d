"""Whatever is selected, changed and pressed in whatever order: nothing prepared is heard for anything else.

Each history is lived twice, with and without preparing: what is said must be the same. And what was prepared may only
be taken for the text, the window, the voice, the speed, the language and the pronunciations of which it was made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from reader.capture.quiet import QUIET_S
from reader.errors import NothingToReadError
from reader.flow import AudioChunk, CapturedText, Command, SegmentStarted, SpeechRequest
from reader.session.preferences import Preferences
from reader.session.preparing import KEPT_S
from reader.text import loading, spoken
from reader.text.pronunciations import Entry
from reader.voices.base import SpeechStream
from tests.fakes.engine import RATE_HZ, FakeEngine, FakeStream
from tests.fakes.preparing import PreparingSession
from tests.own_time import OwnTimeLoop

NOTHING = NothingToReadError("Nothing is selected.")
# Two begin alike, and one is German.
TEXTS = (
    "One is first. Two is second.",
    "One is first. Three is third, and it is longer than the others are.",
    "Another text. It has two sentences.",
    "Der Anfang. Und das ist der zweite Satz, auf Deutsch geschrieben.",
    "See https://example.org/one/two?three=4 for the **first** of 5 kg. It goes on.",
)
WORDS = ((), (Entry("first", "last"),), (Entry("second", "next"),))

texts = st.integers(0, len(TEXTS) - 1)
windows = st.integers(0, 1)
READ = ("press", Command.READ_SELECTION)
steps = st.one_of(
    st.tuples(st.sampled_from(("select", "made")), windows, texts),  # "made": and the mouse let go
    st.tuples(st.just("change"), texts),  # the program's text, without a word from it
    st.tuples(st.just("go"), windows),
    st.tuples(st.just("press"), st.sampled_from((Command.READ_SELECTION, Command.STOP, Command.PAUSE_RESUME))),
    st.tuples(st.just("voice"), st.sampled_from(("", "fake/en", "fake/de"))),
    st.tuples(st.just("language"), st.sampled_from(("", "en", "de"))),
    st.tuples(st.just("speed"), st.sampled_from((1.0, 1.5))),
    st.tuples(st.just("words"), st.integers(0, len(WORDS) - 1)),
    st.tuples(st.just("wait"), st.sampled_from((QUIET_S / 2, 2 * QUIET_S, KEPT_S + 1))),
    st.tuples(st.just("hear"), st.sampled_from((0.2, 30.0))),
)
# What matters most is what happens between a selection and the press.
scenes = st.builds(
    lambda made, between, behind: [made, *between, READ, *behind],
    st.tuples(st.just("made"), windows, texts),
    st.lists(steps, max_size=2),
    st.sampled_from(([("hear", 30.0)], [("press", Command.STOP)], [])),
)
histories = st.lists(scenes | st.lists(steps, max_size=3), min_size=1, max_size=5).map(
    lambda parts: list(chain(*parts))
)


class TellingStream(FakeStream):
    """Its sound says of which request it is. Implements Holding."""

    def __init__(self, engine: FakeEngine, utterance_id: int) -> None:
        super().__init__(engine, utterance_id)
        self._held: list[AudioChunk] | None = None

    def hold(self) -> None:
        self._held = []

    def go(self) -> None:
        assert self._held is not None
        for chunk in self._held:
            self._chunks.put_nowait(chunk)
        self._held = None

    async def send(self, request: SpeechRequest) -> None:
        engine = self._engine
        assert isinstance(engine, TellingEngine)
        number = engine.number_of(request)
        engine.asked.append(request.text)
        pcm = number.to_bytes(2, "little") * (40 * len(request.text))
        chunk = AudioChunk(request.utterance_id, request.segment, RATE_HZ, pcm, request.speed)
        self._chunks.put_nowait(chunk)
        for rest in chunk, replace(chunk, pcm=b"", is_last=True):
            if self._held is None:
                self._chunks.put_nowait(rest)
            else:
                self._held.append(rest)


class TellingEngine(FakeEngine):
    def __init__(self) -> None:
        super().__init__(languages=("en", "de"))
        self.made: list[tuple[str, str, float]] = []

    def number_of(self, request: SpeechRequest) -> int:
        what = request.text, request.voice.id, request.speed
        if what not in self.made:
            self.made.append(what)
        return 100 + self.made.index(what)

    def open_stream(self, utterance_id: int, *, is_live: bool = True) -> TellingStream:
        self.streams.append(TellingStream(self, utterance_id))
        return self.streams[-1]  # type: ignore[return-value]


@dataclass
class Selected:
    window: int
    text: str


class World:
    """A user at a desk."""

    def __init__(self, is_wanted: bool) -> None:
        self.engine = TellingEngine()
        self.session = PreparingSession({"fake": self.engine})
        self.session.preparer.is_wanted = is_wanted
        self.selected = Selected(0, "")
        self.window = 0
        self.words = 0
        self.said: list[tuple[int, tuple[str, str, float]]] = []  # in which utterance, and what
        self.taken = 0
        self._made_of: Any = None
        self._watch()

    def _watch(self) -> None:
        prepared, add = self.session.controller.maker.prepared, self.session.player.add
        hold, take = prepared.hold, prepared.take

        def note_made(request: SpeechRequest, preferences: Preferences, *made: Any) -> None:
            self._made_of = self._now()
            hold(request, preferences, *made)

        def note_taken(request: SpeechRequest, captured: CapturedText, preferences: Preferences) -> SpeechStream | None:
            taken = take(request, captured, preferences)
            if taken:
                self.taken += 1
                assert self._made_of == self._now()
                assert captured.text == self.selected.text
            return taken

        def note_added(chunk: AudioChunk) -> None:
            if chunk.pcm:
                number = int.from_bytes(chunk.pcm[:2], "little") - 100
                self.said.append((chunk.utterance_id, self.engine.made[number]))
            add(chunk)

        prepared.hold, prepared.take = note_made, note_taken  # type: ignore[method-assign, assignment]
        self.session.player.add = note_added  # type: ignore[method-assign]

    def _now(self) -> tuple[object, ...]:
        preferences = self.session.controller.preferences
        return (self.window, self.session.player.speed, self.words, preferences.voice_id, preferences.language)

    @property
    def heard(self) -> list[str]:
        return [e.segment.text for e in self.session.events if isinstance(e, SegmentStarted)]

    async def do(self, what: str, *values: Any) -> None:
        await getattr(self, f"_{what}")(*values)
        await self.session.settle()

    async def _select(self, window: int, text: int) -> None:
        self.selected = Selected(window, TEXTS[text])
        self._come_to(window)
        self.session.change(self._meant())

    async def _made(self, window: int, text: int) -> None:
        await self._select(window, text)
        await self.session.wait(2 * QUIET_S)

    async def _change(self, text: int) -> None:
        self.selected.text = self.selected.text and TEXTS[text]
        self.session.place.text = self._meant() or NOTHING

    async def _go(self, window: int) -> None:
        self._come_to(window)

    async def _press(self, command: Command) -> None:
        await self.session.press(command)

    async def _voice(self, voice_id: str) -> None:
        self._choose(voice_id=voice_id)

    async def _language(self, language: str) -> None:
        self._choose(language=language)

    async def _speed(self, speed: float) -> None:
        self.session.controller.rate.set_speed(speed)
        self.session.preparer.forget()

    async def _words(self, number: int) -> None:
        self.words = number
        self.session.words.give(*WORDS[number])
        self.session.preparer.forget()

    async def _wait(self, seconds: float) -> None:
        await self.session.wait(seconds)

    async def _hear(self, seconds: float) -> None:
        await self.session.hear(seconds)

    def _choose(self, **chosen: str) -> None:
        controller = self.session.controller
        controller.preferences = replace(controller.preferences, **chosen)  # type: ignore[arg-type]
        self.session.preparer.forget()

    def _come_to(self, window: int) -> None:
        if window != self.window:
            self.window = window
            self.session.quiet.leave()
        self.session.place.text = self._meant() or NOTHING

    def _meant(self) -> str:
        return self.selected.text if self.selected.window == self.window else ""


async def live(history: Sequence[tuple[Any, ...]], is_wanted: bool) -> World:
    world = World(is_wanted)
    async with world.session:
        for step in history:
            await world.do(*step)
        await world.session.hear(60.0)
    return world


@given(histories)
@example([("made", 0, 0), READ, ("press", Command.STOP), ("made", 0, 1), ("press", Command.PAUSE_RESUME)])
@settings(max_examples=200, deadline=None)
def test_nothing_prepared_is_heard_for_anything_else(history: list[tuple[Any, ...]]) -> None:
    loading.load()
    spoken.load("de")
    with asyncio.Runner(loop_factory=OwnTimeLoop) as runner:
        without = runner.run(live(history, False))
        beside = runner.run(live(history, True))
    event("taken" if beside.taken else "nothing taken")
    assert beside.said == without.said
    assert without.taken == 0
    assert beside.heard == without.heard
    assert beside.session.events == without.session.events
