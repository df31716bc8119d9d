"""Reads a document that is a ZIP archive, within limits: a small file may unpack to more than any computer holds."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from reader.documents.refusals import Refusal, UnreadableError

# The limits for one file, and for all files read: a thick book has 2 MB of text.
_MOST_BYTES = 1 << 26
_MOST_BYTES_IN_ALL = 1 << 28
_MOST_FILES = 50_000
_IS_ENCRYPTED = 1
_PIECE_BYTES = 1 << 16
# The library raises RuntimeError for unknown compression methods.
_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError,
    OverflowError, IndexError, KeyError,
)  # fmt: skip


class Archive:
    """The archive. Raises UnreadableError, on creation and when a file is read."""

    def __init__(self, data: bytes) -> None:
        self._left_bytes = _MOST_BYTES_IN_ALL
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._names = {info.filename: info for info in self._zip.infolist()}
        except _FAULTS as error:
            raise UnreadableError(Refusal.DAMAGED) from error
        if len(self._names) > _MOST_FILES:
            raise UnreadableError(Refusal.TOO_LARGE)

    @property
    def names(self) -> list[str]:
        """The names of all files, in order."""
        return list(self._names)

    def read(self, name: str) -> bytes:
        """Read a file that must exist."""
        if name not in self._names:
            raise UnreadableError(Refusal.DAMAGED)
        info = self._names[name]
        if info.flag_bits & _IS_ENCRYPTED:
            raise UnreadableError(Refusal.ENCRYPTED)
        limit = min(_MOST_BYTES, self._left_bytes)
        parts = []
        size = 0
        try:
            with self._zip.open(info) as file:
                while data := file.read(_PIECE_BYTES):
                    parts.append(data)
                    size += len(data)
                    if size > limit:
                        raise UnreadableError(Refusal.TOO_LARGE)
        except _FAULTS as error:
            raise UnreadableError(Refusal.DAMAGED) from error
        self._left_bytes -= size
        return b"".join(parts)

    def read_if_there(self, name: str) -> bytes:
        """Read a file; empty if it does not exist."""
        return self.read(name) if name in self._names else b""
