"""A reading from the session to the ear of a quick listener, whose words are counted: what any stand-in's desk has.

Everything runs on one loop. The listener hears `pace` times as fast as a person and keeps what was heard, which `hear`
turns back into words. The voice on this computer speaks the same tones as the stand-ins, so words it reads on are heard
as well; who spoke is in the events.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from reader.audio.base import Progress
from reader.audio.none import NoDevice
from reader.flow import FRAME_BYTES, AudioChunk, CapturedText, Event, Notice, ReadingEnded, SegmentStarted, Source
from reader.session.controller import Controller
from reader.session.preferences import Preferences, ReadingOptions
from reader.session.reading import Reading
from tests.fakes.engine import FakeEngine, FakeStream
from tests.fakes.polly_service import hear, speak, words
from tests.fakes.polly_service.voice import pitch

RATE_HZ = 16000


class Ear(NoDevice):
    """A listener, and what he heard."""

    def __init__(self, pace: float) -> None:
        super().__init__(pace, RATE_HZ)
        self.lead_s = max(0.3, pace / 10)  # or he would wait for the next block
        self.heard = bytearray()
        self.on_heard: Callable[[], None] = lambda: None
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
            self.on_heard()

        super().listen(note)


class _TonesStream(FakeStream):
    async def send(self, request: Any) -> None:
        self._engine.asked.append(request.text)
        pcm = speak(request.text, RATE_HZ)
        self._chunks.put_nowait(AudioChunk(request.utterance_id, request.segment, RATE_HZ, pcm, 1.0, True))


class TonesEngine(FakeEngine):
    """A voice on this computer."""

    def open_stream(self, utterance_id: int, *, is_live: bool = True) -> FakeStream:
        self.streams.append(_TonesStream(self, utterance_id))
        return self.streams[-1]


@dataclass(kw_only=True)
class HeardDesk:
    """A session in which `voice` is chosen."""

    voice: str
    ear: Ear
    controller: Controller
    events: list[Event] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, event: Event) -> None:
        self.events.append(event)
        self.changed.set()

    def begin(self, text: str, *, is_whole: bool = True, voice: str = "", falls_back: bool = True) -> Reading:
        preferences = Preferences(voice_id=voice or self.voice, speaks_notices=False, may_fall_back=falls_back)
        options = ReadingOptions(preferences, is_whole=is_whole)
        return self.controller.speak(CapturedText(text, Source.GIVEN), options)

    async def until(self, is_so: Any) -> None:
        """Wait until what was told says so."""
        while not is_so():
            self.changed.clear()
            await self.changed.wait()

    def heard_words(self, text: str) -> list[str]:
        """What was heard, in words of `text`, no two of which may sound alike."""
        vocabulary = set(words(text))
        assert len({tone_of(word) for word in vocabulary}) == len(vocabulary), "two words sound alike"
        return hear(bytes(self.ear.heard), RATE_HZ, vocabulary)

    async def read(self, text: str, **options: Any) -> list[str]:
        """Read a text to its end and return the words that were heard."""
        count = len(self.endings)
        self.ear.heard.clear()
        self.begin(text, **options)
        await self.until(lambda: len(self.endings) > count)
        return self.heard_words(text)

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


def numbered(count: int, *, words_each: int = 6, paragraph: int = 4) -> str:
    """A text of so many sentences in paragraphs. No word occurs twice, as long as there are enough that differ."""
    found = _vocabulary(min(count * words_each, 600))
    sentences = []
    for i in range(count):
        these = [found[(i * words_each + k) % len(found)] for k in range(words_each)]
        sentences.append(" ".join(these) + ".")
    return "\n\n".join(" ".join(sentences[i : i + paragraph]) for i in range(0, count, paragraph))


@cache
def _vocabulary(count: int) -> list[str]:
    """So many words that all sound different."""
    known: dict[tuple[int, int], str] = {}
    for number in itertools.count():
        word = "".join("bcdfghklmnprstvz"[(number >> 4 * k) % 16] + "aeiou"[(number + k) % 5] for k in range(5))
        word = word[: 3 + number % 7]
        if word not in known.values():
            known.setdefault(tone_of(word), word)
        if len(known) == count:
            return list(known.values())
    raise AssertionError


def tone_of(word: str) -> tuple[int, int]:
    """Two words with the same one sound alike."""
    return len(word), pitch(word)
