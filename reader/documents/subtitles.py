"""Subtitles (WebVTT and SubRip): what is shown, without times, styles, comments and markup.

Automatic captions, as video sites make them, repeat each line while the next one appears: it is read once.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from reader.documents.decoding import Decoder
from reader.documents.document import Block, tidied

_TIMES = re.compile(r"\s*\d[\w:.,]*\s*-->")
_BLOCKS = re.compile(r"\n(?:[ \t]*\n)+")
# WebVTT blocks that are for programs, or for authors.
_NOT_SHOWN = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|\Z)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_MARKS = re.compile(r"</?(?:[a-zA-Z][\w.]*(?:\s[^<>]*)?|[\d:.]+)/?>|\{\\[^{}]*\}")
_TIME_OF_WORD = re.compile(r"<\d+:\d\d[\d:.]*>")
_FIELD = re.compile(r"[A-Za-z-]+:")


def parse(data: bytes) -> Iterator[Block]:
    """Yield a paragraph for each subtitle."""
    text = Decoder().decode(data, is_last=True).replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n")
    return tidied(_shown(_BLOCKS.split(text), is_automatic=_TIME_OF_WORD.search(text) is not None))


def _shown(blocks: list[str], *, is_automatic: bool) -> Iterator[Block]:
    last: list[str] = []
    for number, block in enumerate(blocks):
        lines = block.split("\n")
        if number == 0 and lines[0].startswith("WEBVTT"):
            lines = _without_head(lines[1:])
        elif _NOT_SHOWN.match(block):
            continue
        found = [line for line in map(_plain, _without_times(lines)) if line]
        new = [line for line in found if not is_automatic or line not in last]
        last = found or last
        yield Block("\n".join(new))


def _without_head(lines: list[str]) -> list[str]:
    """Drop the fields that may follow the first line. What is shown may also follow at once."""
    is_field = bool(lines) and not any(map(_TIMES.match, lines)) and _FIELD.match(lines[0])
    return [] if is_field else lines


def _without_times(lines: list[str]) -> list[str]:
    """Drop the times, and a number or a name in the line before."""
    shown: list[str] = []
    for line in lines:
        if _TIMES.match(line):
            shown = shown[:-1] if len(shown) == 1 or (shown and shown[-1].strip().isdigit()) else shown
        else:
            shown.append(line)
    return shown


def _plain(line: str) -> str:
    spoken = _VOICE.sub(r"\1: ", line)
    return " ".join(html.unescape(_MARKS.sub("", spoken)).split())
