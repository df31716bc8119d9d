"""One HTTP/2 connection, from the client's side: bytes and the time in, events and bytes out.

h2 implements the protocol. Here is what it leaves to its user: queues for data that doesn't fit the other side's window
yet, credit for what was received, a limit on how much a flood can make us answer, keep-alive pings, and GOAWAY. After
a GOAWAY, h2 would neither send nor receive, although the open streams may complete (RFC 9113, 6.8), so those frames
are taken out before h2 sees them.

The owner calls `receive` with the bytes that arrive, takes `to_send` when the socket has room, and calls `tick` at
`deadline_s`. Times are seconds of any monotonic clock. Nothing the other side does raises here: it becomes an event.
Core thread.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events
from h2.errors import ErrorCodes
from h2.exceptions import H2Error, NoSuchStreamError
from h2.settings import SettingCodes, Settings
from hyperframe.frame import Frame

from reader.errors import ConnectionBrokenError
from reader.http.h2_frames import GoAway, split
from reader.support.i18n import translate

# Half a minute of sound at 16 kHz. Bounds what an owner has not read yet.
STREAM_WINDOW_BYTES = 1 << 20
# For all streams together, so that a new stream is not held up by what an old one left unread.
CONNECTION_WINDOW_BYTES = 4 << 20
# The frame size that every HTTP/2 peer must accept, and which we leave unchanged (RFC 9113, 4.2).
MAX_FRAME_BYTES = 1 << 14
# Answers to pings and settings that may wait for the socket. A peer that causes 60,000 of them is no real service.
MAX_ANSWERS_BYTES = 1 << 20
MAX_HEADERS_BYTES = 1 << 16
_DEFAULT_WINDOW_BYTES = (1 << 16) - 1

# h2 formats every received frame for a trace that is never kept: a tenth of the cost of a minute of sound.
Frame.__repr__ = object.__repr__  # type: ignore[method-assign]


@dataclass(frozen=True, slots=True)
class Event:
    """Base class of what can happen on a connection. `stream_id` is 0 for what concerns the whole connection."""

    stream_id: int


@dataclass(frozen=True, slots=True)
class ResponseStarted(Event):
    """The final response's headers. 1xx responses before it and trailers after it are skipped."""

    status: int
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DataReceived(Event):
    """A piece of a response's body. Pass `credit_bytes` to `acknowledge` once it is used, or the body stops coming."""

    data: bytes
    credit_bytes: int


@dataclass(frozen=True, slots=True)
class StreamEnded(Event):
    """The response is complete. Whatever of the request is still unsent is dropped."""


@dataclass(frozen=True, slots=True)
class StreamFailed(Event):
    """The response will not continue. `is_untouched` if the other side says that it never processed the request."""

    reason: str
    code: int | None = None
    is_untouched: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionClosing(Event):
    """The other side accepts no new streams on this connection. It may still complete the open ones."""

    code: int


@dataclass(frozen=True, slots=True)
class ConnectionFailed(Event):
    """The connection is dead. The failure of each open stream was reported before."""

    reason: str


@dataclass(slots=True)
class _Stream:
    unsent: bytearray = field(default_factory=bytearray)
    is_finishing: bool = False  # the body ends after `unsent`
    is_finished: bool = False  # and its end was sent
    unread_bytes: int = 0  # received, but not yet acknowledged by the owner


