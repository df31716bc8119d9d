"""One HTTP/2 connection to the stand-in: one stream at a time, flow control, and the faults of a connection."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import h2.config
import h2.connection
import h2.events
from h2.errors import ErrorCodes
from h2.exceptions import H2Error
from h2.settings import SettingCodes, Settings
from hyperframe.frame import SettingsFrame

from tests.fakes.polly_service.faults import goaway_frame
from tests.fakes.polly_service.rules import RefusalError, Request, Seed
from tests.fakes.polly_service.stream import SpeechStream

if TYPE_CHECKING:
    from tests.fakes.polly_service.service import PollyService

MAX_STREAMS = 1
_READ_BYTES = 1 << 16


class Connection:
    """Reads until the client goes, with a task for each stream."""

    def __init__(self, service: PollyService, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.number = service.handshakes
        self.reads = 0
        self.is_deaf = False
        self._service = service
        self._reader = reader
        self._writer = writer
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        windows = {SettingCodes.INITIAL_WINDOW_SIZE: service.window_bytes}
        self._h2.local_settings = Settings(client=False, initial_values=windows)
        self._streams: dict[int, SpeechStream] = {}
        self._bodies: dict[int, bytearray] = {}  # of requests that are answered when they are whole
        self._requests: dict[int, Request] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Event()  # a window may have opened
        self._is_leaving = False

    async def run(self) -> None:
        self._h2.initiate_connection()
        # h2 would end the connection over a second stream; the service refuses the stream, so it is told by hand.
        settings = {SettingsFrame.MAX_CONCURRENT_STREAMS: MAX_STREAMS}
        await self.write(self._h2.data_to_send() + SettingsFrame(0, settings).serialize())
        try:
            while data := await self._reader.read(_READ_BYTES):
                self.reads += 1
                if self.is_deaf:
                    continue
                for event in self._h2.receive_data(data):
                    self._on_event(event)
                await self._flush()
        except (H2Error, OSError):
            self._service.broken += 1
            with suppress(OSError):
                await self._flush()
        finally:
            await self._end()

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
                self._on_request(stream_id, dict(event.headers))  # type: ignore[arg-type]
            case h2.events.DataReceived(stream_id=int(stream_id)):
                self._h2.acknowledge_received_data(event.flow_controlled_length, stream_id)
                if stream := self._streams.get(stream_id):
                    stream.received.put_nowait(event.data)
                elif stream_id in self._bodies:
                    self._bodies[stream_id] += event.data
            case h2.events.StreamEnded(stream_id=int(stream_id)):
                if stream := self._streams.get(stream_id):
                    stream.received.put_nowait(None)
                elif stream_id in self._requests:
                    self._answer_whole(stream_id)
            case h2.events.StreamReset(stream_id=int(stream_id)):
                self._on_reset(stream_id, event.error_code)
            case h2.events.WindowUpdated() | h2.events.RemoteSettingsChanged():
                self._room.set()

    def _on_request(self, stream_id: int, headers: dict[str, str]) -> None:
        request = Request(headers[":method"], headers[":path"], headers)
        if len(self._tasks) + len(self._requests) >= MAX_STREAMS or self._is_leaving:
            self._service.refused_streams += 1
            self._h2.reset_stream(stream_id, ErrorCodes.REFUSED_STREAM)
        elif request.path == "/v1/synthesisStream":
            self._start(stream_id, self._open(stream_id, request))
        else:
            self._requests[stream_id] = request
            self._bodies[stream_id] = bytearray()

    def _open(self, stream_id: int, request: Request) -> SpeechStream | RefusalError | None:
        fault = self._service.faults.on_request(request)
        if fault:
            return fault.refusal
        try:
            seed: Seed = self._service.check_stream(request)
        except RefusalError as refusal:
            return refusal
        stream = SpeechStream(self._service, self, stream_id, request, seed)
        self._streams[stream_id] = stream
        return stream

    def _start(self, stream_id: int, what: SpeechStream | RefusalError | None) -> None:
        if isinstance(what, SpeechStream):
            task = asyncio.create_task(what.run())
        elif what:
            task = asyncio.create_task(self.send_refusal(stream_id, what))
        else:
            # No answer at all; the stream stays open until somebody has enough of it.
            task = asyncio.create_task(asyncio.sleep(3600))
        self._tasks[stream_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(stream_id, None))

    def _answer_whole(self, stream_id: int) -> None:
        request = self._requests.pop(stream_id)
        request.body = bytes(self._bodies.pop(stream_id))
        task = asyncio.create_task(self._service.answer(request, self, stream_id))
        self._tasks[stream_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(stream_id, None))

    def _on_reset(self, stream_id: int, code: int | None) -> None:
        self._requests.pop(stream_id, None)
        if stream := self._streams.get(stream_id):
            stream.record.end = stream.record.end or f"reset: {ErrorCodes(code or 0).name}"
            self._service.changed()
        if task := self._tasks.pop(stream_id, None):
            task.cancel()

    # ---- out ----

    async def send_headers(self, stream_id: int, status: int, headers: dict[str, str], *, is_last: bool) -> None:
        fields = [(":status", str(status)), ("date", self._service.http_date()), *headers.items()]
        self._h2.send_headers(stream_id, fields, end_stream=is_last)
        await self._flush()

    async def send_refusal(self, stream_id: int, refusal: RefusalError) -> None:
        headers = {"content-type": "application/json", **refusal.headers}
        if refusal.name:
            headers["x-amzn-errortype"] = f"{refusal.name}:http://internal.example/"
        fields = [(":status", str(refusal.status))]
        fields += {"date": self._service.http_date(), **headers}.items()
        self._h2.send_headers(stream_id, fields)
        await self.send_data(stream_id, refusal.body, is_last=True)

    async def send_trailers(self, stream_id: int) -> None:
        self._h2.send_headers(stream_id, [("x-amzn-checksum", "0")], end_stream=True)
        await self._flush()

    async def send_data(self, stream_id: int, data: bytes, *, is_last: bool = False) -> None:
        """Waits for the client's window."""
        while data:
            room = min(self._h2.local_flow_control_window(stream_id), self._h2.max_outbound_frame_size)
            if room <= 0:
                self._room.clear()
                await self._room.wait()
                continue
            part, data = data[:room], data[room:]
            self._h2.send_data(stream_id, part, end_stream=is_last and not data)
            await self._flush()
            is_last = is_last and bool(data)
        if is_last:
            self._h2.end_stream(stream_id)
            await self._flush()

    async def reset(self, stream_id: int, code: ErrorCodes) -> None:
        self._h2.reset_stream(stream_id, code)
        await self._flush()

    async def go_away(self, last_stream_id: int, code: int) -> None:
        self._is_leaving = True
        await self.write(goaway_frame(last_stream_id, code))
        if last_stream_id in self._tasks:
            self._tasks[last_stream_id].add_done_callback(lambda _: self._writer.close())
        else:
            self._writer.close()

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
            self._writer.write(data)
            await self._writer.drain()

    async def _flush(self) -> None:
        await self.write(self._h2.data_to_send())
