"""Whatever the cuts, the damage, the windows: the protocol says what it can, and raises nothing but its own."""

from __future__ import annotations

import hashlib
import hmac
import itertools
from binascii import crc32
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import h2.events
import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.aws.eventstream import Decoder, Message, Timestamp, encode
from reader.aws.signing import AwsKeys, AwsRequest, EventSigner, sign_request
from reader.errors import StreamCorruptError
from reader.http.h2_protocol import (
    ConnectionFailed,
    DataReceived,
    Http2Connection,
    ResponseStarted,
    StreamEnded,
    StreamFailed,
)
from reader.voices.polly.events import SpeechEvents
from tests.fakes.http2_peer import ASK, Peer

values = st.text(max_size=20) | st.binary(max_size=20) | st.integers(-(2**63), 2**63 - 1).map(Timestamp)
names = st.text(min_size=1, max_size=20)
messages = st.builds(Message, st.dictionaries(names, values, max_size=4), st.binary(max_size=300))
cuts = st.lists(st.integers(0, 2000), max_size=12)


def pieces(data: bytes, at: list[int]) -> list[bytes]:
    bounds = sorted({0, len(data), *(cut % (len(data) + 1) for cut in at)})
    return [data[a:b] for a, b in itertools.pairwise(bounds)]


def drain(decoder: Decoder) -> Iterator[Message]:
    while message := decoder.take():
        yield message


@given(st.lists(messages, max_size=5), cuts)
@settings(max_examples=200, deadline=None)
def test_messages_survive_any_cut(sent: list[Message], at: list[int]) -> None:
    decoder = Decoder()
    found: list[Message] = []
    for piece in pieces(b"".join(encode(dict(m.headers), m.payload) for m in sent), at):  # type: ignore[arg-type]
        decoder.feed(piece)
        found += drain(decoder)
    decoder.finish()
    assert found == sent


@given(st.lists(messages, min_size=1, max_size=4), cuts, st.integers(0), st.binary(min_size=1, max_size=4))
@settings(max_examples=400, deadline=None)
def test_damage_is_found_and_what_stood_before_it_is_given(
    sent: list[Message], at: list[int], where: int, noise: bytes
) -> None:
    encoded = [encode(dict(m.headers), m.payload) for m in sent]  # type: ignore[arg-type]
    data = bytearray(b"".join(encoded))
    where %= len(data)
    before = bytes(data)
    data[where : where + len(noise)] = noise
    decoder = Decoder()
    found: list[Message] = []
    is_refused = False
    try:
        for piece in pieces(bytes(data), at):
            decoder.feed(piece)
            for message in drain(decoder):
                found.append(message)  # noqa: PERF402 - what came before an error counts
        decoder.finish()
    except StreamCorruptError:
        is_refused = True
    assert is_refused == (bytes(data) != before)
    whole = [message for message, end in zip(sent, ends(encoded), strict=True) if end <= where]
    assert found[: len(whole)] == whole
    assert found == sent[: len(found)]


def ends(parts: list[bytes]) -> list[int]:
    total, found = 0, []
    for part in parts:
        total += len(part)
        found.append(total)
    return found


@given(st.binary(max_size=200), st.binary(max_size=60))
@settings(max_examples=400, deadline=None)
def test_headers_of_anything_raise_nothing_else(headers: bytes, payload: bytes) -> None:
    """With checksums that are right, so that it is the headers that are read."""
    lengths = (16 + len(headers) + len(payload)).to_bytes(4) + len(headers).to_bytes(4)
    start = lengths + crc32(lengths).to_bytes(4) + headers + payload
    events = SpeechEvents()
    events.feed(start + crc32(start).to_bytes(4))
    try:
        while events.take():
            pass
    except StreamCorruptError:
        with pytest.raises(StreamCorruptError):
            events.take()


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=50), st.integers(0, 90_000)), max_size=8), st.booleans())
@settings(max_examples=100, deadline=None)
def test_the_chain_holds_in_the_order_of_signing_and_in_no_other(sent: list[tuple[bytes, int]], is_ended: bool) -> None:
    """Against another way of computing it: botocore reads the messages, the formula is written down again."""
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    keys = AwsKeys("AKIDEXAMPLE", "secret", "token")
    request = sign_request(
        AwsRequest("POST", "/", [("host", "polly.example")]), keys, "eu-west-2", "polly", start, None
    )
    seed = dict(request.headers)["authorization"].rpartition("=")[2]
    signer = EventSigner(request.seed)
    wire = [signer.sign(event, start + timedelta(milliseconds=ms)) for event, ms in sent]
    if is_ended:
        wire.append(signer.finish(start))
    assert holds(wire, seed)
    if len(wire) > 1:
        assert not holds(wire[::-1], seed)
        assert not holds(wire[1:], seed)


