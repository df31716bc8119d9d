"""Reads a WAV file that is still arriving. Pure.

A server that sends it while making it does not know its length, so the length in the header is ignored.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_RATES_HZ = (4000, 192_000)
_MAX_CHANNELS = 8
_MAX_HEADER_BYTES = 1 << 16
_KINDS: dict[tuple[int, int], np.dtype[Any]] = {(_PCM, 16): np.dtype("<i2"), (_FLOAT, 32): np.dtype("<f4")}


class BrokenWavError(ValueError):
    """The file can't be played here; the message says why."""


class Wav:
    """Takes bytes cut anywhere. `rate_hz` is 0 until it is known, which is before the first sound."""

    def __init__(self) -> None:
        self.rate_hz = 0
        self._rest = b""
        self._kind: np.dtype[Any] | None = None
        self._channels = 1
        self._is_in_sound = False

    def feed(self, data: bytes) -> bytes:
        """Add what arrived, and return signed 16-bit mono in this machine's byte order. Raises BrokenWavError."""
        self._rest += data
        if not self._is_in_sound:
            self._read_header()
        if not self._is_in_sound or self._kind is None:
            return b""
        whole = len(self._rest) - len(self._rest) % (self._kind.itemsize * self._channels)
        taken, self._rest = self._rest[:whole], self._rest[whole:]
        return self._mixed(taken)

    def finish(self) -> None:
        """Nothing more will arrive. Raises BrokenWavError if the sound never began."""
        if not self._is_in_sound:
            raise BrokenWavError("it ends in its header")

    def _mixed(self, data: bytes) -> bytes:
        assert self._kind is not None
        frames = np.frombuffer(data, self._kind)
        if self._kind.kind == "f":
            frames = np.clip(np.nan_to_num(frames), -1, 1) * 32767
        if self._channels > 1:
            frames = frames.reshape(-1, self._channels).mean(axis=1)
        return frames.astype(np.int16).tobytes()

    def _read_header(self) -> None:
        """Remove the chunks in front of the sound from what has arrived."""
        if len(self._rest) < 12:
            return
        if self._rest[:4] != b"RIFF" or self._rest[8:12] != b"WAVE":
            raise BrokenWavError("it does not begin like one")
        at = 12
        while len(self._rest) >= at + 8:
            name, size = struct.unpack_from("<4sI", self._rest, at)
            if name == b"data":
                if not self.rate_hz:
                    raise BrokenWavError("it does not say what its sound is")
                self._rest, self._is_in_sound = self._rest[at + 8 :], True
                return
            if size > _MAX_HEADER_BYTES or at > _MAX_HEADER_BYTES:
                raise BrokenWavError("its header is too long")
            if name == b"fmt " and len(self._rest) >= at + 8 + size:
                self._read_format(self._rest[at + 8 : at + 8 + size])
            at += 8 + size + size % 2
        if len(self._rest) > 2 * _MAX_HEADER_BYTES:
            raise BrokenWavError("its header is too long")

    def _read_format(self, data: bytes) -> None:
        if len(data) < 16:
            raise BrokenWavError("it does not say what its sound is")
        kind, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", data)
        if kind == _EXTENSIBLE and len(data) >= 26:
            (kind,) = struct.unpack_from("<H", data, 24)
        if (kind, bits) not in _KINDS or not 1 <= channels <= _MAX_CHANNELS:
            raise BrokenWavError("its sound is not of 16 bits")
        if not _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1]:
            raise BrokenWavError("its rate is none")
        self._kind, self._channels, self.rate_hz = _KINDS[kind, bits], channels, rate_hz
