"""HTTP/1.1 requests, for operations with one request and one response. The protocol itself is `h11`'s.

A connection is kept open for the next request. Core thread only.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import h11

from reader.errors import ConnectionBrokenError
from reader.http.address import Origin
from reader.http.tls import connect
from reader.http.tunnel import Way
from reader.support.i18n import translate

# Limit for the first byte of an answer, and for each piece of it. Shorter than the limit for starting voices
# (session/engines.py), so that the user can be told what is wrong.
ANSWER_LIMIT_S = 6.0
_READ_BYTES = 1 << 16
# The largest answer that is read whole: errors and lists.
MAX_BODY_BYTES = 4 << 20


async def _directly() -> None:
    """Connect without a proxy."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request to send. `headers` include the host."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes = b""


class Response:
    """An answer, whose body arrives as it is read."""

    def __init__(self, status: int, headers: dict[str, str], body: AsyncIterator[bytes]) -> None:
        """`headers` has lower-case names."""
        self.status = status
        self.headers = headers
        self.pieces = body

    async def whole(self) -> bytes:
        """Read all of the body. Raises ConnectionBrokenError."""
        body = bytearray()
        async for piece in self.pieces:
            body += piece
            if len(body) > MAX_BODY_BYTES:
                raise _broken("an answer is too long")
        return bytes(body)


class HttpClient:
    """Makes requests to one origin, each with a connection to itself for as long as it lasts."""

    def __init__(
        self,
        origin: Origin,
        tls: ssl.SSLContext | None,
        find_way: Callable[[], Awaitable[Way | None]] = _directly,
        answer_limit_s: float = ANSWER_LIMIT_S,
    ) -> None:
        """`tls` is made for "http/1.1", None for a program on this computer. `find_way` is called for each connection.

        `answer_limit_s` applies to the first byte of an answer, and to each piece of it.
        """
        self._origin = origin
        self._tls = tls
        self._find_way = find_way
        self._answer_limit_s = answer_limit_s
        self._idle: list[_Channel] = []
        self._is_closed = False

    @asynccontextmanager
    async def ask(self, request: HttpRequest) -> AsyncIterator[Response]:
        """The response to a request; whatever is still unread when the context exits is discarded.

        Raises UnreachableError, ConnectionBrokenError.
        """
        channel, response = await self._send(request)
        try:
            yield response
        finally:
            if channel.renew() and not self._is_closed:
                self._idle.append(channel)
            else:
                channel.close()

    async def _send(self, request: HttpRequest) -> tuple[_Channel, Response]:
        while self._idle:
            # The service may have closed it meanwhile: then the request was never processed. A request that was
            # accepted but got no answer is not repeated: the service may have done the work, and may bill it.
            with suppress(_StaleChannelError):
                return await self._send_on(self._idle.pop(), request)
        channel = await _Channel.open(self._origin, self._tls, await self._find_way(), self._answer_limit_s)
        return await self._send_on(channel, request)

    @staticmethod
    async def _send_on(channel: _Channel, request: HttpRequest) -> tuple[_Channel, Response]:
        try:
            return channel, await channel.ask(request)
        except BaseException:
            channel.close()
            raise

    def close(self) -> None:
        """Close the idle connections now, and those in use once they have their answers."""
        self._is_closed = True
        for channel in self._idle:
            channel.close()
        self._idle.clear()


class _StaleChannelError(ConnectionBrokenError):
    """The other end closed the connection before the first byte of an answer."""


class _Channel:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer_limit_s: float) -> None:
        self._reader = reader
        self._writer = writer
        self._answer_limit_s = answer_limit_s
        self._http = h11.Connection(h11.CLIENT)
        self._is_answered = False  # part of the answer to the last request has arrived

    @staticmethod
    async def open(origin: Origin, tls: ssl.SSLContext | None, way: Way | None, answer_limit_s: float) -> _Channel:
        reader = asyncio.StreamReader()
        transport, protocol = await connect(origin, tls, lambda: asyncio.StreamReaderProtocol(reader), way)
        writer = asyncio.StreamWriter(transport, protocol, reader, asyncio.get_running_loop())
        return _Channel(reader, writer, answer_limit_s)

    async def ask(self, request: HttpRequest) -> Response:
        """Send a request. Raises _StaleChannelError, or ConnectionBrokenError for any other failure."""
        self._is_answered = False
        length = [("content-length", str(len(request.body)))] if request.body else []
        head = h11.Request(method=request.method, target=request.target, headers=[*request.headers, *length])
        events: list[h11.Event] = [head, h11.EndOfMessage()]
        if request.body:
            events.insert(1, h11.Data(request.body))
        try:
            for event in events:
                self._writer.write(self._http.send(event) or b"")
        except h11.ProtocolError as error:
            raise _broken("the request could not be sent") from error
        except OSError as error:
            raise _broken("the request could not be sent", kind=_StaleChannelError) from error
        while True:
            match await self._next():
                case h11.Response(status_code=status, headers=headers):
                    named = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
                    return Response(status, named, self._body())
                case h11.InformationalResponse():
                    continue
                case _:
                    raise _broken("the answer is none")

    async def _body(self) -> AsyncIterator[bytes]:
        while isinstance(event := await self._next(), h11.Data):
            yield bytes(event.data)
        if not isinstance(event, h11.EndOfMessage):
            raise _broken("the answer was cut off")

    async def _next(self) -> object:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                async with asyncio.timeout(self._answer_limit_s):
                    data = await self._reader.read(_READ_BYTES)
                self._is_answered |= bool(data)
                self._http.receive_data(data)
        except TimeoutError as error:
            sentence = translate("reader", "The voice service did not answer in time.")
            raise _broken("no answer came", sentence) from error
        except (h11.ProtocolError, OSError) as error:
            raise _broken("the answer was cut off", kind=self._kind_of_break) from error
        return event

    @property
    def _kind_of_break(self) -> type[ConnectionBrokenError]:
        return ConnectionBrokenError if self._is_answered else _StaleChannelError

    def renew(self) -> bool:
        """Prepare for another request. False if the last answer was not read to the end, or no more may follow it."""
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            return True
        return False

    def close(self) -> None:
        self._writer.close()


def _broken(
    what: str, sentence: str = "", kind: type[ConnectionBrokenError] = ConnectionBrokenError
) -> ConnectionBrokenError:
    return kind(sentence or translate("reader", "The connection to the voice service was lost."), detail=what)
