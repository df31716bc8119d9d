"""The interface that every voice implements.

An `Engine` is one way of making speech (a library, a service) with its voices. A `SpeechStream` is one utterance on
it: text goes in while sound comes out. Call everything here on the core thread.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol, runtime_checkable

from reader.flow import AudioChunk, SpeechRequest, Voice


class SpeechStream(Protocol):
    """One utterance on one engine."""

    @property
    def is_gathering(self) -> bool:
        """Whether text is held back until its paragraph is complete, so that more text is wanted now."""

    @property
    def ahead_s(self) -> float:
        """Seconds of speech still to come for the text sent, if that can be much; otherwise 0."""

    async def send(self, request: SpeechRequest) -> None:
        """Send the next piece. May wait until there is room. Raises VoiceError if the engine has failed."""

    async def flush(self, *, is_urgent: bool) -> None:
        """Hold nothing back: no more text for now. `is_urgent`: speak it even if its sentence is incomplete."""

    async def finish(self) -> None:
        """Nothing more will be sent. The stream ends once what was sent is spoken."""

    def cancel(self) -> None:
        """Stop: the sound is no longer wanted. Returns at once; nothing more comes out of the stream."""

    def __aiter__(self) -> AsyncIterator[AudioChunk]:
        """Yield sound in the order of the requests; the last chunk of each request says so.

        Raises VoiceError if the engine can't continue. Requests whose last chunk did not arrive are unspoken; `retry`
        says whether another stream of the same engine may speak them.
        """


class Engine(Protocol):
    """One way of making speech."""

    name: str
    # The range of speeds that its voices reach by themselves, slowest and fastest; 1.0 is the voice's normal pace.
    speeds: tuple[float, float]

    @property
    def is_continuous(self) -> bool:
        """Whether a stream is one continuous sound.

        If so, the voice sets its own pauses, text may arrive word by word, and where one request's sound ends within
        a passage that is known to be spoken is an estimate.
        """

    @property
    def is_backing_off(self) -> bool:
        """Whether it has failed and should not be used for now."""

    async def wait_until_available(self) -> None:
        """Wait until the engine may be used."""

    async def start(self) -> None:
        """Get ready to speak, so that the first request finds a warm voice.

        Raises VoiceMissingError if it can't be used on this computer.
        """

    def voices(self) -> Sequence[Voice]:
        """The voices, known after `start`."""

    def open_stream(self, utterance_id: int, *, is_live: bool = True) -> SpeechStream:
        """Begin an utterance. Returns at once in every state of the engine.

        `is_live`: the sound is heard as it arrives. Otherwise nothing may be in it twice, and there is plenty of time.
        """

    async def close(self) -> None:
        """Release all resources."""


@runtime_checkable
class Holding(Protocol):
    """A stream that can put off the work for speech that may never be wanted."""

    def hold(self) -> None:
        """Only the first sound of what is sent next need be made, until `go` or until the engine has other work."""

    def go(self) -> None:
        """It is wanted. The rest comes as fast as if it were sent now; nothing is made twice."""


@runtime_checkable
class Sleeping(Protocol):
    """An engine that can stay unstarted until it has something to say: sending it a request starts it, too."""

    async def look(self) -> None:
        """Find its voices without getting ready to speak. If it can't find them, there are none."""


@runtime_checkable
class Collecting(Protocol):
    """An engine whose voices the user adds and removes."""

    @property
    def has_voices(self) -> bool:
        """Whether it has any voices, even before they can speak."""

    async def renew(self) -> None:
        """Look for its voices again: they may have changed. Raises the same as `Engine.start`."""
