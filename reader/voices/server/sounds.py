"""Tells which format a server's audio is in: the one asked for, or what the answer says it is instead. Pure."""

from __future__ import annotations

import re

PCM, WAV, MP3 = "pcm", "wav", "mp3"
# The rate of OpenAI's pcm; a server with a different rate may give it in the answer's type.
PCM_HZ = 24_000
_RATES_HZ = (4000, 192_000)
_TYPES = {
    "audio/wav": WAV,
    "audio/x-wav": WAV,
    "audio/wave": WAV,
    "audio/vnd.wave": WAV,
    "audio/mpeg": MP3,
    "audio/mp3": MP3,
    "audio/x-mpeg": MP3,
}
# These say nothing: some servers use them for everything.
_ANY = ("", "application/octet-stream", "binary/octet-stream", "audio/pcm", "audio/raw", "audio/x-raw", "audio/l16")


def kind_of(content_type: str, wanted: str) -> str:
    """PCM, WAV or MP3; "" if the answer is not audio, or none that can be read here."""
    named = content_type.partition(";")[0].strip().lower()
    if named in _ANY:
        return PCM if named.startswith("audio/") else wanted
    return _TYPES.get(named, "")


def kind_at(first: bytes, kind: str) -> str:
    """The same, given the first bytes: some servers send WAV or MP3 whatever they are asked for."""
    if first[:4] == b"RIFF":
        return WAV
    if first[:3] == b"ID3" or (kind == WAV and first[:1] == b"\xff" and first[1:2] >= b"\xe0"):
        return MP3
    return kind


def pcm_rate_hz(content_type: str) -> int:
    """The rate that an answer's type gives, else the default one."""
    found = re.search(r";\s*(?:sample[_-]?)?rate\s*=\s*\"?(\d{4,6})", content_type, re.IGNORECASE)
    rate_hz = int(found[1]) if found else PCM_HZ
    return rate_hz if _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1] else PCM_HZ
