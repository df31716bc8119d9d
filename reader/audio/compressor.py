"""Writes frames to a compressed sound file with libsndfile, which comes with soundfile's wheels and has every codec.

Compressing a piece of sound takes milliseconds, too long for the core thread.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Protocol

import soundfile

from reader.audio.formats import SoundFormat
from reader.errors import SoundError
from reader.support.i18n import translate


class Target(Protocol):
    """Where bytes go. Raises OSError."""

    def write(self, data: bytes, /) -> int:
        """Write at the current position."""

    def seek(self, position: int, /) -> int:
        """Move to a position."""


class Compressor:
    """One sound file, from its header to `close`. Not thread-safe."""

    def __init__(self, target: Target, made: SoundFormat, rate_hz: int, title: str = "") -> None:
        """`title` goes into the tags, except in MP3: see tags.py.

        Raises SoundError if this libsndfile does not support the format, OSError.
        """
        self._target = _Calls(target)
        try:
            self._file = soundfile.SoundFile(self._target, "w", rate_hz, 1, made.codec, format=made.container)
        except soundfile.LibsndfileError as error:
            self._target.check()
            sentence = translate(
                "reader", "The sound library on this computer can't write {format} files. Use .wav instead."
            )
            raise SoundError(sentence.format(format=made.name.upper())) from error
        if title and made.name != "mp3":
            self._file.title = title

    def write(self, pcm: bytes) -> None:
        """Append signed 16-bit mono frames in this machine's byte order. Raises OSError."""
        self._run(lambda: self._file.buffer_write(pcm, "int16"))

    def close(self) -> None:
        """Complete the file; the target stays open. Raises OSError."""
        self._run(self._file.close)

    def _run(self, call: Callable[[], None]) -> None:
        try:
            call()
        except soundfile.LibsndfileError as error:
            self._target.check()
            raise OSError(errno.EIO, str(error)) from error
        self._target.check()


class _Calls:
    """The target as libsndfile calls it, through C, which can't propagate exceptions."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._position = 0
        self._length = 0
        self._error: OSError | None = None

    def check(self) -> None:
        """Raise the error that occurred, if any."""
        if self._error:
            raise self._error

    def write(self, data: bytes) -> int:
        """On failure, claims to have written everything: `check` raises it, and soundfile would trip over less."""
        if not self._error:
            try:
                self._target.write(bytes(data))
            except OSError as error:
                self._error = error
        self._position += len(data)
        self._length = max(self._length, self._position)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._position = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._length}[whence]
        if not self._error:
            try:
                self._target.seek(self._position)
            except OSError as error:
                self._error = error
        return self._position

    def tell(self) -> int:
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Never needed when writing, but soundfile requires it."""
        return b""
