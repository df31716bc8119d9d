"""Writes title and chapters into the tags of compressed sound files, with mutagen.

In MP3, chapters are ID3's CHAP and CTOC; in FLAC and Opus, the comments CHAPTER001 and CHAPTER001NAME. The title of
the latter two libsndfile writes itself; in MP3 it would be UTF-8 where players expect Latin-1, so here it is UTF-16.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, BinaryIO

from reader.audio.formats import ChapterMark, SoundFormat

_MP3 = "mp3"
# ID3's way of saying that only the times count.
_NO_OFFSET = 0xFFFFFFFF


def write_tags(file: BinaryIO, made: SoundFormat, title: str, chapters: Sequence[ChapterMark], end_s: float) -> None:
    """Add what is missing to a complete file, open for reading and writing. Waits for the disk. Raises OSError.

    There must be room in front of the sound, which gets moved.
    """
    if not chapters and (made.name != _MP3 or not title):
        return
    from mutagen import MutagenError

    file.seek(0)
    try:
        if made.name == _MP3:
            _save_id3(file, title, chapters, end_s)
        else:
            _write_comments(file, made, chapters)
    except MutagenError as error:
        raise OSError(str(error)) from error


def stream_header(made: SoundFormat, title: str) -> bytes:
    """What a stream begins with: the title, if libsndfile does not write it."""
    if made.name != _MP3 or not title:
        return b""
    header = io.BytesIO()
    _save_id3(header, title, (), 0.0)
    return header.getvalue()


def _save_id3(file: BinaryIO, title: str, chapters: Sequence[ChapterMark], end_s: float) -> None:
    from mutagen import id3

    def words(text: str) -> Any:
        return id3.TIT2(encoding=id3.Encoding.UTF16, text=[text])

    tags = id3.ID3()
    if title:
        tags.add(words(title))
    names = [f"chp{number}" for number in range(len(chapters))]
    starts = [round(1000 * chapter.start_s) for chapter in chapters]
    ends = [*starts[1:], round(1000 * end_s)] if starts else []
    for name, chapter, start, end in zip(names, chapters, starts, ends, strict=True):
        times = {"start_time": start, "end_time": end, "start_offset": _NO_OFFSET, "end_offset": _NO_OFFSET}
        tags.add(id3.CHAP(element_id=name, sub_frames=[words(chapter.title)], **times))
    if names:
        flags = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
        tags.add(id3.CTOC(element_id="toc", flags=flags, child_element_ids=names, sub_frames=[]))
    tags.save(file, v2_version=3)


def _write_comments(file: BinaryIO, made: SoundFormat, chapters: Sequence[ChapterMark]) -> None:
    from mutagen.flac import FLAC
    from mutagen.oggopus import OggOpus

    sound = (FLAC if made.name == "flac" else OggOpus)(file)
    for number, chapter in enumerate(chapters, 1):
        sound[f"CHAPTER{number:03}"] = [_clock(chapter.start_s)]
        sound[f"CHAPTER{number:03}NAME"] = [chapter.title]
    file.seek(0)
    sound.save(file)


def _clock(at_s: float) -> str:
    minutes, ms = divmod(round(1000 * at_s), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{ms // 1000:02}.{ms % 1000:03}"
