"""What goes wrong at the stand-in, as context managers: `with service.faults.reset(ErrorCodes.CANCEL): …`.

Each hits the next `times` streams (all, if it is `math.inf`) and counts its `hits`. `after_bytes` is how much sound a
stream has sent when it happens; a stream that never sends so much is hit at its end.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from h2.errors import ErrorCodes
from hyperframe.frame import PingFrame

from tests.fakes.polly_service import frames
from tests.fakes.polly_service.rules import RefusalError

if TYPE_CHECKING:
    from tests.fakes.polly_service.service import PollyService
    from tests.fakes.polly_service.stream import SpeechStream

Act = Callable[["SpeechStream"], Awaitable[None]]


class StreamOverError(Exception):
    """Nothing more can be sent on the stream: a fault ended it, or the client did."""


class When(Enum):
    """Where in the course of a request."""

    REQUEST = auto()
    ANSWER = auto()  # the headers of a stream's answer are due
    SOUND = auto()
    LAST = auto()  # no sound follows; what is due by then
    END = auto()  # all is said


@dataclass
class Fault:
    """One kind of trouble, while its context lasts."""

    act: Act | None = None  # within a stream
    refusal: RefusalError | None = None  # instead of an answer; None there is no answer at all
    when: When = When.SOUND
    after_bytes: int = 0
    is_behind_stall: bool = False  # count them from where the service stalled; it hits no stream that never does
    times: float = 1
    hits: int = 0
    struck: list[object] = field(default_factory=list)

    def strikes(self, stream: object) -> bool:
        """Whether this one is hit now, once."""
        if self.hits >= self.times or any(one is stream for one in self.struck):
            return False
        self.hits += 1
        self.struck.append(stream)
        return True


class Faults:
    """See the module."""

    def __init__(self, service: PollyService) -> None:
        self._service = service
        self._active: list[Fault] = []

    # ---- asked by the service ----

    def on_request(self, request: object) -> Fault | None:
        return next((f for f in self._active if f.when is When.REQUEST and f.strikes(request)), None)

    async def on(self, when: When, stream: SpeechStream) -> None:
        for fault in list(self._active):
            start = stream.record.stalled_bytes if fault.is_behind_stall else 0
            # A stream may never have so much sound.
            is_due = start is not None and (
                when is not When.SOUND or stream.record.audio_bytes >= start + fault.after_bytes
            )
            is_meant = fault.when is when or (when is When.LAST and fault.when is When.SOUND)
            if fault.act and is_due and is_meant and fault.strikes(stream):
                await fault.act(stream)

    # ---- instead of an answer ----

    @contextmanager
    def http_error(
        self, status: int, name: str = "", text: str = "injected", *, times: float = 1, **headers: str
    ) -> Iterator[Fault]:
        """A plain HTTP answer, of any operation."""
        refusal = RefusalError(status, name, text)
        refusal.headers.update({key.replace("_", "-"): value for key, value in headers.items()})
        with self._inject(Fault(refusal=refusal, when=When.REQUEST, times=times)) as fault:
            yield fault

    @contextmanager
    def no_answer(self, *, times: float = 1) -> Iterator[Fault]:
        """The request is taken, and nothing ever comes. Pings are answered."""
        with self._inject(Fault(when=When.REQUEST, times=times)) as fault:
            yield fault

    @contextmanager
    def expired_token(self, token: str) -> Iterator[None]:
        """A token that was good is not any more."""
        self._service.account.expired.add(token)
        try:
            yield
        finally:
            self._service.account.expired.discard(token)

    @contextmanager
    def clock_skew(self, **by: float) -> Iterator[None]:
        """The service's clock is ahead of this computer's, as in `hours=1`; or behind."""
        before, self._service.clock_skew = self._service.clock_skew, timedelta(**by)
        try:
            yield
        finally:
            self._service.clock_skew = before

    @asynccontextmanager
    async def no_network(self) -> AsyncIterator[None]:
        """Open connections are cut and new ones refused, until it is back at the same port."""
        await self._service.vanish()
        try:
            yield
        finally:
            await self._service.listen()

    # ---- within a stream ----

    @contextmanager
    def reset(
        self, code: ErrorCodes, *, is_answered: bool = True, after_bytes: int = 0, times: float = 1
    ) -> Iterator[Fault]:
        """RST_STREAM, before anything else came if `is_answered` is off."""

        async def act(stream: SpeechStream) -> None:
            if is_answered:
                await stream.answer()
            await stream.carrier.reset(stream.stream_id, code)
            raise StreamOverError

        kind = Fault(act, after_bytes=after_bytes, times=times, when=When.SOUND if is_answered else When.ANSWER)
        with self._inject(kind) as fault:
            yield fault

    @contextmanager
    def goaway(
        self, code: int = 0, *, is_stream_kept: bool = True, after_bytes: int = 0, times: float = 1
    ) -> Iterator[Fault]:
        """GOAWAY. The stream in hand may end, and then the connection does; or it is left out and cut off."""

        async def act(stream: SpeechStream) -> None:
            await stream.carrier.go_away(code, last_stream_id=None if is_stream_kept else 0)
            if not is_stream_kept:
                raise StreamOverError

        with self._inject(Fault(act, after_bytes=after_bytes, times=times)) as fault:
            yield fault

    @contextmanager
    def goaway_when_idle(self, code: int = 0, *, times: float = 1) -> Iterator[Fault]:
        """GOAWAY behind the end of a stream, and the connection ends: a service that lets go of idle ones."""

        async def act(stream: SpeechStream) -> None:
            await stream.carrier.go_away(code)

        with self._inject(Fault(act, times=times, when=When.END)) as fault:
            yield fault

    @contextmanager
    def cut(self, *, is_within_event: bool = True, after_bytes: int = 0, times: float = 1) -> Iterator[Fault]:
        """The connection ends: without a word in the middle of an event, or cleanly between two."""

        async def act(stream: SpeechStream) -> None:
            if is_within_event:
                await stream.answer()
                await stream.send(frames.audio(bytes(100))[:50])
            stream.carrier.cut(is_clean=not is_within_event)
            raise StreamOverError

        with self._inject(Fault(act, after_bytes=after_bytes, times=times)) as fault:
            yield fault

    @contextmanager
    def end(self, *, after_bytes: int = 0, times: float = 1) -> Iterator[Fault]:
        """The body ends cleanly, without StreamClosedEvent."""
        with self._write(b"", is_last=True, after_bytes=after_bytes, times=times) as fault:
            yield fault

    @contextmanager
    def stall(self, *, is_deaf: bool = False, after_bytes: int = 0, times: float = 1) -> Iterator[Fault]:
        """No more sound comes. `is_deaf`: the connection says nothing more at all, not even to a ping."""

        async def act(stream: SpeechStream) -> None:
            stream.carrier.is_deaf = is_deaf
            await asyncio.Event().wait()

        with self._inject(Fault(act, after_bytes=after_bytes, times=times)) as fault:
            yield fault

    @contextmanager
    def exception(self, name: str, *, after_bytes: int = 0, times: float = 1, **fields: Any) -> Iterator[Fault]:
        """An exception of the model within the stream."""
        data = frames.exception(name, {"message": "injected", **fields})
        with self._write(data, is_last=True, after_bytes=after_bytes, times=times) as fault:
            yield fault

    @contextmanager
    def bad_crc(self, *, after_bytes: int = 0, times: float = 1) -> Iterator[Fault]:
        """An audio event whose last byte is wrong; what follows is right."""
        data = frames.audio(bytes(100))
        with self._write(data[:-1] + bytes((data[-1] ^ 1,)), after_bytes=after_bytes, times=times) as fault:
            yield fault

    @contextmanager
    def truncated_prelude(self, *, after_bytes: int = 0, times: float = 1) -> Iterator[Fault]:
        """The body ends, cleanly for HTTP, eight bytes into a message."""
        with self._write(frames.audio(b"x")[:8], is_last=True, after_bytes=after_bytes, times=times) as fault:
            yield fault

    @contextmanager
    def strange_events(self, *, after_bytes: int = 0, times: float = 1) -> Iterator[Fault]:
        """What is legal and unknown: events, a message type, headers of all ten types, an empty AudioEvent."""
        data = (
            frames.event("initial-response", b"{}")
            + frames.event("WordEvent", b'{"Word": "new"}', more=frames.STRANGE_HEADERS)
            + frames.message(frames.string(":message-type", "news"), b"?")
            + frames.message(b"", b"")
            + frames.event("AudioEvent", b"", "application/octet-stream", frames.STRANGE_HEADERS)
        )
        with self._write(data, after_bytes=after_bytes, times=times) as fault:
            yield fault

    @contextmanager
    def ping_flood(self, count: int, *, after_bytes: int = 0, times: float = 1) -> Iterator[Fault]:
        """So many pings at once."""

        async def act(stream: SpeechStream) -> None:
            await stream.carrier.write(PingFrame(0, b"flooding").serialize() * count)

        with self._inject(Fault(act, after_bytes=after_bytes, times=times)) as fault:
            yield fault

    @contextmanager
    def window(self, size: int, *, after_bytes: int = 0, times: float = 1) -> Iterator[Fault]:
        """The window of streams is made so small in the middle of one. See also `PollyService.window_bytes`."""

        async def act(stream: SpeechStream) -> None:
            await stream.carrier.set_window(size)

        with self._inject(Fault(act, after_bytes=after_bytes, times=times)) as fault:
            yield fault

    @contextmanager
    def event_size(self, size: int) -> Iterator[None]:
        """Audio events of so many bytes."""
        before, self._service.event_bytes = self._service.event_bytes, size
        try:
            yield
        finally:
            self._service.event_bytes = before

    @contextmanager
    def closed_window(self) -> Iterator[None]:
        """Nothing is given back to the windows of those who send: a service that does not keep up."""
        self._service.keeps_credit = True
        try:
            yield
        finally:
            self._service.keeps_credit = False
            self._service.give_credit()

    @contextmanager
    def _write(self, data: bytes, *, is_last: bool = False, after_bytes: int = 0, times: float = 1) -> Iterator[Fault]:
        async def act(stream: SpeechStream) -> None:
            await stream.answer()
            await stream.send(data, is_last=is_last)
            if is_last:
                raise StreamOverError

        with self._inject(Fault(act, after_bytes=after_bytes, times=times)) as fault:
            yield fault

    @contextmanager
    def _inject(self, fault: Fault) -> Iterator[Fault]:
        self._active.append(fault)
        try:
            yield fault
        finally:
            self._active.remove(fault)
