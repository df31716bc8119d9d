"""Splits the bytes of an HTTP/2 connection into whole frames, and takes GOAWAY out: see `h2_protocol.py`.

Pure.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_HEAD_BYTES = 9
_GOAWAY = 0x7
_GOAWAY_BODY = struct.Struct(">II")
_STREAM_ID = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class GoAway:
    """No stream above `last_stream_id` was or will be processed (RFC 9113, 6.8)."""

    last_stream_id: int
    code: int


def split(data: bytearray, max_frame_bytes: int) -> Iterator[bytes | GoAway]:
    """Yield whole frames, several at a time, and each GOAWAY by itself. What was yielded is removed from `data`.

    Raises ValueError for a frame above the limit as soon as its header has arrived; h2 would wait for all of it, up to
    16 MiB. Also raises ValueError for a GOAWAY that is too short.
    """
    start = 0
    while len(data) - start >= _HEAD_BYTES:
        length = int.from_bytes(data[start : start + 3])
        end = start + _HEAD_BYTES + length
        if len(data) < end or length > max_frame_bytes:
            break
        if data[start + 3] != _GOAWAY:
            start = end
            continue
        if start:
            yield bytes(data[:start])
        if length < _GOAWAY_BODY.size:
            raise ValueError("a GOAWAY is too short")
        last_stream_id, code = _GOAWAY_BODY.unpack_from(data, start + _HEAD_BYTES)
        del data[:end]
        start = 0
        yield GoAway(last_stream_id & _STREAM_ID, code)
    if start:
        frames = bytes(data[:start])
        del data[:start]
        yield frames
    if int.from_bytes(data[:3]) > max_frame_bytes and len(data) >= _HEAD_BYTES:
        raise ValueError("a frame is too long")
