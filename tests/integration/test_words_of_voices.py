"""The word that is told is the one that is heard: the voices' own times beside the sound that a listener records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest

from reader.core.engines_here import local_engines
from reader.flow import (
    FRAME_BYTES,
    CapturedText,
    Command,
    Event,
    ReadingEnded,
    SegmentStarted,
    Source,
    Trigger,
    WordStarted,
)
from reader.session.preferences import Preferences, ReadingOptions
from reader.session.reading import Reading
from reader.voices.base import Engine
from reader.voices.local.engine import LocalEngine
from tests.fakes.device import HandDevice
from tests.fakes.engine import FakeEngine
from tests.fakes.session import Session

RATE_HZ = 24000
STEP_S = 0.02
# Further apart than that, a word that is shown is not the one that is heard.
APART_S = 0.15
LIMIT_S = 60.0
AHEAD_S = 0.5
# As long as a silence between words, and longer than any within one of those below: they have no “k” and no “p”.
SILENCE_S = 0.06
ENGLISH = """river, morning, lemon, yellow, animal, reason, summer, window, family, manner, oven, olive, engine, lawyer,
hollow, memory, salmon, lion, railway, woman, seven, winner, zero, only, million, ruin, violin, noisy, money,
easy, valley, always, lazy, never, mayor, really, simile, mellow, villain, arrow, farmer, inner, yearly, yawn, loyal,
wheel, sorrow, arena, area, horizon, aroma, holy"""
ARABIC = "سلام، ليل، نور، يوم. سلام، ليل، نور، يوم. سلام، ليل، نور، يوم."


@dataclass
class Part:
    """What is heard without a jump. `words` are told: seconds from its beginning, and what is written there."""

    start: int
    words: list[tuple[float, str]] = field(default_factory=list)
    sound: bytes = b""

    def onsets(self) -> list[float]:
        """When sound begins behind a silence, in seconds."""
        step = RATE_HZ // 200
        sound = np.frombuffer(self.sound, np.int16)
        loud = np.abs(sound[: len(sound) // step * step].reshape(-1, step).astype(int)).max(axis=1)
        at = np.flatnonzero(loud > 0.025 * loud.max())
        behind = 1 + np.flatnonzero(np.diff(at) > SILENCE_S * 200)
        return [int(i) / 200 for i in (at[0], *at[behind])]


class Listening(Session):
    """A session with voices of this computer, listened to by hand, and what is recorded of it."""

    def __init__(self, engines: Mapping[str, Engine]) -> None:
        super().__init__(dict(engines), HandDevice(RATE_HZ))  # type: ignore[arg-type]
        self.voices = engines
        self.text = ""
        self.parts = [Part(0)]

    def note(self, event: Event) -> None:
        super().note(event)
        if isinstance(event, WordStarted):
            at = len(self.device.heard) // FRAME_BYTES - self.parts[-1].start
            self.parts[-1].words.append((at / RATE_HZ, self.text[event.start_chars : event.end_chars]))

    def say(self, text: str, language: str = "en", speed: float = 1.0, *, is_whole: bool = True) -> Reading:
        self.text = text
        preferences = Preferences(language=language, speaks_notices=False)
        options = ReadingOptions(preferences, speed=speed, is_whole=is_whole)
        return self.controller.speak(CapturedText(text, Source.GIVEN), options)

    def cut(self) -> None:
        """Another part begins: the sound jumps here."""
        self.parts[-1].sound = self.device.heard[self.parts[-1].start * FRAME_BYTES :]
        self.parts.append(Part(len(self.device.heard) // FRAME_BYTES))

    async def listen(self, until: Callable[[], bool] = lambda: False) -> None:
        """Hear on until that is so, or to the end: never sound that has just come, as nobody but a test could."""
        async with asyncio.timeout(LIMIT_S):
            while not until() and not any(isinstance(event, ReadingEnded) for event in self.events):
                if self.player.ahead_s > AHEAD_S or self.player._is_complete:
                    await self.device.hear(STEP_S)
                else:
                    await asyncio.sleep(0.005)
                await asyncio.sleep(0)

    def told(self) -> list[str]:
        return [word for part in self.parts for _, word in part.words]

    def apart(self) -> list[float]:
        """How far each word was told behind its sound, in seconds, where a silence shows when that begins."""
        self.cut()
        found = []
        for part in self.parts:
            for onset in part.onsets() if part.sound else []:
                word_s = min((told for told, _ in part.words), key=lambda told: abs(told - onset))
                found.append(word_s - onset)
        return found


@asynccontextmanager
async def listening(*local: str, **others: Engine) -> AsyncIterator[Listening]:
    """With voices of this computer, behind those that are given."""
    voices = others | {name: local_engines()[name] for name in local}
    for engine in voices.values():
        await engine.start()
    try:
        made = Listening(voices)
        async with made:
            yield made
    finally:
        for engine in voices.values():
            await engine.close()


def words(text: str) -> list[str]:
    return [word.strip(",.،") for word in text.split()]


@pytest.mark.parametrize("speed", [1.0, 0.6, 1.3])
@pytest.mark.parametrize(("engine", "moments"), [("espeak", 50), ("neural", 8)])
async def test_the_word_told_is_the_one_heard(engine: str, speed: float, moments: int) -> None:
    async with listening(engine) as heard:
        heard.say(ENGLISH, speed=speed)
        await heard.listen()
        assert heard.told() == words(ENGLISH)
        apart = heard.apart()
        assert len(apart) >= moments
        assert max(map(abs, apart)) <= APART_S


@pytest.mark.parametrize("engine", ["espeak", "neural"])
async def test_changes_of_speed_and_pauses_leave_words_at_their_sound(engine: str) -> None:
    async with listening(engine) as heard:
        heard.say(ENGLISH)
        for count, speed in ((9, 1.4), (17, 2.4), (26, 0.8), (33, 3.0), (40, 1.0)):
            await heard.listen(lambda count=count: len(heard.told()) >= count)  # type: ignore[misc]
            heard.controller.handle(Trigger(Command.PAUSE))
            await heard.device.hear(10.0)
            assert len(heard.told()) == count
            heard.player.set_speed(speed)
            heard.controller.handle(Trigger(Command.RESUME))
        await heard.listen()
        assert heard.told() == words(ENGLISH)
        apart = heard.apart()
        assert max(map(abs, apart)) <= APART_S


async def test_moving_tells_the_words_that_are_heard_then() -> None:
    text = "Yellow river, morning lemon. Summer window, animal family. Seven lawyer, olive engine. Money, sorrow."
    async with listening("espeak") as heard:
        heard.say(text)
        await heard.listen(lambda: heard.told()[-1:] == ["Summer"])
        heard.cut()
        heard.controller.handle(Trigger(Command.NEXT))
        await heard.listen(lambda: heard.told()[-1:] == ["engine"])
        heard.cut()
        heard.controller.handle(Trigger(Command.PREVIOUS))
        await heard.listen()
        told = [[word for _, word in part.words] for part in heard.parts]
        assert told[0] == words(text)[:5]
        assert told[1] == words(text)[8:12]
        assert told[2][0] in ("Summer", "Seven")
        assert told[2] == words(text)[words(text).index(told[2][0]) :]
        assert max(map(abs, heard.apart())) <= APART_S


async def test_a_text_from_right_to_left() -> None:
    async with listening("espeak") as heard:
        heard.say(ARABIC, "ar")
        await heard.listen()
        assert heard.told() == words(ARABIC)
        apart = heard.apart()
        assert len(apart) >= len(words(ARABIC)) - 2
        assert max(map(abs, apart)) <= APART_S


@pytest.mark.parametrize(
    ("text", "language"), [("これは日本語です。東京へ行きます。", "ja"), ("你好，世界。我们走吧。", "zh")]
)
async def test_only_the_sentence_is_told_where_no_words_are_written_apart(text: str, language: str) -> None:
    async with listening("espeak") as heard:
        heard.say(text, language)
        await heard.listen()
        assert heard.told() == []
        started = [event.segment for event in heard.events if isinstance(event, SegmentStarted)]
        assert [text[segment.start_chars : segment.end_chars] for segment in started] == text.replace(
            "。", "。 "
        ).split()


async def test_what_is_written_is_told_while_other_words_are_said() -> None:
    text = "Dr. Lee paid **$5** for [two](https://example.org) lemons & a melon on 3 May 2024."
    async with listening("espeak") as heard:
        heard.say(text)
        await heard.listen()
        assert heard.told() == [
            *("Dr.", "Lee", "paid", "$5", "for", "two", "lemons", "&", "a", "melon", "on", "3 May 2024")
        ]


async def test_a_text_that_arrives_bit_by_bit() -> None:
    async with listening("espeak") as heard:
        reading = heard.say("", is_whole=False)
        heard.text = ENGLISH
        for start in range(0, len(ENGLISH), 37):
            await reading.feed_in_time(ENGLISH[start : start + 37])
            await heard.listen(lambda: heard.player.ahead_s <= AHEAD_S)
        reading.close()
        await heard.listen()
        assert heard.told() == words(ENGLISH)
        assert max(map(abs, heard.apart())) <= APART_S


@pytest.mark.noisy
async def test_a_process_that_is_replaced_tells_each_word_once(noise: list[str]) -> None:
    async with listening("espeak") as heard:
        heard.say(ENGLISH)
        await heard.listen(lambda: len(heard.told()) > 3)
        engine = heard.voices["espeak"]
        assert isinstance(engine, LocalEngine)
        assert engine._child
        engine._child.kill()
        await heard.listen()
        assert heard.told() == words(ENGLISH)
        assert noise == ["reader.voices.local.engine: espeak ended, starting it again"]


async def test_the_voice_that_goes_on_for_another_tells_its_words() -> None:
    text = "Yellow river, morning lemon. Summer window, animal family. Seven lawyer, olive engine."
    first = FakeEngine("first")
    first.fails_on = "window"
    async with listening("espeak", first=first) as heard:
        heard.say(text)
        await heard.listen()
        voices = [event.voice_id for event in heard.events if isinstance(event, SegmentStarted)]
        assert voices[0] == "first/en"
        assert voices[-1].startswith("espeak/")
        assert heard.told() == words(text)[4:]  # nothing is told that nobody knows
