"""A reader of documents that does what the end of the document says."""

from __future__ import annotations

import os
import signal

from reader.workers import frames


def run(fd_in: int, fd_out: int) -> None:
    frames.write(fd_out, 0, {"is": "ready"})
    data = b""
    while (frame := frames.read(fd_in)) is not None and b'"do"' not in frame.body:
        data += frame.body
    does = data.rpartition(b">")[2].decode()
    if does.endswith("later"):
        frames.write(fd_out, 0, {"blocks": [[0, "The beginning."]]})
    match does.split()[0]:
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "refuse":
            frames.write(fd_out, 0, {"is": "refused", "why": "too large"})
        case "missing":
            frames.write(fd_out, 0, {"is": "refused", "why": "missing"})
        case "nonsense":
            frames.write(fd_out, 0, {"blocks": [["a", 1, 2]]})
        case "noise":
            os.write(fd_out, b"\xff" * 100)
        case "hang":
            while frames.read(fd_in) is not None:
                pass