def holds(wire: list[bytes], previous: str) -> bool:
    key = b"AWS4secret"
    for part in ("20260301", "eu-west-2", "polly", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    buffer = EventStreamBuffer()
    buffer.add_data(b"".join(wire))
    for message in buffer:
        ms = message.headers[":date"]
        date = b"\x05:date\x08" + ms.to_bytes(8)
        text = "\n".join(
            (
                "AWS4-HMAC-SHA256-PAYLOAD",
                datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y%m%dT%H%M%SZ"),
                "20260301/eu-west-2/polly/aws4_request",
                previous,
                hashlib.sha256(date).hexdigest(),
                hashlib.sha256(message.payload).hexdigest(),
            )
        )
        signature = hmac.new(key, text.encode(), hashlib.sha256).digest()
        if signature != message.headers[":chunk-signature"]:
            return False
        previous = signature.hex()
    return True


steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(1, 40_000)),
        st.tuples(st.just("window"), st.integers(0, 70_000)),
        st.tuples(st.just("grow"), st.integers(1, 20_000)),
        st.tuples(st.just("credit"), st.just(0)),
        st.tuples(st.just("ping"), st.just(0)),
        st.tuples(st.just("sound"), st.integers(0, 5000)),
    ),
    max_size=25,
)


class Conversation:
    """A client and its peer that do what a plan says, and what each has sent and received."""

    def __init__(self, at: list[int]) -> None:
        self.at = at
        self.client = Http2Connection(0.0)
        self.peer = Peer(self.client)
        self.peer.settle()
        self.stream_id = self.client.open(ASK)
        self.peer.hear()
        self.peer.answer(self.stream_id)
        self.sent = self.sounds = self.heard = b""

    def step(self, what: str, amount: int) -> None:
        h2, stream_id = self.peer.h2, self.stream_id
        if what == "send":
            data = bytes(i % 251 for i in range(len(self.sent), len(self.sent) + amount))
            self.sent += data
            self.client.send(stream_id, data)
        elif what == "window":
            self.peer.set(INITIAL_WINDOW_SIZE=amount)
        elif what == "grow":
            h2.increment_flow_control_window(amount, stream_id)
        elif what == "credit":
            self.peer.credit(stream_id)
        elif what == "ping":
            h2.ping(b"12345678")
        elif h2.local_flow_control_window(stream_id) >= amount:
            self.sounds += bytes(amount)
            h2.send_data(stream_id, bytes(amount))

    def exchange(self) -> None:
        """Each says what it has, and the client once more what it may say now."""
        self._hear()
        for piece in pieces(self.peer.h2.data_to_send(), self.at):
            for event in self.client.receive(piece, 0.0):
                assert not isinstance(event, StreamFailed | ConnectionFailed)
                if isinstance(event, DataReceived):
                    self.heard += event.data
                    self.client.acknowledge(self.stream_id, event.credit_bytes)
        self._hear()

    def _hear(self) -> None:
        for piece in pieces(self.client.to_send(), self.at):
            self.peer.hear_bytes(piece, is_credited=False)

    @property
    def arrived(self) -> bytes:
        return self.peer.body.get(self.stream_id, b"")


@given(steps, cuts)
@settings(max_examples=150, deadline=None)
def test_every_byte_arrives_once_and_in_order_under_any_windows(plan: list[tuple[str, int]], at: list[int]) -> None:
    talk = Conversation(at)
    for what, amount in plan:
        talk.step(what, amount)
        talk.exchange()
        assert talk.sent.startswith(talk.arrived)
    # The end may need more than one round: the connection's own window opens as the peer gives credit.
    while len(talk.arrived) < len(talk.sent):
        before = len(talk.arrived)
        talk.step("window", 1 << 24)
        talk.step("credit", 0)
        talk.exchange()
        assert len(talk.arrived) > before
    assert talk.arrived == talk.sent
    assert talk.heard == talk.sounds
    talk.step("window", 1 << 24)
    talk.exchange()
    talk.client.send(talk.stream_id, b"", is_last=True)
    talk.exchange()
    assert talk.peer.of(h2.events.StreamEnded)
    talk.peer.h2.end_stream(talk.stream_id)
    assert talk.client.receive(talk.peer.h2.data_to_send(), 0.0) == [StreamEnded(talk.stream_id)]


@given(st.data(), cuts)
@settings(max_examples=400, deadline=None)
def test_a_damaged_connection_raises_nothing_and_ends_each_stream_once(data: st.DataObject, at: list[int]) -> None:
    client = Http2Connection(0.0)
    peer = Peer(client)
    peer.settle()
    stream_id = client.open(ASK)
    peer.hear()
    peer.answer(stream_id, 200, b"sound" * 20)
    peer.h2.ping(b"12345678")
    peer.h2.send_data(stream_id, b"more", end_stream=data.draw(st.booleans()))
    wire = bytearray(peer.h2.data_to_send())
    for _ in range(data.draw(st.integers(0, 4))):
        where = data.draw(st.integers(0, len(wire) - 1))
        wire[where : where + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=6))
    events = [event for piece in pieces(bytes(wire), at) for event in client.receive(piece, 0.0)]
    client.send(stream_id, b"text")
    client.acknowledge(stream_id, 1)
    events += client.receive_end()
    ended = [e for e in events if isinstance(e, StreamEnded | StreamFailed) and e.stream_id == stream_id]
    assert len(ended) == 1
    assert len([e for e in events if isinstance(e, ConnectionFailed)]) == 1
    assert events.index(ended[0]) < len(events) - 1
    assert not [e for e in events if isinstance(e, ResponseStarted) and e.stream_id != stream_id]
