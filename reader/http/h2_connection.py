"""One HTTP/2 connection on a socket. `h2_protocol.py` is the protocol; the socket, clock and timer are here.

Core thread only. A request's events reach its listener within the callback that received them.
"""

from __future__ import annotations

import asyncio
import logging
import math
import ssl
from collections.abc import Callable, Sequence

from reader.errors import UnreachableError
from reader.http.address import Origin
from reader.http.h2_protocol import ConnectionFailed, Event, Http2Connection, StreamEnded, StreamFailed
from reader.http.tls import agreed_protocol, connect
from reader.http.tunnel import Way
from reader.support.i18n import translate

log = logging.getLogger(__name__)

Listener = Callable[[Event], None]

# The most that one callback handles: this much takes 2 ms when it is a flood of the smallest possible frames.
_READ_BYTES = 1 << 12
# How long closing may take: the GOAWAY frame has to leave.
_CLOSE_LIMIT_S = 1.0


class Connection(asyncio.BufferedProtocol):
    """Made by `Connection.open`."""

    def __init__(self, on_closed: Callable[[Connection], None]) -> None:
        """`on_closed` is called once, when nothing more will be received or sent."""
        self._loop = asyncio.get_running_loop()
        self._on_closed = on_closed
        self._http = Http2Connection(self._loop.time())
        self._transport: asyncio.Transport | None = None
        self._buffer = memoryview(bytearray(_READ_BYTES))
        self._listeners: dict[int, Listener] = {}
        self._is_full = False  # the socket's buffer is full for now
        self._writing: asyncio.Handle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_s = math.inf
        self._heard_s = self._loop.time()
        self._is_over = False

    @staticmethod
    async def open(
        origin: Origin, tls: ssl.SSLContext, on_closed: Callable[[Connection], None], way: Way | None = None
    ) -> Connection:
        """Connect. `way` is None for a direct connection. Raises UnreachableError."""
        transport, connection = await connect(origin, tls, lambda: Connection(on_closed), way)
        if agreed_protocol(transport) != "h2":
            connection._abort()
            raise UnreachableError(
                translate(
                    "reader",
                    "{host} does not support HTTP/2, which this voice needs. A proxy in between may be the cause.",
                ).format(host=origin.host),
                code="alpn",
                retry_after_s=30.0,
            )
        return connection

    # ---- requests ----

    @property
    def can_open(self) -> bool:
        """Whether a request may be made now."""
        return not self._is_over and self._http.can_open

    @property
    def is_over(self) -> bool:
        """Whether the connection is dead, or will never accept another request."""
        return self._is_over or self._http.is_closing

    @property
    def silent_s(self) -> float:
        """Seconds since anything was received."""
        return self._loop.time() - self._heard_s

    def request(self, headers: Sequence[tuple[str, str]], listener: Listener) -> int:
        """Begin a request and return its stream id. Data sent in the same turn of the loop leaves together with it.

        Raises ConnectionBrokenError if no request may be made now.
        """
        stream_id = self._http.open(headers)
        self._listeners[stream_id] = listener
        self._write_soon()
        return stream_id

    def send(self, stream_id: int, data: bytes, *, is_last: bool = False) -> None:
        """Append to a request's body."""
        self._http.send(stream_id, data, is_last=is_last)
        self._write_soon()

    def acknowledge(self, stream_id: int, credit_bytes: int) -> None:
        """Confirm that this much of the response was consumed, so that the service may send as much again."""
        self._http.acknowledge(stream_id, credit_bytes)
        self._write_soon()

    def reset(self, stream_id: int) -> None:
        """Abandon a request at once; its listener is not called again."""
        self._listeners.pop(stream_id, None)
        self._http.reset(stream_id)
        self._write()
        if self._http.is_closing and not self._listeners:
            self.close()

    def ping(self) -> None:
        """Check that the other side is alive; if it isn't, the connection fails within the limit."""
        self._http.ping(self._loop.time())
        self._write_soon()

    def close(self) -> None:
        """Say goodbye and close."""
        if not self._is_over:
            self._http.close()
            self._write()
            self._end()

    # ---- asyncio.BufferedProtocol: several TLS records arrive as one piece ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._heard_s = self._loop.time()
        self._write()

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._heard_s = self._loop.time()
        self._tell(self._http.receive(self._buffer[:nbytes], self._heard_s))

    def eof_received(self) -> bool:
        """Treat a half-close as a full one: nothing could be sent either."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._tell(self._http.receive_end())

    def pause_writing(self) -> None:
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False
        self._write()

    # ---- internals ----

    def _tell(self, events: Sequence[Event]) -> None:
        for event in events:
            is_end = isinstance(event, StreamEnded | StreamFailed)
            listener = self._listeners.pop(event.stream_id, None) if is_end else self._listeners.get(event.stream_id)
            if isinstance(event, ConnectionFailed):
                log.info("connection: %s", event.reason)
            elif listener:
                listener(event)
        self._write()
        if self._http.is_closed:
            self._end()
        elif self._http.is_closing and not self._listeners:
            self.close()

    def _write_soon(self) -> None:
        if self._writing is None and not self._is_over:
            self._writing = self._loop.call_soon(self._write)

    def _write(self) -> None:
        if self._writing:
            self._writing.cancel()
            self._writing = None
        if self._transport and not self._is_full and (data := self._http.to_send()):
            self._transport.write(data)
        self._set_timer()

    def _set_timer(self) -> None:
        """Keep one timer for the protocol's own deadline. If it fires too early, it is set again."""
        due_s = math.inf if self._is_over else self._http.deadline_s
        if self._timer and (due_s < self._timer_s or due_s == math.inf):
            self._timer.cancel()
            self._timer = None
        if self._timer is None and due_s < math.inf:
            self._timer_s = due_s
            self._timer = self._loop.call_at(due_s, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._tell(self._http.tick(self._loop.time()))

    def _abort(self) -> None:
        if self._transport:
            self._transport.abort()
        self._end()

    def _end(self) -> None:
        """Nothing more will be received or sent."""
        if self._is_over:
            return
        self._is_over = True
        self._listeners.clear()
        for timer in (self._timer, self._writing):
            if timer:
                timer.cancel()
        if self._transport:
            self._transport.close()
            # A peer that stops reading must not keep the socket open.
            self._loop.call_later(_CLOSE_LIMIT_S, self._transport.abort)
        self._on_closed(self)
