"""Sound made before a key is pressed: that of one request, for a reading that begins with the same request.

A request says all that its sound depends on: the text as it is spoken, the voice, the speed. So a reading that asks for
the very same gets what it would have got, only sooner; for any other it is as if nothing had been made.

Core thread only.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from reader.flow import AudioChunk, CapturedText, Source, SpeechRequest, Voice
from reader.session.beginning import Beginning
from reader.session.preferences import Preferences, ReadingOptions
from reader.support import timeline
from reader.voices.base import Holding, SpeechStream


@dataclass(frozen=True, slots=True)
class _Made:
    """A request for no utterance, the preferences at the time, and the stream it was sent to."""

    request: SpeechRequest
    preferences: Preferences
    captured: CapturedText  # the text, or its beginning
    stream: SpeechStream
    beginning: Beginning | None


class Prepared:
    """Holds the sound of one selection at most."""

    def __init__(self) -> None:
        self._made: _Made | None = None

    @property
    def is_there(self) -> bool:
        """Whether it holds anything."""
        return self._made is not None

    def hold(
        self,
        request: SpeechRequest,
        preferences: Preferences,
        captured: CapturedText,
        stream: SpeechStream,
        beginning: Beginning | None = None,
    ) -> None:
        """Keep what `stream` makes of a request that it has been sent, instead of what was kept before."""
        self.discard()
        self._made = _Made(_of_none(request), preferences, captured, stream, beginning)

    def begun(self, options: ReadingOptions, voices: Sequence[Voice]) -> Beginning | None:
        """What else is known of a reading's beginning, if it is read as it was prepared. Returned only once."""
        if self._made is None or self._made.beginning is None:
            return None
        beginning, self._made = self._made.beginning, replace(self._made, beginning=None)
        return beginning if beginning.is_read_so(options, voices) else None

    def take(self, request: SpeechRequest, captured: CapturedText, preferences: Preferences) -> SpeechStream | None:
        """The stream that has been sent this first request of a reading of `captured`, if that was prepared.

        If it wasn't, what was prepared is given up, so that no voice is busy with it.
        """
        made, self._made = self._made, None
        if made is None:
            return None
        is_same = made.request == _of_none(request) and made.preferences == preferences
        if is_same and _is_of(made.captured, captured):
            timeline.mark(timeline.Stage.PREPARED, request.utterance_id)
            return _Taken(made.stream, request)
        made.stream.cancel()
        return None

    def discard(self) -> None:
        """Give up what it holds."""
        made, self._made = self._made, None
        if made:
            made.stream.cancel()


class _Taken:
    """A stream whose first request was sent before there was an utterance. See SpeechStream."""

    def __init__(self, stream: SpeechStream, first: SpeechRequest) -> None:
        self._stream = stream
        self._first = first
        self._is_sent = False
        self._is_said = False
        self._is_held = True

    @property
    def is_gathering(self) -> bool:
        return self._stream.is_gathering

    @property
    def ahead_s(self) -> float:
        return self._stream.ahead_s

    async def send(self, request: SpeechRequest) -> None:
        if self._is_sent:
            self._go()
            await self._stream.send(request)
        self._is_sent = True

    def _go(self) -> None:
        if self._is_held and isinstance(self._stream, Holding):
            self._is_held = False
            self._stream.go()

    async def flush(self, *, is_urgent: bool) -> None:
        await self._stream.flush(is_urgent=is_urgent)

    async def finish(self) -> None:
        await self._stream.finish()

    def cancel(self) -> None:
        self._stream.cancel()

    async def __aiter__(self) -> AsyncIterator[AudioChunk]:
        """The first request's sound now belongs to the utterance."""
        first = self._first
        async for chunk in self._stream:
            if not self._is_said:
                self._is_said = chunk.is_last
                yield replace(chunk, utterance_id=first.utterance_id, segment=first.segment)
                self._go()  # after the first sound, which must not wait for other work
            else:
                yield chunk


def _is_of(prepared: CapturedText, captured: CapturedText) -> bool:
    """Whether the captured text is the one that was prepared, or begins with it."""
    begins = captured.text[: len(prepared.text)] if prepared.is_cut else captured.text
    return captured.source is Source.SELECTION and begins == prepared.text


def _of_none(request: SpeechRequest) -> SpeechRequest:
    """The same request, for no utterance."""
    return replace(request, utterance_id=0, segment=0)
