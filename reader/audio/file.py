"""A WAV file as an output device: what would be heard, as fast as it can be made. See OutputDevice."""

from __future__ import annotations

import asyncio
import contextlib
import wave
from pathlib import Path

from reader.audio.base import Drained, Listener, Progress
from reader.errors import SoundError
from reader.words import translate

FRAME_BYTES = 2


class FileDevice:
    """Writes runs one behind the other. Everything written counts as heard at once."""

    lead_s = float("inf")
    is_live = False

    def __init__(self, path: Path, rate_hz: int = 24000) -> None:
        """`path` is replaced when opened."""
        self.name = str(path)
        self.missing = ""
        self.rate_hz = rate_hz
        self._path = path
        self._listener: Listener = lambda event: None
        self._file: wave.Wave_write | None = None
        self._frames = 0

    @property
    def is_open(self) -> bool:
        """See OutputDevice."""
        return self._file is not None

    def listen(self, listener: Listener) -> None:
        """See OutputDevice."""
        self._listener = listener

    async def open(self) -> None:
        """See OutputDevice."""
        if self._file:
            return
        try:
            self._raw = self._path.open("wb")
        except OSError as error:
            raise SoundError(
                translate("reader", "{file} can't be written: {reason}.").format(file=self._path, reason=error.strerror)
            ) from error
        self._file = wave.open(self._raw, "wb")  # noqa: SIM115 - open until close()
        self._file.setnchannels(1)
        self._file.setsampwidth(FRAME_BYTES)
        self._file.setframerate(self.rate_hz)

    def keep_awake(self, awake_s: float) -> None:
        """See OutputDevice."""

    def play(self) -> None:
        """See OutputDevice."""
        self._frames = 0

    def write(self, pcm: bytes) -> None:
        """See OutputDevice. Raises SoundError when the disk is full."""
        assert self._file is not None
        try:
            self._file.writeframesraw(pcm)
        except OSError as error:
            raise SoundError(
                translate("reader", "{file} can't be written: {reason}.").format(file=self._path, reason=error.strerror)
            ) from error
        self._frames += len(pcm) // FRAME_BYTES
        asyncio.get_running_loop().call_soon(self._listener, Progress(self._frames, self._frames))

    def end(self) -> None:
        """See OutputDevice."""
        asyncio.get_running_loop().call_soon(self._listener, Drained())

    def cut(self) -> asyncio.Future[int]:
        """See OutputDevice."""
        heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        heard.set_result(self._frames)
        return heard

    async def close(self) -> None:
        """See OutputDevice."""
        if self._file:
            with contextlib.suppress(OSError):
                self._file.close()
                self._raw.close()
            self._file = None
