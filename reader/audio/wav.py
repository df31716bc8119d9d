"""Writes the header of a WAV file: signed 16-bit mono.

Its sizes have 32 bits, so more than 4 GiB (a day of speech) is written as RF64, according to EBU Tech 3306: a chunk
that players skip (JUNK) reserves space for one with 64-bit sizes (ds64). A stream has no room for that, and its sizes
say "until the end". A file's sound is followed by its title (LIST INFO) and its chapters (cue, labl).

Pure.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from reader.audio.formats import ChapterMark
from reader.flow import FRAME_BYTES

_UNKNOWN = 0xFFFFFFFF
_LARGE = struct.Struct("<QQQI")
# The two sizes in a stream's header, in case it is possible to go back to them: their offsets, and what to add to each.
STREAM_SIZES = ((4, 36), (40, 0))
MAX_BYTES = _UNKNOWN - 80


def stream_header(rate_hz: int) -> bytes:
    """The header for sound of unknown length."""
    return struct.pack("<4sI4s", b"RIFF", _UNKNOWN, b"WAVE") + _format(rate_hz) + struct.pack("<4sI", b"data", _UNKNOWN)


def file_header(rate_hz: int, data_bytes: int, tags_bytes: int = 0) -> bytes:
    """The header for this many bytes of frames, followed by tags. Always of the same length."""
    rest = 8 + _LARGE.size + len(_format(rate_hz)) + 8 + 4 + tags_bytes
    is_large = data_bytes + tags_bytes > MAX_BYTES
    large = _LARGE.pack(rest + data_bytes, data_bytes, data_bytes // FRAME_BYTES, 0) if is_large else bytes(_LARGE.size)
    return b"".join(
        (
            struct.pack("<4sI", b"RF64" if is_large else b"RIFF", _UNKNOWN if is_large else rest + data_bytes),
            struct.pack("<4s4sI", b"WAVE", b"ds64" if is_large else b"JUNK", _LARGE.size),
            large,
            _format(rate_hz),
            struct.pack("<4sI", b"data", _UNKNOWN if is_large else data_bytes),
        )
    )


def tags(rate_hz: int, title: str, chapters: Sequence[ChapterMark]) -> bytes:
    """The chunks that follow the frames."""
    made = _chunk(b"LIST", b"INFO" + _chunk(b"INAM", _words(title))) if title else b""
    if chapters:
        cues, labels = struct.pack("<I", len(chapters)), b"adtl"
        for number, chapter in enumerate(chapters, 1):
            cues += struct.pack("<II4sIII", number, at := round(chapter.start_s * rate_hz), b"data", 0, 0, at)
            labels += _chunk(b"labl", struct.pack("<I", number) + _words(chapter.title))
        made += _chunk(b"cue ", cues) + _chunk(b"LIST", labels)
    return made


def _words(text: str) -> bytes:
    return text.encode("utf-8", "replace") + b"\0"


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack("<4sI", name, len(data)) + data + bytes(len(data) % 2)


def _format(rate_hz: int) -> bytes:
    return struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate_hz, rate_hz * FRAME_BYTES, FRAME_BYTES, 8 * FRAME_BYTES)
