"""Speech with one call per sentence. While one is heard, the next is already being made. Core thread only."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from reader import tasks
from reader.errors import RemoteVoiceError, RequestRefusedError
from reader.flow import AudioChunk, SpeechRequest
from reader.support import timeline
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# The one being heard and the one after it.
_CALLS = 2


class Speaker(Protocol):
    """Makes the sound of sentences."""

    def check(self, more_chars: int) -> None:
        """Raises SpendingLimitError if this many more characters may not be sent."""

    async def speak(self, call: Call) -> None:
        """Make the sound of a call, up to its last chunk. Raises RemoteVoiceError."""

    def note_failure(self, error: RemoteVoiceError) -> None:
        """A call failed."""


class SentenceStream:
    """One reading, with at most two sentences under way."""

    is_gathering = False
    ahead_s = 0.0

    def __init__(self, speaker: Speaker, utterance_id: int) -> None:
        self.utterance_id = utterance_id
        self._speaker = speaker
        self._calls: deque[Call] = deque()
        self._news = asyncio.Event()
        self._is_finished = False
        self._is_cancelled = False

    async def send(self, request: SpeechRequest) -> None:
        """Send a sentence; waits while enough are under way."""
        while len(self._calls) >= _CALLS and not self._is_cancelled:
            self._news.clear()
            await self._news.wait()
        unbilled = sum(len(call.request.text) for call in self._calls if not call.is_billed)
        self._speaker.check(unbilled + len(request.text))
        if not self._is_cancelled:
            timeline.mark(timeline.Stage.ASKED, request.utterance_id)
            self._calls.append(Call(self._speaker, request, self._news.set))

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


class Call:
    """One sentence, requested as soon as this is created."""

    def __init__(self, speaker: Speaker, request: SpeechRequest, on_news: Callable[[], None]) -> None:
        """`on_news` is called when there is something to take."""
        self.request = request
        self.chunks: deque[AudioChunk] = deque()
        self.error: RemoteVoiceError | None = None
        self.is_billed = False
        self._speaker = speaker
        self._on_news = on_news
        self._task = tasks.start(self._run(), "speak a sentence")

    def add(self, pcm: bytes, rate_hz: int, *, is_last: bool = False) -> None:
        """Pass on a piece of its sound."""
        request = self.request
        if not pcm and not is_last:
            return
        self.chunks.append(AudioChunk(request.utterance_id, request.segment, rate_hz, pcm, 1.0, is_last))
        self._on_news()

    def cancel(self) -> None:
        """The sound is no longer wanted."""
        self._task.cancel()

    async def _run(self) -> None:
        try:
            await self._speaker.speak(self)
        except RemoteVoiceError as error:
            self._fail(error)
        except Exception:  # whatever it is, or the reader of the sound would wait forever
            log.exception("a sentence failed")
            sentence = translate("reader", "Harken could not read this. Run “harken doctor” to find the log.")
            self._fail(RequestRefusedError(sentence))

    def _fail(self, error: RemoteVoiceError) -> None:
        self.error = error
        self._speaker.note_failure(error)
        self._on_news()
