"""Splits Ogg into its pages and verifies their checksums, which stb_vorbis ignores.

With a page damaged or missing, a sentence would not be heard: better to report it and request the sentence again.

Pure. The format is that of RFC 3533.
"""

from __future__ import annotations

_CAPTURE = b"OggS"
_HEAD_BYTES = 27
_CHECKSUM = slice(22, 26)
_POLYNOMIAL = 0x04C11DB7
# The first page of a speech stream names its own rate, which may differ from ours. 1 Hz would turn a second into a day.
_VORBIS_HEAD = b"\x01vorbis"
_RATES_HZ = range(8000, 48001)


def _remainder(byte: int) -> int:
    rest = byte << 24
    for _ in range(8):
        rest = (rest << 1 ^ _POLYNOMIAL if rest & 1 << 31 else rest << 1) & 0xFFFFFFFF
    return rest


_REMAINDERS = tuple(map(_remainder, range(256)))


class Pages:
    """Takes bytes cut anywhere. `damage` says what was wrong, "" while nothing was."""

    def __init__(self) -> None:
        """Starts empty."""
        self.damage = ""
        self._data = bytearray()
        self._count = 0

    def feed(self, data: bytes) -> None:
        """Add what arrived."""
        self._data += data

    def take(self) -> bytes:
        """The next whole page, b"" if more has to arrive first, or after damage."""
        if self.damage or len(self._data) < _HEAD_BYTES:
            return b""
        if not self._data.startswith(_CAPTURE):
            return self._refuse("no page where one should begin")
        body_from = _HEAD_BYTES + self._data[_HEAD_BYTES - 1]
        length = body_from + sum(self._data[_HEAD_BYTES:body_from])
        if len(self._data) < max(body_from, length):
            return b""
        page = bytes(self._data[:length])
        if _checksum(page) != int.from_bytes(page[_CHECKSUM], "little"):
            return self._refuse("a page with another checksum")
        if int.from_bytes(page[18:22], "little") != self._count:
            return self._refuse("a page is missing")
        if not self._count and not _is_speech(page):
            return self._refuse("no speech, or an odd rate")
        self._count += 1
        del self._data[:length]
        return page

    def finish(self) -> None:
        """Nothing more will arrive: anything left over is an incomplete page."""
        if self._data and not self.damage:
            self.damage = "half a page"

    def _refuse(self, why: str) -> bytes:
        self.damage = why
        return b""


def _checksum(page: bytes) -> int:
    rest = 0
    for byte in page[: _CHECKSUM.start] + bytes(4) + page[_CHECKSUM.stop :]:
        rest = rest << 8 & 0xFFFFFFFF ^ _REMAINDERS[rest >> 24 ^ byte]
    return rest


def _is_speech(page: bytes) -> bool:
    at = page.find(_VORBIS_HEAD) + len(_VORBIS_HEAD)
    channels, rate = page[at + 4 : at + 5], page[at + 5 : at + 9]
    return _VORBIS_HEAD in page and channels == b"\x01" and int.from_bytes(rate, "little") in _RATES_HZ
