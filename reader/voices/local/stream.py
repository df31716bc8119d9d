"""One utterance on a voice of this computer: requests go in, sound comes out. Core thread only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

from reader.errors import VoiceError
from reader.flow import AudioChunk, SpeechRequest


class Requests(Protocol):
    """What an engine offers its streams."""

    def submit(self, request: SpeechRequest, stream: LocalStream, /) -> None:
        """Start a request; its sound goes to the stream's queue."""

    def finish(self, stream: LocalStream, /) -> None:
        """End a stream after its last request."""

    def cancel(self, stream: LocalStream, /) -> None:
        """Drop its requests."""

    def go(self, stream: LocalStream, /) -> None:
        """Complete the requests that were held."""


class LocalStream:
    """Implements SpeechStream and Holding.

    Chunks wait in a queue, which the session keeps short by not sending far ahead.
    """

    is_gathering = False
    ahead_s = 0.0

    def __init__(self, engine: Requests) -> None:
        self._engine = engine
        self.chunks: asyncio.Queue[AudioChunk | VoiceError | None] = asyncio.Queue()
        self.is_cancelled = self.is_held = False

    async def send(self, request: SpeechRequest) -> None:
        self._engine.submit(request, self)

    def hold(self) -> None:
        self.is_held = True

    def go(self) -> None:
        self.is_held = False
        self._engine.go(self)

    async def flush(self, *, is_urgent: bool) -> None:
        """Nothing is kept back."""

    async def finish(self) -> None:
        self._engine.finish(self)

    def cancel(self) -> None:
        self.is_cancelled = True
        self.chunks.put_nowait(None)
        self._engine.cancel(self)

    async def __aiter__(self) -> AsyncIterator[AudioChunk]:
        while not self.is_cancelled:
            item = await self.chunks.get()
            if item is None or self.is_cancelled:
                return
            if isinstance(item, VoiceError):
                raise item
            yield item
