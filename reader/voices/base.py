"""The interface every voice stands behind.

An `Engine` is one way of making speech (a library, a service) with its voices. A `SpeechStream` is one
utterance on it: text goes in while sound comes out. Everything here is called on the core thread.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from reader.flow import AudioChunk, SpeechRequest, Voice


class SpeechStream(Protocol):
    """One utterance on one engine."""

    @property
    def is_gathering(self) -> bool:
        """Whether text is kept back until its paragraph is whole: more of it is wanted at once."""

    @property
    def ahead_s(self) -> float:
        """Seconds of speech to come for what was sent, where that can be much; else 0."""

    async def send(self, request: SpeechRequest) -> None:
        """Hand over the next piece. May wait for room; raises VoiceError when the engine is done for."""

    async def flush(self, *, is_urgent: bool) -> None:
        """There is no more text for now: keep nothing back. `is_urgent`: speak it although its sentence goes on."""

    async def finish(self) -> None:
        """Nothing more will be sent. The stream ends behind what was."""

    def cancel(self) -> None:
        """Nobody listens any more. Returns at once; nothing more comes out of the stream."""

    def __aiter__(self) -> AsyncIterator[AudioChunk]:
        """Sound in the order of the requests; the last chunk of each says so.

        Raises VoiceError when the engine can't go on. Requests whose last chunk did not come are unspoken; `retry`
        says whether another stream of the same engine may speak them.
        """


class Engine(Protocol):
    """One way of making speech."""

    name: str
    # The speeds its voices reach by themselves, slowest and fastest; 1.0 is the voice's own.
    speeds: tuple[float, float]

    @property
    def is_continuous(self) -> bool:
        """Whether a stream is one sound.

        Pauses are the voice's own then, text may come word by word, and where a request's sound ends within what was
        proven to be spoken is an estimate.
        """

    @property
    def is_backing_off(self) -> bool:
        """Whether it has failed and is not to be asked for now."""

    async def wait_until_available(self) -> None:
        """Wait until it may be asked."""

    async def start(self) -> None:
        """Get ready to speak, so that the first request finds a warm voice.

        Raises VoiceMissingError when it can't be used on this computer.
        """

    def voices(self) -> Sequence[Voice]:
        """The voices, known after `start`."""

    def open_stream(self, utterance_id: int, *, is_live: bool = True) -> SpeechStream:
        """Begin an utterance. Returns at once, whatever state the engine is in.

        `is_live` when somebody listens meanwhile; otherwise nothing may be in the sound twice, and time is plenty.
        """

    async def close(self) -> None:
        """Let go of everything."""
