"""The interface that every voice implements.

An `Engine` is one way of making speech (a library, a service) with its voices. A `SpeechStream` is one
utterance on it: text goes in while sound comes out. Everything here is called on the core thread.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol, runtime_checkable

from reader.flow import AudioChunk, SpeechRequest, Voice


class SpeechStream(Protocol):
    """One utterance on one engine."""

    @property
    def is_gathering(self) -> bool:
        """Whether text is held back until its paragraph is complete, so that more of it is wanted now."""

    @property
    def ahead_s(self) -> float:
        """Seconds of speech still to come for what was sent, if that can be much; otherwise 0."""

    async def send(self, request: SpeechRequest) -> None:
        """Send the next piece. May wait for room; raises VoiceError if the engine has failed."""

    async def flush(self, *, is_urgent: bool) -> None:
        """No more text for now: hold nothing back. `is_urgent`: speak it although its sentence is not complete."""

    async def finish(self) -> None:
        """Nothing more will be sent. The stream ends after what was sent."""

    def cancel(self) -> None:
        """The sound is no longer wanted. Returns at once; nothing more comes out of the stream."""

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
        """Whether it has failed and should not be used for now."""

    async def wait_until_available(self) -> None:
        """Wait until it may be used."""

    async def start(self) -> None:
        """Get ready to speak, so that the first request finds a warm voice.

        Raises VoiceMissingError when it can't be used on this computer.
        """

    def voices(self) -> Sequence[Voice]:
        """The voices, known after `start`."""

    def open_stream(self, utterance_id: int, *, is_live: bool = True) -> SpeechStream:
        """Begin an utterance. Returns at once in every state of the engine.

        `is_live` if the sound is heard as it comes; otherwise nothing may be in it twice, and there is plenty of time.
        """

    async def close(self) -> None:
        """Release everything."""


@runtime_checkable
class Holding(Protocol):
    """A stream that need not make all of what may never be wanted."""

    def hold(self) -> None:
        """Of what is sent now only the first sound need be made, until `go` or until the engine has other work."""

    def go(self) -> None:
        """It is wanted. The rest comes as soon as if it had been sent now; nothing is made twice."""


@runtime_checkable
class Sleeping(Protocol):
    """An engine that can be left alone until it has something to say: it starts when it is sent a request, too."""

    async def look(self) -> None:
        """Know its voices, without getting ready to speak. Where it can't find them, there are none."""


@runtime_checkable
class Collecting(Protocol):
    """An engine whose voices the user adds and removes."""

    @property
    def has_voices(self) -> bool:
        """Whether there are any, also before they can speak."""

    async def renew(self) -> None:
        """Its voices may be others now: look again. Raises as `Engine.start` does."""
