import json
import struct
from binascii import crc32
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from reader.aws.eventstream import (
    MAX_HEADERS_BYTES,
    MAX_MESSAGE_BYTES,
    MAX_VALUE_BYTES,
    Decoder,
    HeaderValue,
    Message,
    Timestamp,
    encode,
)
from reader.errors import StreamCorruptError

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "eventstream.json").read_text(encoding="utf-8"))
AUDIO = encode({":message-type": "event", ":event-type": "AudioEvent"}, b"sound")


def by_name(vector: dict[str, Any]) -> str:
    return str(vector["name"])


def plain(headers: Mapping[str, HeaderValue]) -> dict[str, Any]:
    """As the published cases write values: those with types of their own as bytes or numbers."""

    def one(value: HeaderValue) -> Any:
        if isinstance(value, UUID):
            return {"bytes": value.bytes.hex()}
        if isinstance(value, Timestamp):
            return value.ms
        return {"bytes": value.hex()} if isinstance(value, bytes) else value

    return {name: one(value) for name, value in headers.items()}


def framed(headers: bytes, payload: bytes = b"") -> bytes:
    """A message whose checksums are right, whatever its headers are."""
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    start = prelude + struct.pack(">I", crc32(prelude)) + headers + payload
    return start + struct.pack(">I", crc32(start))


def prelude(total: int, headers: int) -> bytes:
    lengths = struct.pack(">II", total, headers)
    return lengths + struct.pack(">I", crc32(lengths))


@pytest.mark.parametrize("vector", VECTORS["good"], ids=by_name)
def test_published_messages_are_read_at_every_split(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["encoded"])
    for cut in range(len(data)):
        decoder = Decoder()
        decoder.feed(data[:cut])
        assert decoder.take() is None
        decoder.feed(data[cut:])
        message = decoder.take()
        assert message is not None
        assert plain(message.headers) == vector["headers"]
        assert message.payload.hex() == vector["payload"]
        assert decoder.take() is None
        decoder.finish()


@pytest.mark.parametrize("vector", VECTORS["bad"], ids=by_name)
def test_published_damage_is_refused_and_ends_the_decoder(vector: dict[str, Any]) -> None:
    decoder = Decoder()
    decoder.feed(bytes.fromhex(vector["encoded"]))
    with pytest.raises(StreamCorruptError):
        decoder.take()
    decoder.feed(AUDIO)
    with pytest.raises(StreamCorruptError):
        decoder.take()
    with pytest.raises(StreamCorruptError):
        decoder.finish()


@pytest.mark.parametrize("name", ["empty_message", "payload_no_headers", "payload_one_str_header"])
def test_what_is_written_is_what_was_published(name: str) -> None:
    vector = next(v for v in VECTORS["good"] if v["name"] == name)
    assert encode(vector["headers"], bytes.fromhex(vector["payload"])).hex() == vector["encoded"]


def test_types_are_kept() -> None:
    decoder = Decoder()
    decoder.feed(encode({"text": "ä", "raw": b"\xff", "when": Timestamp(-1)}, b"p"))
    assert decoder.take() == Message({"text": "ä", "raw": b"\xff", "when": Timestamp(-1)}, b"p")


def test_messages_before_the_damage_are_given() -> None:
    decoder = Decoder()
    decoder.feed(AUDIO + AUDIO[:-1] + b"?")
    message = decoder.take()
    assert message is not None
    assert message.payload == b"sound"
    with pytest.raises(StreamCorruptError, match="damaged"):
        decoder.take()


@pytest.mark.parametrize(
    "headers",
    [
        b"\x01a\x0a",  # no such type
        b"\x01a",  # no type
        b"\x05ab",  # the name runs over
        b"\x00\x00",  # no name
        b"\x01a\x04\x00\x00",  # a number cut off
        b"\x01a\x09" + bytes(15),  # a UUID cut off
        b"\x01a\x08" + bytes(7),  # a time cut off
        b"\x01a\x06\x00\x05abc",  # bytes that run over
        b"\x01a\x07\x00\x02\xc3\x28",  # no UTF-8
        b"\x01\xff\x00",  # a name of no UTF-8
        b"\x01a\x00\x01a\x01",  # twice
    ],
)
def test_bad_headers_with_right_checksums_are_refused(headers: bytes) -> None:
    decoder = Decoder()
    decoder.feed(framed(headers))
    with pytest.raises(StreamCorruptError):
        decoder.take()


@pytest.mark.parametrize(
    ("total", "headers"),
    [(15, 0), (0, 0), (16, 1), (2**32 - 1, 0), (MAX_MESSAGE_BYTES + 1, 0), (MAX_MESSAGE_BYTES, MAX_HEADERS_BYTES + 1)],
)
def test_impossible_lengths_are_refused_before_anything_is_stored(total: int, headers: int) -> None:
    decoder = Decoder()
    decoder.feed(prelude(total, headers))
    with pytest.raises(StreamCorruptError):
        decoder.take()


def test_a_large_message_in_small_pieces_is_read() -> None:
    payload = bytes(range(256)) * 4096
    data = encode({}, payload)
    decoder = Decoder()
    for start in range(0, len(data), 100):
        assert decoder.take() is None
        decoder.feed(data[start : start + 100])
    message = decoder.take()
    assert message is not None
    assert message.payload == payload


def test_an_end_within_a_message_is_told() -> None:
    decoder = Decoder()
    decoder.feed(AUDIO[:-1])
    assert decoder.take() is None
    with pytest.raises(StreamCorruptError) as caught:
        decoder.finish()
    assert caught.value.retry
    assert caught.value.detail == "it ended within a message"


@pytest.mark.parametrize(
    ("headers", "payload"),
    [
        ({"": "x"}, b""),
        ({"a" * 256: "x"}, b""),
        ({"a": "x" * (MAX_VALUE_BYTES + 1)}, b""),
        ({f"a{i}": "x" * MAX_VALUE_BYTES for i in range(5)}, b""),
        ({}, bytes(MAX_MESSAGE_BYTES - 15)),
    ],
)
def test_what_could_not_be_read_is_not_written(headers: dict[str, str], payload: bytes) -> None:
    with pytest.raises(ValueError):
        encode(dict(headers), payload)
