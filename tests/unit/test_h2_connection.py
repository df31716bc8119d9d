import math

import h2.events
import pytest
from h2.errors import ErrorCodes
from hyperframe.frame import DataFrame, HeadersFrame, PingFrame, RstStreamFrame, WindowUpdateFrame

from reader.errors import ConnectionBrokenError
from reader.http import h2_protocol
from reader.http.h2_protocol import (
    CONNECTION_WINDOW_BYTES,
    STREAM_WINDOW_BYTES,
    ConnectionClosing,
    ConnectionFailed,
    DataReceived,
    Http2Connection,
    ResponseStarted,
    StreamEnded,
    StreamFailed,
)
from tests.fakes.http2_peer import ASK, Peer, frames, goaway


@pytest.fixture
def client() -> Http2Connection:
    return Http2Connection(0.0)


@pytest.fixture
def peer(client: Http2Connection) -> Peer:
    peer = Peer(client)
    peer.settle()
    return peer


def test_headers_and_first_data_leave_in_one_flight_before_anything_came(client: Http2Connection) -> None:
    stream_id = client.open(ASK)
    client.send(stream_id, b"first text")
    sent = frames(client.to_send())
    kinds = [type(frame) for frame in sent]
    assert kinds.index(HeadersFrame) < kinds.index(DataFrame)
    assert sent[-1].data == b"first text"  # type: ignore[attr-defined]
    assert client.to_send() == b""


def test_an_answer_comes_while_the_request_goes_on(client: Http2Connection, peer: Peer) -> None:
    stream_id = client.open(ASK)
    client.send(stream_id, b"one")
    peer.hear()
    peer.answer(stream_id, 200, b"sound")
    started, data = peer.tell()
    assert started == ResponseStarted(stream_id, 200, ((":status", "200"), ("x-amzn-requestid", "1")))
    assert data == DataReceived(stream_id, b"sound", 5)
    client.send(stream_id, b"two", is_last=True)
    peer.hear()
    assert peer.body[stream_id] == b"onetwo"
    assert peer.of(h2.events.StreamEnded)
    peer.h2.end_stream(stream_id)
    assert peer.tell() == [StreamEnded(stream_id)]
    assert client.can_open


def test_what_the_window_does_not_take_waits(client: Http2Connection, peer: Peer) -> None:
    stream_id = client.open(ASK)
    client.send(stream_id, bytes(100_000), is_last=True)
    peer.hear(is_credited=False)
    assert len(peer.body[stream_id]) == 65_535
    assert not peer.of(h2.events.StreamEnded)
    peer.credit(stream_id)
    peer.tell()
    peer.hear()
    assert len(peer.body[stream_id]) == 100_000
    assert peer.of(h2.events.StreamEnded)


def test_a_window_made_smaller_than_what_is_under_way(client: Http2Connection, peer: Peer) -> None:
    stream_id = client.open(ASK)
    client.send(stream_id, bytes(50_000))
    peer.hear(is_credited=False)
    peer.set(INITIAL_WINDOW_SIZE=1024)
    peer.tell()
    client.send(stream_id, b"late")
    peer.hear(is_credited=False)
    assert len(peer.body[stream_id]) == 50_000
    # The window is at 1,024 - 50,000: credit for all of it is needed before the next byte goes.
    peer.h2.increment_flow_control_window(48_976, stream_id)
    peer.tell()
    peer.hear(is_credited=False)
    assert len(peer.body[stream_id]) == 50_000
    peer.h2.increment_flow_control_window(3, stream_id)
    peer.tell()
    peer.hear(is_credited=False)
    assert len(peer.body[stream_id]) == 50_003
    peer.set(INITIAL_WINDOW_SIZE=2048)
    peer.tell()
    peer.hear(is_credited=False)
    assert len(peer.body[stream_id]) == 50_004


