"""A client of the stand-in that holds to no rule by itself: h2 where it lets one, single frames where it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import h2.config
import h2.connection
import h2.events
from h2.errors import ErrorCodes
from h2.settings import SettingCodes
from hyperframe.frame import Frame, GoAwayFrame

from reader.aws.signing import EventSigner
from reader.voices.polly.events import close_event, text_event
from tests.fakes.polly_service import PollyService
from tests.integration.polly_client import Opening, opening_of


class RawClient:
    """What is sent stays here until `flush`, so that a test says what comes in one read."""

    def __init__(self, service: PollyService, writer: asyncio.StreamWriter, window_bytes: int) -> None:
        self.service = service
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
        self.bodies: dict[int, bytes] = {}
        self.ended: set[int] = set()
        self.resets: dict[int, int] = {}
        self.statuses: dict[int, int] = {}
        self.settings: dict[int, int] = {}
        self.goodbyes: list[int] = []  # the codes of the service's GOAWAYs
        self.is_lost = False
        self.credits = True
        self.more = b""  # frames of one's own, behind those of h2
        self._writer = writer
        self._signers: dict[int, EventSigner] = {}
        self._change = asyncio.Event()
        self.h2.local_settings = h2.settings.Settings(
            client=True, initial_values={SettingCodes.ENABLE_PUSH: 0, SettingCodes.INITIAL_WINDOW_SIZE: window_bytes}
        )
        self.h2.initiate_connection()
        # Nor would it go on behind a good-bye.
        self.h2._frame_dispatch_table[GoAwayFrame] = self._on_goaway
        # h2 would hold to the one stream that the service allows.
        self.h2._open_streams = lambda remainder: 0  # type: ignore[method-assign]

    async def run(self, reader: asyncio.StreamReader) -> None:
        with suppress(OSError):
            while data := await reader.read(1 << 16):
                for event in self.h2.receive_data(data):
                    self._on_event(event)
                self.flush()
                self._change.set()
        self.is_lost = True
        self._change.set()

    def _on_event(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RemoteSettingsChanged():
                self.settings |= {int(key): changed.new_value for key, changed in event.changed_settings.items()}
            case h2.events.ResponseReceived(stream_id=int(i)):
                self.statuses[i] = int(dict(event.headers or ())[b":status"])
            case h2.events.DataReceived(stream_id=int(i)):
                self.bodies[i] = self.bodies.get(i, b"") + event.data
                if self.credits:
                    self.h2.acknowledge_received_data(event.flow_controlled_length or 0, i)
            case h2.events.StreamEnded(stream_id=int(i)):
                self.ended.add(i)
            case h2.events.StreamReset(stream_id=int(i)):
                self.resets[i] = int(event.error_code or 0)

    def _on_goaway(self, frame: Frame) -> tuple[list[Frame], list[h2.events.Event]]:
        assert isinstance(frame, GoAwayFrame)
        self.goodbyes.append(frame.error_code)
        return [], []

    def flush(self) -> None:
        if not self._writer.is_closing():
            self._writer.write(self.h2.data_to_send() + self.more)
            self.more = b""

    def drop(self) -> None:
        self._writer.transport.abort()

    async def until(self, is_so: Callable[[], bool]) -> None:
        self.flush()
        while not is_so():
            assert not self.is_lost, "the connection is lost"
            self._change.clear()
            await self._change.wait()

    async def until_lost(self) -> None:
        self.flush()
        while not self.is_lost:
            self._change.clear()
            await self._change.wait()

    # ---- speech ----

    def open(self, change: Callable[[Opening], None] = lambda _: None) -> int:
        """HEADERS."""
        opening = opening_of(self.service)
        change(opening)
        signed = opening.sign()
        pseudo = {":method": "POST", ":scheme": "https", ":authority": opening.authority, ":path": opening.path}
        stream_id = self.h2.get_next_available_stream_id()
        fields = [*pseudo.items(), *((name, value) for name, value in signed.headers if name != "host")]
        self.h2.send_headers(stream_id, fields)
        self._signers[stream_id] = EventSigner(signed.seed)
        return stream_id

    def text(self, stream_id: int, text: str) -> None:
        self.h2.send_data(stream_id, self.signed(stream_id, text_event(text)))

    def signed(self, stream_id: int, event: bytes) -> bytes:
        return self._signers[stream_id].sign(event, self.service.now())

    def close_text(self, stream_id: int) -> None:
        """The end of the text, and nothing more."""
        self.h2.send_data(stream_id, self.signed(stream_id, close_event()))

    def finish(self, stream_id: int) -> None:
        """The end of the text, and of the body."""
        self.close_text(stream_id)
        self.h2.send_data(stream_id, self._signers[stream_id].finish(self.service.now()), end_stream=True)

    def reset(self, stream_id: int) -> None:
        self.h2.reset_stream(stream_id, ErrorCodes.CANCEL)


@asynccontextmanager
async def raw(service: PollyService, *, window_bytes: int = 65_535) -> AsyncIterator[RawClient]:
    """A connection. Fails if the service broke the protocol."""
    context = service.client_context("h2")
    reader, writer = await asyncio.open_connection("localhost", service.port, ssl=context, ssl_shutdown_timeout=1.0)
    client = RawClient(service, writer, window_bytes)
    running = asyncio.create_task(client.run(reader))
    try:
        yield client
    finally:
        writer.transport.abort()
        await running
        with suppress(OSError):
            await writer.wait_closed()
