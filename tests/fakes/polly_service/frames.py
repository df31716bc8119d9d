"""Event-stream messages as the stand-in sends and reads them. Shares no code with `reader/aws`, hence no mistake."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# One header of each of the ten types, which a client has to pass over.
STRANGE_HEADERS = b"".join(
    bytes((len(name),)) + name.encode() + bytes((kind,)) + value
    for kind, (name, value) in enumerate(
        [
            ("x-true", b""),
            ("x-false", b""),
            ("x-byte", b"\x80"),
            ("x-short", b"\x80\x00"),
            ("x-integer", b"\xff\xff\xff\xff"),
            ("x-long", b"\x7f" + b"\xff" * 7),
            ("x-bytes", b"\x00\x03\x00\xff\x00"),
            ("x-string", b"\x00\x02\xc3\xa4"),
            ("x-time", b"\x80" + b"\x00" * 7),
            ("x-uuid", bytes(range(16))),
        ]
    )
)


def string(name: str, value: str) -> bytes:
    """One header of type string."""
    return bytes((len(name),)) + name.encode() + b"\x07" + struct.pack(">H", len(value.encode())) + value.encode()


def message(headers: bytes, payload: bytes) -> bytes:
    start = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    start += struct.pack(">I", zlib.crc32(start))
    return start + headers + payload + struct.pack(">I", zlib.crc32(start + headers + payload))


def event(name: str, payload: bytes, kind: str = "application/json", more: bytes = b"") -> bytes:
    headers = string(":message-type", "event") + string(":event-type", name) + string(":content-type", kind)
    return message(headers + more, payload)


def audio(data: bytes) -> bytes:
    return event("AudioEvent", data, "application/octet-stream")


def exception(name: str, fields: dict[str, Any]) -> bytes:
    headers = string(":message-type", "exception") + string(":exception-type", name)
    return message(headers + string(":content-type", "application/json"), json.dumps(fields).encode())


def error(code: str, text: str) -> bytes:
    """What is wrong with the framing itself is reported outside of the model."""
    return message(string(":message-type", "error") + string(":error-code", code) + string(":error-message", text), b"")


# What follows a header's type, by type: so many bytes, None where two bytes say it.
_VALUE_BYTES = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 6: None, 7: None, 8: 8, 9: 16}
MAX_MESSAGE_BYTES = 24 << 20


@dataclass(frozen=True)
class Header:
    """A header's type, and its value as it stands on the wire, without the length."""

    kind: int
    value: bytes


@dataclass(frozen=True)
class Received:
    headers: Mapping[str, Header]
    payload: bytes


class Splitter:
    """Whole messages of a stream that comes in pieces. Types are kept, as a wrong one makes a wrong event."""

    def __init__(self) -> None:
        self._data = b""

    def feed(self, data: bytes) -> Iterator[Received]:
        """Raises ValueError for what is no message."""
        self._data += data
        while len(self._data) >= 12:
            total, headers, checksum = struct.unpack(">III", self._data[:12])
            if zlib.crc32(self._data[:8]) != checksum:
                raise ValueError("Prelude checksum mismatch")
            if not 16 + headers <= total <= MAX_MESSAGE_BYTES:
                raise ValueError("Message lengths are impossible")
            if len(self._data) < total:
                return
            whole, self._data = self._data[:total], self._data[total:]
            if zlib.crc32(whole[:-4]) != int.from_bytes(whole[-4:]):
                raise ValueError("Message checksum mismatch")
            yield Received(_headers(whole[12 : 12 + headers]), whole[12 + headers : -4])

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left of a message that did not come to its end."""
        return not self._data


def _headers(data: bytes) -> dict[str, Header]:
    found: dict[str, Header] = {}
    while data:
        name, data = data[1 : 1 + data[0]], data[1 + data[0] :]
        if not name or not data or data[0] not in _VALUE_BYTES or name.decode() in found:
            raise ValueError("A header is malformed")
        kind, data = data[0], data[1:]
        length = _VALUE_BYTES[kind]
        if length is None:
            length, data = int.from_bytes(data[:2]), data[2:]
        if len(data) < length:
            raise ValueError("A header runs over its end")
        found[name.decode()] = Header(kind, data[:length])
        data = data[length:]
    return found


def one(data: bytes) -> Received:
    """The message within a message. Raises ValueError."""
    splitter = Splitter()
    found = list(splitter.feed(data))
    if len(found) != 1 or not splitter.is_empty:
        raise ValueError("An event has to be one message")
    return found[0]
