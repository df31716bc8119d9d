"""Amazon's event-stream encoding: a message has typed headers and a payload, guarded by two checksums.

    total length u32 | headers length u32 | CRC-32 of these 8 bytes | headers | payload | CRC-32 of all before it
    header: name length u8 | name | type u8 | value

All big-endian. botocore's own decoder is not used: on unexpected headers it raises whatever the standard library does
(KeyError, struct.error, UnicodeDecodeError), it accepts a length below that of the headers and values that run past
the end, copies its buffer for every piece, and drops the types of headers.

Pure.
"""

from __future__ import annotations

import struct
from binascii import crc32
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from reader.errors import StreamCorruptError

# The limits of AWS clients: aws-c-event-stream takes messages of 24 MiB in all, botocore headers of 128 KiB.
MAX_MESSAGE_BYTES = 24 << 20
MAX_HEADERS_BYTES = 128 << 10
# A value's length is 16 bits, of which the published encoders leave the highest clear.
MAX_VALUE_BYTES = (1 << 15) - 1
MAX_NAME_BYTES = 255

_PRELUDE = struct.Struct(">III")
_CRC = struct.Struct(">I")
_LENGTH = struct.Struct(">H")
_TIMESTAMP = struct.Struct(">q")
_FRAME_BYTES = _PRELUDE.size + _CRC.size
_TRUE, _FALSE, _BYTES, _STRING, _TIME, _UUID = 0, 1, 6, 7, 8, 9
_NUMBERS = {2: struct.Struct(">b"), 3: struct.Struct(">h"), 4: struct.Struct(">i"), 5: struct.Struct(">q")}


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A point in time in milliseconds since 1970. All 64-bit values are legal, even those beyond any calendar."""

    ms: int


HeaderValue = bool | int | bytes | str | Timestamp | UUID


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    headers: Mapping[str, HeaderValue] = field(default_factory=dict)
    payload: bytes = b""


def encode_headers(headers: Mapping[str, str | bytes | Timestamp]) -> bytes:
    """Encode headers in the given order. Only the types that Harken sends are supported."""
    return b"".join(_encode_header(name, value) for name, value in headers.items())


def encode(headers: Mapping[str, str | bytes | Timestamp], payload: bytes = b"") -> bytes:
    """Encode one message. Raises ValueError if a limit of the format is exceeded."""
    encoded = encode_headers(headers)
    total = _FRAME_BYTES + len(encoded) + len(payload)
    if len(encoded) > MAX_HEADERS_BYTES or total > MAX_MESSAGE_BYTES:
        raise ValueError(f"a message of {total} bytes, {len(encoded)} of them headers")
    prelude = struct.pack(">II", total, len(encoded))
    start = prelude + _CRC.pack(crc32(prelude)) + encoded
    return start + payload + _CRC.pack(crc32(payload, crc32(start)))


def _encode_header(name: str, value: str | bytes | Timestamp) -> bytes:
    encoded_name = name.encode()
    if not 0 < len(encoded_name) <= MAX_NAME_BYTES:
        raise ValueError(f"a header name of {len(encoded_name)} bytes")
    start = bytes((len(encoded_name),)) + encoded_name
    if isinstance(value, Timestamp):
        return start + bytes((_TIME,)) + _TIMESTAMP.pack(value.ms)
    data, kind = (value.encode(), _STRING) if isinstance(value, str) else (value, _BYTES)
    if len(data) > MAX_VALUE_BYTES:
        raise ValueError(f"a header value of {len(data)} bytes")
    return start + bytes((kind,)) + _LENGTH.pack(len(data)) + data


class Decoder:
    """Takes bytes cut anywhere and returns whole messages. Holds at most one message plus what was fed last.

    The first corruption is final: nothing shows where the next message would begin.
    """

    def __init__(self) -> None:
        self._data: bytes | bytearray = b""  # kept as it was fed while messages arrive whole
        self._lengths: tuple[int, int] | None = None  # of the message at the start, once read and checked
        self._damage = ""

    def feed(self, data: bytes) -> None:
        """Add what arrived. `take` the messages before feeding more, or they pile up."""
        if self._damage:
            return
        if not self._data:
            self._data = data
        else:
            self._data = self._growing()
            self._data += data

    def take(self) -> Message | None:
        """The next whole message, None if more bytes are needed. Raises StreamCorruptError, then on every call."""
        if self._damage:
            raise StreamCorruptError(self._damage)
        try:
            return self._take()
        except StreamCorruptError as error:
            self._damage = error.detail
            self._data = b""
            raise

    @property
    def is_within(self) -> bool:
        """Whether a message has begun and not ended."""
        return bool(self._data)

    def finish(self) -> None:
        """No more bytes will come. Raises StreamCorruptError if they ended within a message."""
        if self._damage or self._data:
            raise StreamCorruptError(self._damage or "it ended within a message")

    def _take(self) -> Message | None:
        if self._lengths is None:
            if len(self._data) < _PRELUDE.size:
                return None
            self._lengths = _read_prelude(self._data)
        total, headers_length = self._lengths
        if len(self._data) < total:
            return None
        with memoryview(self._data) as data:
            if crc32(data[: total - _CRC.size]) != _CRC.unpack_from(data, total - _CRC.size)[0]:
                raise StreamCorruptError("a message has a wrong checksum")
            end = _PRELUDE.size + headers_length
            message = Message(decode_headers(bytes(data[_PRELUDE.size : end])), bytes(data[end : total - _CRC.size]))
        self._lengths = None
        if len(self._data) == total:
            self._data = b""
        else:
            self._data = self._growing()
            del self._data[:total]
        return message

    def _growing(self) -> bytearray:
        """The buffered data as a bytearray, which is cheap to append to and consume."""
        return self._data if isinstance(self._data, bytearray) else bytearray(self._data)


def _read_prelude(data: bytes | bytearray) -> tuple[int, int]:
    """(length of the message, length of its headers), both checked against the limits."""
    total, headers, checksum = _PRELUDE.unpack_from(data)
    if crc32(data[: _PRELUDE.size - _CRC.size]) != checksum:
        raise StreamCorruptError("a prelude has a wrong checksum")
    if total > MAX_MESSAGE_BYTES or headers > MAX_HEADERS_BYTES or total < headers + _FRAME_BYTES:
        raise StreamCorruptError(f"a message says it has {total} bytes, {headers} of them headers")
    return total, headers


@lru_cache(maxsize=32)  # audio events always have the same headers
def decode_headers(data: bytes) -> Mapping[str, HeaderValue]:
    """Decode all headers of a message. Raises StreamCorruptError."""
    headers: dict[str, HeaderValue] = {}
    position = 0
    try:
        while position < len(data):
            end = position + 1 + data[position]
            name = data[position + 1 : end].decode()
            value, position = _decode_value(data, end)
            if position > len(data) or not name or name in headers:
                raise StreamCorruptError("a header runs over its end, has no name, or comes twice")
            headers[name] = value
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise StreamCorruptError("a header can't be read") from error
    return MappingProxyType(headers)


def _decode_value(data: bytes, position: int) -> tuple[HeaderValue, int]:
    """(value, where the next header begins). That position is past the end if the value is truncated."""
    kind = data[position]
    position += 1
    if kind in (_TRUE, _FALSE):
        return kind == _TRUE, position
    if number := _NUMBERS.get(kind):
        return int(number.unpack_from(data, position)[0]), position + number.size
    if kind == _TIME:
        return Timestamp(_TIMESTAMP.unpack_from(data, position)[0]), position + _TIMESTAMP.size
    if kind == _UUID:
        return UUID(bytes=data[position : position + 16].ljust(16, b"\0")), position + 16
    if kind not in (_BYTES, _STRING):
        raise StreamCorruptError(f"a header has the unknown type {kind}")
    start = position + _LENGTH.size
    end = start + int(_LENGTH.unpack_from(data, position)[0])
    value = data[start:end]
    return (value.decode() if kind == _STRING else value), end
