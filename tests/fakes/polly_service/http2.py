"""One HTTP/2 connection to the stand-in: one stream at a time, flow control, and the faults of a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import h2.config
import h2.connection
import h2.events
from h2.errors import ErrorCodes
from h2.exceptions import H2Error
from h2.settings import SettingCodes
from hyperframe.frame import Frame, GoAwayFrame, SettingsFrame

from tests.fakes.polly_service.faults import StreamOverError
from tests.fakes.polly_service.rules import RefusalError, Request
from tests.fakes.polly_service.stream import SpeechStream

if TYPE_CHECKING:
    from tests.fakes.polly_service.service import PollyService

MAX_STREAMS = 1
_READ_BYTES = 1 << 16


@dataclass
class _Slot:
    """A stream that counts: until both halves are ended, or either side resets it (RFC 9113, 5.1.2)."""

    is_asked: bool = False  # the request is whole
    is_answered: bool = False
    held_bytes: int = 0  # received, and not given back to the client's window


class Connection:
    """Reads until the client goes, with a task for each answer."""

    def __init__(self, service: PollyService, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.number = service.handshakes
        self.reads = 0
        self.is_deaf = False
        self._service = service
        self._reader = reader
        self._writer = writer
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        # h2 would take this for the end, although a client may go on with the streams it has (RFC 9113, 6.8).
        self._h2._frame_dispatch_table[GoAwayFrame] = self._on_goaway
        self._slots: dict[int, _Slot] = {}
        self._streams: dict[int, SpeechStream] = {}
        self._bodies: dict[int, bytearray] = {}  # of requests that are answered when they are whole
        self._requests: dict[int, Request] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Event()  # a window may have opened
        self._held_bytes = 0  # as in _Slot, of all streams
        self._last_stream_id = 0
        self._is_leaving = False

    async def run(self) -> None:
        try:
            await self._greet()
            while data := await self._reader.read(_READ_BYTES):
                self.reads += 1
                if not self.is_deaf:
                    for event in self._h2.receive_data(data):
                        self._on_event(event)
                    await self._flush()
        except (H2Error, ValueError):
            self._service.broken += 1
            with suppress(StreamOverError):
                await self._flush()
        except (OSError, StreamOverError):
            pass
        finally:
            await self._end()

    async def _greet(self) -> None:
        """By hand: h2 would end the connection over a second stream, where the service refuses the stream.

        So the window is what it is by default until the client knows better (RFC 9113, 6.9.3).
        """
        self._h2.initiate_connection()
        self._h2.clear_outbound_data_buffer()
        self._h2.local_settings[SettingCodes.INITIAL_WINDOW_SIZE] = self._service.window_bytes
        settings = {
            SettingsFrame.MAX_CONCURRENT_STREAMS: MAX_STREAMS,
            SettingsFrame.INITIAL_WINDOW_SIZE: self._service.window_bytes,
        }
        await self.write(SettingsFrame(0, settings).serialize())

    async def _end(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for stream in self._streams.values():
            stream.record.end = stream.record.end or "lost"
        self._service.changed()

    # ---- in ----

    def _on_event(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RequestReceived(stream_id=int(stream_id)):
                headers = _merged(event.headers)  # type: ignore[arg-type]
                self._on_request(stream_id, Request(headers[":method"], headers[":path"], headers))
            case h2.events.DataReceived(stream_id=int(stream_id)):
                self._on_data(stream_id, event.data, event.flow_controlled_length or 0)
            case h2.events.StreamEnded(stream_id=int(stream_id)):
                self._on_asked(stream_id)
            case h2.events.StreamReset(stream_id=int(stream_id)):
                self._on_reset(stream_id, event.error_code)
            case h2.events.WindowUpdated() | h2.events.RemoteSettingsChanged():
                self._room.set()

    def _on_goaway(self, frame: Frame) -> tuple[list[Frame], list[h2.events.Event]]:
        assert isinstance(frame, GoAwayFrame)
        self._service.goodbyes.append(frame.error_code)
        return [], []

    def _on_request(self, stream_id: int, request: Request) -> None:
        self._last_stream_id = max(self._last_stream_id, stream_id)
        if len(self._slots) >= MAX_STREAMS or self._is_leaving:
            self._service.refused_streams += 1
            self._h2.reset_stream(stream_id, ErrorCodes.REFUSED_STREAM)
            return
        self._slots[stream_id] = _Slot()
        if request.path == "/v1/synthesisStream":
            self._open(stream_id, request)
        else:
            self._requests[stream_id] = request
            self._bodies[stream_id] = bytearray()

    def _open(self, stream_id: int, request: Request) -> None:
        fault = self._service.faults.on_request(request)
        if fault and fault.refusal is None:
            return  # no answer at all; the stream stays open until somebody has enough of it
        try:
            if fault and fault.refusal:
                raise fault.refusal
            seed, sound = self._service.check_stream(request)
        except RefusalError as refusal:
            self._service.note_refusal(refusal)
            self._do(stream_id, partial(self.send_refusal, stream_id, refusal))
            return
        stream = SpeechStream(self._service, self, stream_id, request, seed, sound)
        self._streams[stream_id] = stream
        self._do(stream_id, stream.run)

    def _on_data(self, stream_id: int, data: bytes, credit_bytes: int) -> None:
        self._held_bytes += credit_bytes
        if slot := self._slots.get(stream_id):
            slot.held_bytes += credit_bytes
        if stream := self._streams.get(stream_id):
            stream.received.put_nowait(data)
        elif stream_id in self._bodies:
            self._bodies[stream_id] += data
        if not self._service.keeps_credit:
            self._credit()

    def give_credit(self) -> bytes:
        """What opens the client's windows by all that came."""
        self._credit()
        return self._h2.data_to_send()

    def _credit(self) -> None:
        if self._held_bytes:
            self._h2.increment_flow_control_window(self._held_bytes)
            self._held_bytes = 0
        for stream_id, slot in self._slots.items():
            if slot.held_bytes and not slot.is_asked:
                self._h2.increment_flow_control_window(slot.held_bytes, stream_id)
            slot.held_bytes = 0

    def _on_asked(self, stream_id: int) -> None:
        if slot := self._slots.get(stream_id):
            slot.is_asked = True
            self._tidy(stream_id)
        if stream := self._streams.get(stream_id):
            stream.received.put_nowait(None)
        elif request := self._requests.pop(stream_id, None):
            request.body = bytes(self._bodies.pop(stream_id))
            self._do(stream_id, partial(self._service.answer, request, self, stream_id))

    def _on_reset(self, stream_id: int, code: int | None) -> None:
        # The place is free at once: the next HEADERS may stand right behind.
        self._slots.pop(stream_id, None)
        self._requests.pop(stream_id, None)
        if stream := self._streams.get(stream_id):
            stream.record.end = stream.record.end or f"reset: {_name(code or 0)}"
            self._service.changed()
        if task := self._tasks.pop(stream_id, None):
            task.cancel()

    def _do(self, stream_id: int, what: Callable[[], Awaitable[None]]) -> None:
        async def do() -> None:
            with suppress(StreamOverError):
                await what()

        task = self._tasks[stream_id] = asyncio.create_task(do())
        task.add_done_callback(lambda _: self._tasks.pop(stream_id, None))

    # ---- out ----

    async def send_headers(self, stream_id: int, status: int, headers: dict[str, str], *, is_last: bool) -> None:
        fields = {":status": str(status), "date": self._service.http_date(), **headers}
        with self._sending():
            self._h2.send_headers(stream_id, list(fields.items()), end_stream=is_last)
        await self._flush()
        if is_last:
            await self._on_answered(stream_id)

    async def send_refusal(self, stream_id: int, refusal: RefusalError) -> None:
        named = {"x-amzn-errortype": f"{refusal.name}:http://internal.example/"} if refusal.name else {}
        headers = {"content-type": "application/json", **named, **refusal.headers}
        await self.send_headers(stream_id, refusal.status, headers, is_last=False)
        await self.send_data(stream_id, refusal.body, is_last=True)

    async def send_trailers(self, stream_id: int) -> None:
        with self._sending():
            self._h2.send_headers(stream_id, [("x-amzn-checksum", "0")], end_stream=True)
        await self._flush()
        await self._on_answered(stream_id)

    async def send_data(self, stream_id: int, data: bytes, *, is_last: bool = False) -> None:
        """Wait until the client's windows have taken it."""
        await self.send_from(stream_id, bytearray(data), is_last=is_last)

    async def send_from(self, stream_id: int, data: bytearray, *, is_last: bool = False) -> None:
        """As `send_data`; what was sent is removed, also when this is cancelled."""
        is_ended = False
        while data:
            with self._sending():
                room = min(self._h2.local_flow_control_window(stream_id), self._h2.max_outbound_frame_size)
                if room > 0:
                    is_ended = is_last and len(data) <= room
                    self._h2.send_data(stream_id, bytes(data[:room]), end_stream=is_ended)
                    del data[:room]
            if room > 0:
                await self._flush()
            else:
                self._room.clear()
                await self._room.wait()
        if is_last:
            if not is_ended:
                with self._sending():
                    self._h2.end_stream(stream_id)
                await self._flush()
            await self._on_answered(stream_id)

    async def reset(self, stream_id: int, code: int) -> None:
        with self._sending():
            self._h2.reset_stream(stream_id, code)
        self._slots.pop(stream_id, None)
        await self._flush()

    async def go_away(self, code: int, *, last_stream_id: int | None = None) -> None:
        """No new streams. The connection ends with the one in hand, if that is not left out."""
        self._is_leaving = True
        last = self._last_stream_id if last_stream_id is None else last_stream_id
        # By hand: behind its own GOAWAY, h2 would say nothing more on streams that may end.
        await self.write(GoAwayFrame(0, last, code).serialize())
        if self._last_stream_id > last or not self._tasks:
            self._writer.close()
        for task in self._tasks.values():
            task.add_done_callback(lambda _: self._writer.close())

    async def set_window(self, size: int) -> None:
        self._h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: size})
        await self._flush()

    def cut(self, *, is_clean: bool) -> None:
        if is_clean:
            self._writer.close()
        else:
            self._writer.transport.abort()

    async def write(self, data: bytes) -> None:
        if not self.is_deaf:
            try:
                self._writer.write(data)
                await self._writer.drain()
            except OSError as error:
                raise StreamOverError from error

    async def _flush(self) -> None:
        await self.write(self._h2.data_to_send())

    async def _on_answered(self, stream_id: int) -> None:
        if slot := self._slots.get(stream_id):
            slot.is_answered = True
            if self._service.resets_unread and not slot.is_asked:
                # RFC 9113, 8.1: an answer that needs no more of the request may say so.
                await self.reset(stream_id, ErrorCodes.NO_ERROR)
            self._tidy(stream_id)

    def _tidy(self, stream_id: int) -> None:
        slot = self._slots.get(stream_id)
        if slot and slot.is_asked and slot.is_answered:
            del self._slots[stream_id]

    @contextmanager
    def _sending(self) -> Iterator[None]:
        try:
            yield
        except H2Error as error:
            raise StreamOverError from error


def _merged(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What comes several times is one header with several values, as it is when it is signed."""
    headers: dict[str, str] = {}
    for name, value in fields:
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def _name(code: int) -> str:
    return ErrorCodes(code).name if code in set(ErrorCodes) else str(code)
