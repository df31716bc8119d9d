"""Event-stream messages as the stand-in sends them: written anew, so that it shares no mistake with `reader/wire`."""

from __future__ import annotations

import json
import struct
import zlib
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
