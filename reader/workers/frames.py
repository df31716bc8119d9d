"""The messages between Harken and its child processes.

A frame is a 9 byte header and a body. The header, little-endian: kind (u8), tag (u32), length of the body (u32). A tag
says what the message belongs to: a speech request, a run of playing. Bodies are JSON or raw bytes (audio). Pure, except
`read` and `write`, which children use on their own pipes.
"""

from __future__ import annotations

import json
import os
import struct
from enum import IntEnum
from typing import Any, NamedTuple

from reader.support import timeline

HEAD = struct.Struct("<BII")
# The key under which a child sends its marks since its last message.
MARKS = "marks"
# No message is nearly this long; a longer one means that the pipe contains something else.
MAX_BODY_BYTES = 1 << 26


class FrameKind(IntEnum):
    """How to read a body."""

    JSON = 0
    BYTES = 1


class Frame(NamedTuple):
    """One message. `body` is still encoded."""

    kind: FrameKind
    tag: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body of a JSON message. Raises BrokenFrameError: the other side may be a compromised child."""
        try:
            message = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise BrokenFrameError(f"not JSON, {len(self.body)} bytes") from error
        if not isinstance(message, dict):
            raise BrokenFrameError("not an object")
        return message


class BrokenFrameError(ValueError):
    """What arrived is not a frame."""


def encode(tag: int, body: dict[str, Any] | bytes) -> bytes:
    """One message as bytes."""
    if isinstance(body, dict):
        data = json.dumps(body, ensure_ascii=True).encode()
        return HEAD.pack(FrameKind.JSON, tag, len(data)) + data
    return HEAD.pack(FrameKind.BYTES, tag, len(body)) + body


def decode_head(head: bytes) -> tuple[FrameKind, int, int]:
    """(kind, tag, length of the body in bytes). Raises BrokenFrameError."""
    kind, tag, length = HEAD.unpack(head)
    if kind not in (FrameKind.JSON, FrameKind.BYTES) or length > MAX_BODY_BYTES:
        raise BrokenFrameError(f"kind {kind}, {length} bytes")
    return FrameKind(kind), tag, length


def read(fd: int) -> Frame | None:
    """Wait for the next message on a pipe; None at its end. For a child's own thread."""
    head = _read_exactly(fd, HEAD.size)
    if head is None:
        return None
    kind, tag, length = decode_head(head)
    body = _read_exactly(fd, length)
    return None if body is None else Frame(kind, tag, body)


def write(fd: int, tag: int, body: dict[str, Any] | bytes) -> None:
    """Write one message to a pipe, waiting for room. Raises BrokenPipeError if the other end is closed."""
    if isinstance(body, dict) and (marks := timeline.take()):
        body = body | {MARKS: marks}
    data = memoryview(encode(tag, body))
    while data:
        data = data[os.write(fd, data) :]


def _read_exactly(fd: int, size: int) -> bytes | None:
    parts = []
    while size:
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
