"""The process of toy_engine.py: a click for each character."""

from __future__ import annotations

from reader.voices.local.inbox import Inbox
from reader.workers import frames


def run(fd_in: int, fd_out: int) -> None:
    inbox = Inbox(fd_in)
    frames.write(fd_out, 0, {"is": "ready", "rate_hz": 8000})
    while (request := inbox.take()) is not None:
        frames.write(fd_out, request.tag, b"\x00\x40" * 80 * len(request.text))
        frames.write(fd_out, request.tag, {"is": "done"})
