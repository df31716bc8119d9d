"""The sound file formats that Harken can record: their names, and which one a file name calls for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """`container` and `codec` are libsndfile's names; "" if Harken writes the file itself."""

    name: str
    suffixes: tuple[str, ...]
    container: str = ""
    codec: str = ""


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """Where in the sound a chapter begins, and its title."""

    start_s: float
    title: str


WAV = SoundFormat("wav", (".wav",))
FORMATS = (
    WAV,
    SoundFormat("mp3", (".mp3",), "MP3", "MPEG_LAYER_III"),
    SoundFormat("opus", (".opus", ".ogg"), "OGG", "OPUS"),
    SoundFormat("flac", (".flac",), "FLAC", "PCM_16"),
)
SUFFIXES = tuple(suffix for known in FORMATS for suffix in known.suffixes)
NAMES = tuple(known.name for known in FORMATS)


def named(name: str) -> SoundFormat:
    """The format of this name. Raises KeyError."""
    return {known.name: known for known in FORMATS}[name]


def asked_by(out: Path) -> SoundFormat | None:
    """The format that a file of this name is expected to have."""
    suffix = out.suffix.lower()
    return next((known for known in FORMATS if suffix in known.suffixes), None)
