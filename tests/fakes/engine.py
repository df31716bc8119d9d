"""An engine whose voices say what a test writes down: it obeys the contract of every engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from reader.errors import VoiceError
from reader.flow import AudioChunk, SpeechRequest, Voice

RATE_HZ = 8000
# A tone for each character, so that texts of different lengths differ in length.
SAMPLES_A_CHARACTER = 80


class FakeStream:
    is_gathering = False
    ahead_s = 0.0

    def __init__(self, engine: FakeEngine, utterance_id: int) -> None:
        self._engine = engine
        self._utterance_id = utterance_id
        self._chunks: asyncio.Queue[AudioChunk | VoiceError | None] = asyncio.Queue()
        self.is_cancelled = False

    async def send(self, request: SpeechRequest) -> None:
        engine = self._engine
        engine.asked.append(request.text)
        if engine.fails_on in request.text and engine.fails_on:
            self._chunks.put_nowait(VoiceError(f"The voice “{engine.name}” keeps failing."))
            return
        pcm = b"" if request.text in engine.mute_on else b"\x10\x10" * (SAMPLES_A_CHARACTER * len(request.text))
        speed = min(max(request.speed, engine.speeds[0]), engine.speeds[1])
        half = len(pcm) // 4 * 2
        if request.text in engine.breaks_on:
            given = request.utterance_id, request.segment, RATE_HZ
            self._chunks.put_nowait(AudioChunk(*given, pcm[:half], speed))
            self._chunks.put_nowait(AudioChunk(*given, b"", speed, True, is_broken=True))
            return
        for part, is_last in ((pcm[:half], False), (pcm[half:], True)):
            self._chunks.put_nowait(AudioChunk(request.utterance_id, request.segment, RATE_HZ, part, speed, is_last))

    async def flush(self, *, is_urgent: bool) -> None:
        pass

    async def finish(self) -> None:
        self._chunks.put_nowait(None)

    def cancel(self) -> None:
        self.is_cancelled = True
        self._chunks.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[AudioChunk]:
        while not self.is_cancelled:
            item = await self._chunks.get()
            if item is None or self.is_cancelled:
                return
            if isinstance(item, VoiceError):
                raise item
            yield item


class FakeEngine:
    """See Engine. `fails_on`, `mute_on` and `breaks_on` are texts it can't say; `asked` is what it was asked."""

    is_continuous = False
    is_backing_off = False

    def __init__(self, name: str = "fake", languages: Sequence[str] = ("en",)) -> None:
        self.name = name
        self.speeds = (0.5, 2.0)
        self.fails_on = ""
        self.mute_on: set[str] = set()
        self.breaks_on: set[str] = set()  # half of it is heard
        self.asked: list[str] = []
        self.streams: list[FakeStream] = []
        self._languages = languages

    async def start(self) -> None:
        pass

    async def wait_until_available(self) -> None:
        pass

    def voices(self) -> Sequence[Voice]:
        return [Voice(f"{self.name}/{language}", f"{self.name} {language}", language) for language in self._languages]

    def open_stream(self, utterance_id: int, *, is_live: bool = True) -> FakeStream:
        self.streams.append(FakeStream(self, utterance_id))
        return self.streams[-1]

    async def close(self) -> None:
        pass
