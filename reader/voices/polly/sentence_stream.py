"""Speech by SynthesizeSpeech, one call for each sentence, for voices and regions without streams.

The next sentence is asked for while one is heard. Core thread only.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any

from reader import tasks
from reader.errors import RemoteVoiceError, RequestRefusedError, StreamCorruptError
from reader.flow import AudioChunk, SpeechRequest
from reader.voices.polly import voice_list
from reader.voices.polly.client import PollyClient
from reader.voices.polly.edges import Edges
from reader.voices.polly.spending import Spending

# The one being heard and the one after it.
_CALLS = 2


class SentenceStream:
    """One reading. See SpeechStream."""

    is_gathering = False
    ahead_s = 0.0

    def __init__(
        self,
        client: PollyClient,
        spending: Spending,
        formats: Sequence[tuple[str, int]],
        lexicons: tuple[str, ...],
        utterance_id: int,
    ) -> None:
        """`formats` are tried in their order."""
        self.utterance_id = utterance_id
        self._client = client
        self._spending = spending
        self._formats = formats
        self._lexicons = lexicons
        self._calls: deque[_Call] = deque()
        self._news = asyncio.Event()
        self._is_finished = False
        self._is_cancelled = False

    async def send(self, request: SpeechRequest) -> None:
        """Waits while enough is on its way."""
        while len(self._calls) >= _CALLS and not self._is_cancelled:
            self._news.clear()
            await self._news.wait()
        unbilled = sum(len(call.request.text) for call in self._calls if not call.is_billed)
        self._spending.check(unbilled + len(request.text))
        if not self._is_cancelled:
            self._calls.append(_Call(self, request))

    async def flush(self, *, is_urgent: bool) -> None:
        """Nothing is kept back."""

    async def finish(self) -> None:
        self._is_finished = True
        self._news.set()

    def cancel(self) -> None:
        self._is_cancelled = True
        for call in self._calls:
            call.cancel()
        self._calls.clear()
        self._news.set()

    async def __aiter__(self) -> AsyncIterator[AudioChunk]:
        while not self._is_cancelled:
            call = self._calls[0] if self._calls else None
            if call and call.chunks:
                chunk = call.chunks.popleft()
                if chunk.is_last:
                    self._calls.popleft()
                    self._news.set()
                yield chunk
            elif call and call.error:
                raise call.error
            elif self._is_finished and not call:
                return
            else:
                self._news.clear()
                await self._news.wait()

    async def speak(self, call: _Call) -> None:
        """Make the sound of a call. Raises RemoteVoiceError."""
        name, engine, language = voice_list.split_name(call.request.voice)
        for number, (output_format, rate_hz) in enumerate(self._formats):
            values: dict[str, Any] = {
                "Text": call.request.text,
                "TextType": "ssml" if call.request.is_ssml else "text",
                "VoiceId": name,
                "Engine": engine,
                "OutputFormat": output_format,
                "SampleRate": str(rate_hz),
            }
            if language:
                values["LanguageCode"] = language
            if self._lexicons:
                values["LexiconNames"] = list(self._lexicons)
            try:
                await self._hear(call, values, output_format, rate_hz)
            except RequestRefusedError:
                if number + 1 == len(self._formats):
                    raise
            else:
                return

    async def _hear(self, call: _Call, values: dict[str, Any], output_format: str, rate_hz: int) -> None:
        ended: asyncio.Future[StreamCorruptError | None] = asyncio.get_running_loop().create_future()
        edges = Edges(rate_hz)
        is_trimmed = not call.request.is_ssml  # who writes markup sets pauses
        packed = self._client.decoders.decoder(
            output_format,
            rate_hz,
            lambda pcm: call.add(edges.feed(pcm) if is_trimmed else pcm, rate_hz),
            ended.set_result,
        )
        try:
            async with self._client.ask("SynthesizeSpeech", values) as response:
                call.is_billed = True
                billed = response.headers.get("x-amzn-requestcharacters", "")
                self._spending.add(billed=int(billed) if billed.isdecimal() else 0)
                async for data in response.pieces:
                    packed.feed(data)
            packed.finish()
            if error := await ended:
                raise error
        finally:
            packed.cancel()
        self._client.note_success()
        call.add(edges.finish(), rate_hz, is_last=True)
        self._spending.save_soon()

    def note_news(self) -> None:
        """A call has something to take."""
        self._news.set()

    def note_failure(self, error: RemoteVoiceError) -> None:
        """A call failed."""
        self._client.note_failure(error)
        self._news.set()


class _Call:
    """One sentence."""

    def __init__(self, owner: SentenceStream, request: SpeechRequest) -> None:
        self.request = request
        self.chunks: deque[AudioChunk] = deque()
        self.error: RemoteVoiceError | None = None
        self.is_billed = False
        self._owner = owner
        self._task = tasks.start(self._run(), "SynthesizeSpeech")

    def add(self, pcm: bytes, rate_hz: int, *, is_last: bool = False) -> None:
        request = self.request
        if not pcm and not is_last:
            return
        self.chunks.append(AudioChunk(request.utterance_id, request.segment, rate_hz, pcm, 1.0, is_last))
        self._owner.note_news()

    def cancel(self) -> None:
        self._task.cancel()

    async def _run(self) -> None:
        try:
            await self._owner.speak(self)
        except RemoteVoiceError as error:
            self.error = error
            self._owner.note_failure(error)
