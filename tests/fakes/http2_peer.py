"""The other end of an HTTP/2 connection, in memory and by hand: for tests of the protocol alone."""

from __future__ import annotations

import h2.config
import h2.connection
import h2.events
from h2.settings import SettingCodes, Settings
from hyperframe.frame import Frame, GoAwayFrame

from reader.http.h2_protocol import Event, Http2Connection

ASK = [(":method", "POST"), (":scheme", "https"), (":authority", "polly.example"), (":path", "/v1")]


class Peer:
    """A server that does what a test says. `body` is what came of each stream."""

    def __init__(self, client: Http2Connection) -> None:
        self.client = client
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self.h2.local_settings = Settings(client=False, initial_values={SettingCodes.MAX_CONCURRENT_STREAMS: 1})
        self.h2.initiate_connection()
        self.seen: list[h2.events.Event] = []
        self.body: dict[int, bytes] = {}
        self.held: dict[int, int] = {}  # received, and not given back to the client's window

    def hear(self, *, is_credited: bool = True) -> bytes:
        """Take what the client has to send, and return it."""
        data = self.client.to_send()
        self.hear_bytes(data, is_credited=is_credited)
        return data

    def hear_bytes(self, data: bytes, *, is_credited: bool = True) -> None:
        for event in self.h2.receive_data(data):
            self.seen.append(event)
            if isinstance(event, h2.events.DataReceived):
                self.body[event.stream_id] = self.body.get(event.stream_id, b"") + event.data
                self.held[event.stream_id] = self.held.get(event.stream_id, 0) + event.flow_controlled_length
                if is_credited:
                    self.credit(event.stream_id)

    def credit(self, stream_id: int) -> None:
        if held := self.held.pop(stream_id, 0):
            self.h2.acknowledge_received_data(held, stream_id)

    def tell(self, now_s: float = 0.0) -> list[Event]:
        """Give the client what this side has to send."""
        return self.client.receive(self.h2.data_to_send(), now_s)

    def settle(self) -> None:
        """To and fro until nobody has anything to say."""
        while self.hear() or self.h2._data_to_send:
            self.tell()

    def set(self, **settings: int) -> None:
        self.h2.update_settings({SettingCodes[name]: value for name, value in settings.items()})

    def answer(self, stream_id: int, status: int = 200, data: bytes = b"", *, is_last: bool = False) -> None:
        self.h2.send_headers(stream_id, [(":status", str(status)), ("x-amzn-requestid", "1")])
        if data or is_last:
            self.h2.send_data(stream_id, data, end_stream=is_last)

    def of(self, kind: type[h2.events.Event]) -> list[h2.events.Event]:
        return [event for event in self.seen if isinstance(event, kind)]


def goaway(last_stream_id: int, code: int = 0) -> bytes:
    """h2 would regard itself as finished behind a GOAWAY, so it is written by hand."""
    return GoAwayFrame(0, last_stream_id, code).serialize()


def frames(data: bytes) -> list[Frame]:
    """What a client sent, frame by frame, without the preface."""
    data = data.removeprefix(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    found = []
    while data:
        frame, length = Frame.parse_frame_header(memoryview(data[:9]))
        frame.parse_body(memoryview(data[9 : 9 + length]))
        found.append(frame)
        data = data[9 + length :]
    return found