class Http2Connection:
    """One connection. The first of `to_send` are the preface and the settings."""

    def __init__(self, now_s: float, *, ping_after_s: float = 30.0, ping_limit_s: float = 3.0) -> None:
        """Ping after `ping_after_s` without receiving anything; fail `ping_limit_s` later if nothing comes back."""
        config = h2.config.H2Configuration(client_side=True, header_encoding=None)
        self._h2 = h2.connection.H2Connection(config)
        self._h2.local_settings = Settings(
            client=True,
            initial_values={
                SettingCodes.ENABLE_PUSH: 0,
                SettingCodes.INITIAL_WINDOW_SIZE: STREAM_WINDOW_BYTES,
                SettingCodes.MAX_FRAME_SIZE: MAX_FRAME_BYTES,
                SettingCodes.MAX_HEADER_LIST_SIZE: MAX_HEADERS_BYTES,
            },
        )
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(CONNECTION_WINDOW_BYTES - _DEFAULT_WINDOW_BYTES)
        self._incoming = bytearray()  # a frame that is not complete yet
        self._outgoing = bytearray()
        self._answers_bytes = 0  # the part of `_outgoing` that answers what was received
        self._streams: dict[int, _Stream] = {}
        # Until the settings arrive, the limit on open streams is unknown; Amazon Polly allows one.
        self._max_streams = 1
        self._ping_after_s = ping_after_s
        self._ping_limit_s = ping_limit_s
        self._heard_s = now_s
        self._pinged_s: float | None = None
        self.is_closing = False  # accepts no new streams
        self.is_closed = False  # dead
        self._collect()

    # ---- state ----

    @property
    def can_open(self) -> bool:
        """Whether a stream may be opened now."""
        return not self.is_closing and len(self._streams) < self._max_streams

    @property
    def deadline_s(self) -> float:
        """When `tick` has to be called, `math.inf` for never."""
        if self.is_closed:
            return math.inf
        return self._heard_s + self._ping_after_s if self._pinged_s is None else self._pinged_s + self._ping_limit_s

    # ---- out ----

    def open(self, headers: Sequence[tuple[str, str]]) -> int:
        """Begin a request and return its stream id. Data sent before the next `to_send` leaves together with it.

        `headers` begin with the four pseudo-headers; names are lower case. Raises ConnectionBrokenError if no stream
        may be opened.
        """
        if not self.can_open:
            raise ConnectionBrokenError(translate("reader", "The connection to the voice service is busy."))
        stream_id = self._h2.get_next_available_stream_id()
        self._h2.send_headers(stream_id, headers)
        self._streams[stream_id] = _Stream()
        self._collect()
        return stream_id

    def send(self, stream_id: int, data: bytes, *, is_last: bool = False) -> None:
        """Append to a request's body. Ignored once the stream is over: the event that says so is on its way."""
        stream = self._streams.get(stream_id)
        if stream is None or stream.is_finishing:
            return
        stream.unsent += data
        stream.is_finishing = is_last
        self._flush(stream_id, stream)
        self._collect()

    def acknowledge(self, stream_id: int, credit_bytes: int) -> None:
        """Let the other side send this much more. Does nothing for streams that are over."""
        stream = self._streams.get(stream_id)
        if stream and credit_bytes:
            stream.unread_bytes -= credit_bytes
            self._h2.acknowledge_received_data(credit_bytes, stream_id)
            self._collect()

    def reset(self, stream_id: int, code: int = ErrorCodes.CANCEL) -> None:
        """Abandon a stream at once; nothing more is reported about it. Does nothing if it is over."""
        if stream_id in self._streams:
            self._drop(stream_id, code)
            self._collect()

    def close(self) -> None:
        """Say goodbye. `to_send` returns the last bytes after this; streams still open are forgotten."""
        if not self.is_closed:
            self._h2.close_connection()
            self._collect()
            self._streams.clear()
            self.is_closing = self.is_closed = True

    def to_send(self) -> bytes:
        """Everything to be written now, in order. Call it only while the socket has room: see MAX_ANSWERS_BYTES."""
        data = bytes(self._outgoing)
        self._outgoing.clear()
        self._answers_bytes = 0
        return data

    # ---- in ----

    def receive(self, data: bytes | memoryview, now_s: float) -> list[Event]:
        """Return the events in these bytes, which may be cut anywhere."""
        if self.is_closed:
            return []
        self._heard_s = now_s
        self._pinged_s = None
        self._incoming += data
        events: list[Event] = []
        try:
            for part in split(self._incoming, MAX_FRAME_BYTES):
                if self.is_closed:
                    break
                events += self._on_goaway(part) if isinstance(part, GoAway) else self._on_frames(part)
        except (H2Error, ValueError) as error:
            self._h2.close_connection(ErrorCodes.PROTOCOL_ERROR)
            self._collect()
            return events + self._fail(f"the service broke the protocol: {type(error).__name__}")
        return events

    def receive_end(self) -> list[Event]:
        """The other side closed the connection."""
        return self._fail("the service closed the connection")

    def tick(self, now_s: float) -> list[Event]:
        """Do what is due: send a ping, or give up on one."""
        if now_s < self.deadline_s:
            return []
        if self._pinged_s is not None:
            return self._fail("the service does not answer")
        self.ping(now_s)
        return []

    def ping(self, now_s: float) -> None:
        """Ping now. Without an answer the connection fails at `deadline_s`."""
        if self._pinged_s is None and not self.is_closed:
            self._h2.ping(b"harken..")
            self._pinged_s = now_s
            self._collect()

    def _on_frames(self, frames: bytes) -> list[Event]:
        happened = self._h2.receive_data(frames)
        self._answers_bytes += self._collect()
        if self._answers_bytes > MAX_ANSWERS_BYTES:
            self._h2.close_connection(ErrorCodes.ENHANCE_YOUR_CALM)
            self._collect()
            return self._fail("the service floods us")
        events: list[Event] = []
        for event in happened:
            events += self._on_event(event)
        for stream_id, stream in self._streams.items():
            self._flush(stream_id, stream)
        self._collect()
        return events

    def _on_event(self, event: h2.events.Event) -> Iterable[Event]:
        match event:
            case h2.events.ResponseReceived(stream_id=stream_id, headers=headers) if stream_id in self._streams:
                return self._on_response(stream_id, headers)
            case h2.events.DataReceived(stream_id=stream_id) if stream_id in self._streams:
                return self._on_data(stream_id, event.data, event.flow_controlled_length)
            case h2.events.StreamEnded(stream_id=stream_id) if stream_id in self._streams:
                return self._on_ended(stream_id)
            case h2.events.StreamReset(stream_id=stream_id, error_code=code) if stream_id in self._streams:
                self._forget(stream_id)
                name = f"the service reset the stream: {_name(code)}"
                return [StreamFailed(stream_id, name, int(code), code == ErrorCodes.REFUSED_STREAM)]
            case h2.events.RemoteSettingsChanged():
                self._max_streams = self._h2.remote_settings.max_concurrent_streams
        return []

    def _on_response(self, stream_id: int, headers: Iterable[tuple[bytes, bytes]]) -> list[Event]:
        decoded = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
        status = dict(decoded).get(":status", "")
        if not (status.isascii() and status.isdigit()):
            self.reset(stream_id, ErrorCodes.PROTOCOL_ERROR)
            return [StreamFailed(stream_id, "the service answered without a status")]
        return [ResponseStarted(stream_id, int(status), decoded)]

    def _on_data(self, stream_id: int, data: bytes, credit_bytes: int) -> list[Event]:
        self._streams[stream_id].unread_bytes += credit_bytes
        if not data:
            # Nothing but padding, which the owner need not see.
            self.acknowledge(stream_id, credit_bytes)
            return []
        return [DataReceived(stream_id, data, credit_bytes)]

    def _on_ended(self, stream_id: int) -> list[Event]:
        if self._streams[stream_id].is_finished:
            self._forget(stream_id)
        else:
            # The answer was complete before the request. Our half would count as an open stream forever.
            self._drop(stream_id, ErrorCodes.CANCEL)
        return [StreamEnded(stream_id)]

    def _on_goaway(self, frame: GoAway) -> list[Event]:
        events: list[Event] = [] if self.is_closing else [ConnectionClosing(0, frame.code)]
        self.is_closing = True
        for stream_id in [i for i in self._streams if i > frame.last_stream_id]:
            self.reset(stream_id)
            reason = f"the service went away: {_name(frame.code)}"
            events.append(StreamFailed(stream_id, reason, frame.code, is_untouched=True))
        return events

    # ---- internals ----

    def _flush(self, stream_id: int, stream: _Stream) -> None:
        while stream.unsent:
            # A window can be negative after the other side shrank it (RFC 9113, 6.9.2).
            room = min(self._h2.local_flow_control_window(stream_id), self._h2.max_outbound_frame_size)
            if room <= 0:
                return
            part = bytes(stream.unsent[:room])
            del stream.unsent[:room]
            stream.is_finished = stream.is_finishing and not stream.unsent
            self._h2.send_data(stream_id, part, end_stream=stream.is_finished)
        if stream.is_finishing and not stream.is_finished:
            self._h2.end_stream(stream_id)
            stream.is_finished = True

    def _collect(self) -> int:
        """Move what h2 has to send to our own buffer, and return how many bytes that is."""
        data = self._h2.data_to_send()
        self._outgoing += data
        return len(data)

    def _drop(self, stream_id: int, code: int) -> None:
        # The end of the stream may be in what h2 has read already.
        with suppress(NoSuchStreamError):
            self._h2.reset_stream(stream_id, code)
        self._forget(stream_id)

    def _forget(self, stream_id: int) -> None:
        unread = self._streams.pop(stream_id).unread_bytes
        if unread:
            # Otherwise the connection's window would be short of it forever.
            self._h2.acknowledge_received_data(unread, stream_id)

    def _fail(self, reason: str) -> list[Event]:
        if self.is_closed:
            return []
        events: list[Event] = [StreamFailed(stream_id, reason) for stream_id in self._streams]
        self._streams.clear()
        self.is_closing = self.is_closed = True
        return [*events, ConnectionFailed(0, reason)]


def _name(code: int) -> str:
    try:
        return ErrorCodes(code).name
    except ValueError:
        return str(code)
