"""Harken's side of the process that reads a document (parse_worker.py).

For threads that may block. Nothing the process does can harm Harken: if it crashes, hangs or wants too much memory, it
is ended, and a sentence says so.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import subprocess
from collections.abc import Iterable, Iterator
from typing import Any

from reader import threads
from reader.documents.document import Block
from reader.documents.refusals import Refusal, UnreadableError
from reader.workers import frames, sandbox
from reader.workers.child import command
from reader.workers.worker import Worker

log = logging.getLogger(__name__)

# A book with 100 MB of pictures takes half of it.
PARSER = Worker("documents", "reader.documents.parse_worker", memory_bytes=1 << 30)
# A process silent for this long is hanging: the slowest page takes some seconds on a busy computer.
ANSWER_LIMIT_S = 60.0
# The number of answers that may wait while earlier ones are being heard.
_AHEAD = 4


class Parsing:
    """A document being read. One thread at a time."""

    def __init__(self, name: str, data: Iterable[bytes]) -> None:
        """`name` is the format's. Raises what `data` raises, and OSError if the process can't be started."""
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command(PARSER), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=sandbox.environment(PARSER)
        )
        self._answers: queue.Queue[frames.Frame | None] = queue.Queue(_AHEAD)
        self._is_over = False
        threads.start(self._receive, "document answers")
        assert self._process.stdin is not None
        fd = self._process.stdin.fileno()
        try:
            frames.write(fd, 0, {"format": name})
            for piece in data:
                frames.write(fd, 0, piece)
            frames.write(fd, 0, {"do": "parse"})
        except BrokenPipeError:
            pass  # the process has ended: its answers say why, or there are none
        except BaseException:
            self.close()  # the caller can't
            raise

    def __iter__(self) -> Iterator[Block]:
        """Yield the document's blocks. Raises UnreadableError, at once or after some of them."""
        try:
            while (answer := self._answer()).get("is", "ready") == "ready":
                for level, text in answer.get("blocks", []):
                    yield Block(str(text), int(level))
            if answer["is"] != "done":
                raise UnreadableError(Refusal(answer["why"]))
        except (frames.BrokenFrameError, ValueError, TypeError, KeyError) as error:
            raise UnreadableError(Refusal.DAMAGED) from error
        finally:
            self.close()

    def _answer(self) -> dict[str, Any]:
        try:
            frame = self._answers.get(timeout=ANSWER_LIMIT_S)
        except queue.Empty:
            log.warning("a document took too long to read")
            raise UnreadableError(Refusal.TOO_SLOW) from None
        if frame is None:
            log.warning("reading a document ended with %s", self._process.wait())
            raise UnreadableError(Refusal.DAMAGED)
        return frame.json()

    def close(self) -> None:
        """End the process, whatever it is doing. Never waits: a generator that is dropped may close on any thread.

        The thread that receives its answers does the rest.
        """
        if self._is_over:
            return
        self._is_over = True
        self._process.kill()
        if self._process.stdin:
            self._process.stdin.close()
        with contextlib.suppress(queue.Empty):
            while True:  # the thread may be waiting for room in the queue
                self._answers.get_nowait()

    def _receive(self) -> None:
        assert self._process.stdout is not None
        fd = self._process.stdout.fileno()
        frame: frames.Frame | None = None
        while not self._is_over:
            try:
                frame = frames.read(fd)
            except frames.BrokenFrameError:
                frame = None
            self._answers.put(frame)
            if frame is None:
                break
        self._process.wait()
        self._process.stdout.close()
