"""The Wayland wire format: bytes in, events out, and the bytes of requests. No sockets, no clocks.

A message consists of an object's number, the message's length, its opcode and arguments: 32-bit words in native byte
order; strings and arrays are preceded by their length and padded to whole words. Part of what a compositor sends was
written by other programs, so nothing in it is trusted.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

HEAD_BYTES = 8
# libwayland's own limit is 4096 in all but recent versions, and requests sent here contain at most one string.
MAX_BYTES = 1 << 16
_WORD = struct.Struct("=I")
_HEAD = struct.Struct("=II")


class WireError(Exception):
    """The data does not follow the Wayland protocol."""


class Event(NamedTuple):
    """An event from the compositor about an object."""

    object: int
    opcode: int
    arguments: bytes


class Parser:
    """Extracts events from the bytes that arrive."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, data: bytes) -> Iterator[Event]:
        """Yield the events that are now complete. Raises WireError, after which nothing more can be parsed."""
        self._waiting += data
        begin = 0
        try:
            while len(self._waiting) - begin >= HEAD_BYTES:
                number, word = _HEAD.unpack_from(self._waiting, begin)
                length = word >> 16
                if length < HEAD_BYTES or length % 4:
                    raise WireError(f"a message of {length} bytes")
                if len(self._waiting) - begin < length:
                    return
                body = bytes(self._waiting[begin + HEAD_BYTES : begin + length])
                begin += length
                yield Event(number, word & 0xFFFF, body)
        finally:
            del self._waiting[:begin]


class Arguments:
    """Reads an event's arguments one after another. Raises WireError if one is missing."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self) -> int:
        """A uint, or an object's number."""
        if self._at + 4 > len(self._data):
            raise WireError("an argument is missing")
        (found,) = _WORD.unpack_from(self._data, self._at)
        self._at += 4
        return int(found)

    def text(self) -> str:
        """A string; "" for none. Invalid UTF-8 is replaced."""
        raw = self._sized()
        if raw and raw[-1]:
            raise WireError("a text without an end")
        return raw[:-1].decode("utf-8", "replace")

    def numbers(self) -> list[int]:
        """An array of uints."""
        raw = self._sized()
        if len(raw) % 4:
            raise WireError("an array of other things")
        return [number for (number,) in _WORD.iter_unpack(raw)]

    def _sized(self) -> bytes:
        size = self.number()
        end = self._at + size
        if end + -size % 4 > len(self._data):
            raise WireError("an argument is cut short")
        raw = self._data[self._at : end]
        self._at = end + -size % 4
        return raw


def request(number: int, opcode: int, *arguments: int | str) -> bytes:
    """Encode a request: numbers, or strings without NUL. Raises ValueError if it is too long to send."""
    body = b"".join(_text(value) if isinstance(value, str) else _WORD.pack(value) for value in arguments)
    length = HEAD_BYTES + len(body)
    if length >= MAX_BYTES:
        raise ValueError(f"a request of {length} bytes")
    return _HEAD.pack(number, length << 16 | opcode) + body


def _text(value: str) -> bytes:
    raw = value.encode() + b"\0"
    return _WORD.pack(len(raw)) + raw + bytes(-len(raw) % 4)