def test_credit_is_given_back_when_it_was_used_and_not_before(client: Http2Connection, peer: Peer) -> None:
    stream_id = client.open(ASK)
    peer.hear()
    peer.answer(stream_id)
    sent, received = 0, []
    while room := min(peer.h2.local_flow_control_window(stream_id), 16_384):
        peer.h2.send_data(stream_id, bytes(room))
        sent += room
        received += [event for event in peer.tell() if isinstance(event, DataReceived)]
        peer.hear()
    assert sent == STREAM_WINDOW_BYTES
    for event in received:
        client.acknowledge(stream_id, event.credit_bytes)
    peer.hear()
    # h2 gives it back when half of the window is used, so up to half may be on its way.
    assert peer.h2.local_flow_control_window(stream_id) > STREAM_WINDOW_BYTES // 2


def test_what_a_dropped_stream_left_unread_is_not_missing_to_the_next(client: Http2Connection, peer: Peer) -> None:
    for _ in range(3 * CONNECTION_WINDOW_BYTES // STREAM_WINDOW_BYTES):
        stream_id = client.open(ASK)
        peer.hear()
        peer.answer(stream_id)
        sent = 0
        while room := min(peer.h2.local_flow_control_window(stream_id), 16_384):
            peer.h2.send_data(stream_id, bytes(room))
            sent += room
            peer.tell()
        assert sent == STREAM_WINDOW_BYTES
        client.reset(stream_id)
        assert peer.tell() == []
        peer.hear()


def test_data_that_crosses_a_reset_is_dropped_and_credited(client: Http2Connection, peer: Peer) -> None:
    for _ in range(4 * CONNECTION_WINDOW_BYTES // STREAM_WINDOW_BYTES):
        stream_id = client.open(ASK)
        peer.hear()
        peer.answer(stream_id, 200, bytes(16_384))
        client.reset(stream_id)
        for _ in range(STREAM_WINDOW_BYTES // 16_384 - 1):
            peer.h2.send_data(stream_id, bytes(16_384))
        assert peer.tell() == []
        peer.hear()
        assert [e.error_code for e in peer.of(h2.events.StreamReset)][-1] == ErrorCodes.CANCEL  # type: ignore[attr-defined]
    # Else the window of the whole connection would be used up by now.
    assert peer.h2.outbound_flow_control_window > CONNECTION_WINDOW_BYTES // 2


@pytest.mark.parametrize("code", ErrorCodes)
def test_a_reset_of_each_kind_is_told_with_its_code(client: Http2Connection, peer: Peer, code: ErrorCodes) -> None:
    stream_id = client.open(ASK)
    client.send(stream_id, bytes(70_000))
    peer.hear()
    peer.answer(stream_id, 200, b"sound")
    peer.h2.reset_stream(stream_id, code)
    failed = peer.tell()[-1]
    assert isinstance(failed, StreamFailed)
    assert (failed.code, failed.is_untouched) == (code, code == ErrorCodes.REFUSED_STREAM)
    assert code.name in failed.reason
    assert client.can_open
    client.send(stream_id, b"more")
    client.reset(stream_id)
    client.acknowledge(stream_id, 5)
    assert not [frame for frame in frames(client.to_send()) if isinstance(frame, DataFrame | RstStreamFrame)]


def test_our_reset_says_cancel_and_frees_the_place(client: Http2Connection, peer: Peer) -> None:
    stream_id = client.open(ASK)
    client.send(stream_id, bytes(100_000))
    assert not client.can_open
    client.reset(stream_id)
    assert client.can_open
    client.send(stream_id, b"late")
    sent = [frame for frame in frames(client.to_send()) if isinstance(frame, RstStreamFrame)]
    assert [frame.error_code for frame in sent] == [ErrorCodes.CANCEL]


def test_one_stream_until_the_service_allows_more(client: Http2Connection) -> None:
    client.open(ASK)
    assert not client.can_open
    with pytest.raises(ConnectionBrokenError):
        client.open(ASK)
    peer = Peer(client)
    peer.set(MAX_CONCURRENT_STREAMS=2)
    peer.settle()
    assert client.can_open
    client.open(ASK)
    assert not client.can_open
    peer.set(MAX_CONCURRENT_STREAMS=3)
    peer.settle()
    assert client.can_open
    peer.set(MAX_CONCURRENT_STREAMS=0)
    peer.settle()
    assert not client.can_open


def test_an_answer_that_is_whole_before_the_request(client: Http2Connection, peer: Peer) -> None:
    stream_id = client.open(ASK)
    client.send(stream_id, bytes(70_000))
    peer.hear()
    peer.answer(stream_id, 403, b"{}", is_last=True)
    assert [type(event) for event in peer.tell()] == [ResponseStarted, DataReceived, StreamEnded]
    assert client.can_open
    assert [frame.error_code for frame in frames(client.to_send()) if isinstance(frame, RstStreamFrame)] == [
        ErrorCodes.CANCEL
    ]


def test_an_answer_in_one_piece_with_a_reset_behind_it(client: Http2Connection, peer: Peer) -> None:
    stream_id = client.open(ASK)
    peer.hear()
    peer.answer(stream_id, 400, b"{}", is_last=True)
    peer.h2.reset_stream(stream_id, ErrorCodes.NO_ERROR)
    assert StreamEnded(stream_id) in peer.tell()
    assert client.can_open
    assert not client.is_closed


def test_early_answers_trailers_and_padding_are_passed_over(client: Http2Connection, peer: Peer) -> None:
    stream_id = client.open(ASK)
    client.send(stream_id, b"", is_last=True)
    peer.hear()
    peer.h2.send_headers(stream_id, [(":status", "103"), ("link", "</x>")])
    peer.answer(stream_id)
    peer.h2.send_data(stream_id, b"", pad_length=200)
    peer.h2.send_data(stream_id, b"sound", pad_length=200)
    peer.h2.send_headers(stream_id, [("x-checksum", "1")], end_stream=True)
    started, data, ended = peer.tell()
    assert isinstance(started, ResponseStarted)
    assert data == DataReceived(stream_id, b"sound", 206)
    assert ended == StreamEnded(stream_id)


def test_goaway_that_lets_the_open_stream_end(client: Http2Connection, peer: Peer) -> None:
    stream_id = client.open(ASK)
    peer.hear()
    assert client.receive(goaway(stream_id), 0.0) == [ConnectionClosing(0, 0)]
    assert not client.can_open
    assert client.receive(goaway(stream_id), 0.0) == []
    client.send(stream_id, b"still sent", is_last=True)
    peer.hear()
    assert peer.body[stream_id] == b"still sent"
    peer.answer(stream_id, 200, b"sound", is_last=True)
    assert [type(event) for event in peer.tell()] == [ResponseStarted, DataReceived, StreamEnded]
    assert client.receive_end() == [ConnectionFailed(0, "the service closed the connection")]


def test_goaway_that_leaves_a_stream_out_says_that_nothing_was_done_with_it(
    client: Http2Connection, peer: Peer
) -> None:
    stream_id = client.open(ASK)
    peer.hear()
    peer.answer(stream_id)
    # Cut within the frame, with other frames around it in the same piece.
    data = peer.h2.data_to_send() + goaway(0, ErrorCodes.ENHANCE_YOUR_CALM) + PingFrame(0).serialize()
    events = client.receive(data[:-20], 0.0) + client.receive(data[-20:], 0.0)
    started, closing, failed = events
    assert isinstance(started, ResponseStarted)
    assert closing == ConnectionClosing(0, ErrorCodes.ENHANCE_YOUR_CALM)
    assert isinstance(failed, StreamFailed)
    assert failed.is_untouched
    assert "ENHANCE_YOUR_CALM" in failed.reason
    assert ["ACK" in f.flags for f in frames(client.to_send()) if isinstance(f, PingFrame)] == [True]


def test_goaway_without_streams(client: Http2Connection, peer: Peer) -> None:
    assert client.receive(goaway(0), 0.0) == [ConnectionClosing(0, 0)]
    assert not client.can_open
    assert not client.is_closed


def test_the_end_of_the_connection_fails_what_is_open_once(client: Http2Connection, peer: Peer) -> None:
    stream_id = client.open(ASK)
    failed, ended = client.receive_end()
    assert isinstance(failed, StreamFailed)
    assert failed.stream_id == stream_id
    assert isinstance(ended, ConnectionFailed)
    assert client.receive_end() == []
    assert client.receive(b"anything", 0.0) == []
    assert client.deadline_s == math.inf
    client.send(stream_id, b"x")
    client.reset(stream_id)
    with pytest.raises(ConnectionBrokenError):
        client.open(ASK)


@pytest.mark.parametrize(
    "garbage",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\xff\xff\xff\x00\x00\x00\x00\x00\x01",  # 16 MiB announced
        b"\x00\x00\x04\x07\x00\x00\x00\x00\x00abcd",  # a GOAWAY too short
        b"\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00",  # no credit at all
        b"\x00\x00\x01\x01\x04\x00\x00\x00\x01\xff",  # headers that no table has
    ],
)
def test_what_is_no_http2_ends_the_connection(client: Http2Connection, peer: Peer, garbage: bytes) -> None:
    stream_id = client.open(ASK)
    client.to_send()
    failed, ended = client.receive(garbage, 0.0)
    assert isinstance(failed, StreamFailed)
    assert failed.stream_id == stream_id
    assert isinstance(ended, ConnectionFailed)
    assert client.is_closed
    assert client.to_send()


def test_a_status_that_is_none_fails_the_stream_alone(client: Http2Connection, peer: Peer) -> None:
    stream_id = client.open(ASK)
    peer.hear()
    peer.h2.send_headers(stream_id, [(":status", "²00")])
    (failed,) = peer.tell()
    assert isinstance(failed, StreamFailed)
    assert client.can_open


def test_pings_keep_a_quiet_connection_and_find_a_dead_one() -> None:
    client = Http2Connection(100.0, ping_after_s=30.0, ping_limit_s=5.0)
    peer = Peer(client)
    peer.settle()
    peer.h2.ping(b"12345678")
    peer.tell(110.0)
    assert client.deadline_s == 140.0
    client.to_send()
    assert client.tick(139.0) == []
    assert client.to_send() == b""
    assert client.tick(140.0) == []
    assert client.deadline_s == 145.0
    assert [type(f) for f in frames(peer.hear())] == [PingFrame]
    assert peer.tell(141.0) == []
    assert client.deadline_s == 171.0
    client.tick(171.0)
    stream_id = client.open(ASK)
    failed, ended = client.tick(176.0)
    assert isinstance(failed, StreamFailed)
    assert failed.stream_id == stream_id
    assert ended == ConnectionFailed(0, "the service does not answer")


def test_pings_are_answered(client: Http2Connection, peer: Peer) -> None:
    peer.h2.ping(b"12345678")
    peer.tell()
    (pong,) = frames(client.to_send())
    assert isinstance(pong, PingFrame)
    assert pong.opaque_data == b"12345678"
    assert "ACK" in pong.flags


def test_a_flood_is_answered_while_the_socket_takes_it(client: Http2Connection, peer: Peer) -> None:
    flood = PingFrame(0, b"12345678").serialize() * 1000
    for _ in range(200):
        assert client.receive(flood, 0.0) == []
        assert len(client.to_send()) == len(flood)
    assert not client.is_closed


def test_a_flood_that_the_socket_does_not_take_ends_the_connection(client: Http2Connection, peer: Peer) -> None:
    stream_id = client.open(ASK)
    client.to_send()
    flood = PingFrame(0, b"12345678").serialize() * 1000
    for _ in range(1000):
        events = client.receive(flood, 0.0)
        if events:
            break
    failed, ended = events
    assert isinstance(failed, StreamFailed)
    assert failed.stream_id == stream_id
    assert ended == ConnectionFailed(0, "the service floods us")
    assert len(client.to_send()) < h2_protocol.MAX_ANSWERS_BYTES + 2 * len(flood)


def test_the_windows_are_announced_first(client: Http2Connection) -> None:
    settings, update = frames(client.to_send())
    assert settings.settings[4] == STREAM_WINDOW_BYTES  # type: ignore[attr-defined]
    assert settings.settings[2] == 0  # type: ignore[attr-defined]
    assert isinstance(update, WindowUpdateFrame)
    assert update.window_increment == CONNECTION_WINDOW_BYTES - 65_535


def test_good_bye(client: Http2Connection, peer: Peer) -> None:
    client.open(ASK)
    client.close()
    client.close()
    peer.hear()
    assert peer.of(h2.events.ConnectionTerminated)
    assert not client.can_open
    assert client.receive_end() == []
