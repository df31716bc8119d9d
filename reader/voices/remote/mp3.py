"""Splits mp3 into its frames.

The decoder looks for the frame after the one it decodes, and skips what it can't see: in arbitrary pieces, frames get
lost, and a stream that starts with a few bytes is not recognised. All it needs is exactly one whole frame at a time,
so the last word that arrived is heard without waiting for the next.

Pure.
"""

from __future__ import annotations

_HEADER_BYTES = 4
_TAG_HEADER_BYTES = 10  # ID3v2, which may come first
_V1_KBIT_S = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_V2_KBIT_S = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_V1_RATES_HZ = (44100, 48000, 32000, 0)
# What to divide the rates by, by the two version bits. 1 is reserved.
_DIVISORS = (4, 0, 2, 1)
_LAYER_3 = 1


class Frames:
    def __init__(self) -> None:
        """Starts empty."""
        self._data = bytearray()
        self._is_begun = False
        self._tag_bytes = 0  # still to be skipped

    def feed(self, data: bytes) -> None:
        """Add what arrived, cut anywhere."""
        self._data += data

    def take(self) -> bytes:
        """The next whole frame, b"" if more has to arrive first. Anything that is not a frame is skipped."""
        if not self._is_begun and not self._pass_tag():
            return b""
        at = self._data.find(0xFF)
        while at >= 0 and len(self._data) - at >= _HEADER_BYTES:
            if length := _frame_bytes(self._data[at : at + _HEADER_BYTES]):
                del self._data[:at]
                if len(self._data) < length:
                    return b""
                frame = bytes(self._data[:length])
                del self._data[:length]
                return frame
            at = self._data.find(0xFF, at + 1)
        del self._data[: at if at >= 0 else None]
        return b""

    def _pass_tag(self) -> bool:
        """Skip the tag before the first frame. True once past it, or if there is none."""
        if not self._tag_bytes:
            if len(self._data) < _TAG_HEADER_BYTES:
                return False  # no frame is that short
            self._tag_bytes = _tag_bytes(self._data)
        passed = min(self._tag_bytes, len(self._data))
        del self._data[:passed]
        self._tag_bytes -= passed
        self._is_begun = not self._tag_bytes
        return self._is_begun


def _tag_bytes(data: bytearray) -> int:
    """The length of the tag that the data begins with, 0 if there is none."""
    if not data.startswith(b"ID3"):
        return 0
    size = 0
    for seven_bits in data[6:_TAG_HEADER_BYTES]:
        size = size << 7 | seven_bits & 0x7F
    return _TAG_HEADER_BYTES + size


def _frame_bytes(header: bytearray) -> int:
    """The length of the frame that begins with these four bytes, 0 if none does."""
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    is_v1 = version == _DIVISORS.index(1)
    kbit_s = (_V1_KBIT_S if is_v1 else _V2_KBIT_S)[header[2] >> 4]
    rate_hz, divisor = _V1_RATES_HZ[header[2] >> 2 & 3], _DIVISORS[version]
    if header[1] < 0xE0 or layer != _LAYER_3 or not (kbit_s and rate_hz and divisor):
        return 0
    # 1152 samples, or half as many, at 8 bits a byte.
    return (144_000 if is_v1 else 72_000) * kbit_s // (rate_hz // divisor) + (header[2] >> 1 & 1)
