"""The child process that reads one document: bytes in, blocks out.

    {"format": "html"}, then bytes, then {"do": "parse"}

The answers are {"is": "ready"}, then {"blocks": [[level, text], …]} as it reads, and finally {"is": "done"} or
{"is": "refused", "why": …}. The process has no files, network or keys (workers/sandbox.py), and ends with Harken.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator

from reader import threads
from reader.documents.document import PARAGRAPH, Block
from reader.documents.formats import FORMATS
from reader.documents.refusals import Refusal, UnreadableError
from reader.workers import frames

# How much to gather before sending; the first text is sent at once.
_CHARS = 20_000
# A longer paragraph is split into several, at a space.
_LONGEST_CHARS = 200_000


def run(fd_in: int, fd_out: int) -> None:
    """Read the document, then end. Raises BrokenFrameError, BrokenPipeError."""
    frames.write(fd_out, 0, {"is": "ready"})
    first = frames.read(fd_in)
    if first is None:
        return
    data = bytearray()
    while (frame := frames.read(fd_in)) is not None and frame.kind is frames.FrameKind.BYTES:
        data += frame.body
    threads.start(_end_with, "wait for Harken's end", fd_in)
    try:
        _send(fd_out, _parse(first.json()["format"], bytes(data)))
        answer = {"is": "done"}
    except UnreadableError as error:
        answer = {"is": "refused", "why": error.refusal.value}
    except (MemoryError, RecursionError):
        answer = {"is": "refused", "why": Refusal.TOO_LARGE.value}
    except ImportError:
        answer = {"is": "refused", "why": Refusal.MISSING.value}
    frames.write(fd_out, 0, answer)


def _parse(name: str, data: bytes) -> Iterator[Block]:
    blocks: Iterator[Block] = importlib.import_module(FORMATS[name].module).parse(data)
    return blocks


def _send(fd: int, blocks: Iterator[Block]) -> None:
    waiting: list[tuple[int, str]] = []
    chars = 0
    is_first = True
    try:
        for block in blocks:
            waiting += [(block.level, part) for part in _cut(block.text)]
            chars += len(block.text)
            if chars >= _CHARS or (is_first and block.level == PARAGRAPH):
                frames.write(fd, 0, {"blocks": waiting})
                waiting, chars, is_first = [], 0, False
    finally:  # what precedes the damage is read
        frames.write(fd, 0, {"blocks": waiting})


def _cut(text: str) -> Iterator[str]:
    while len(text) > _LONGEST_CHARS:
        end = text.rfind(" ", 1, _LONGEST_CHARS) + 1 or _LONGEST_CHARS
        yield text[:end]
        text = text[end:]
    yield text


def _end_with(fd: int) -> None:
    """End this process when Harken has ended, or does not want the rest."""
    while os.read(fd, 1 << 16):
        pass
    os._exit(0)
