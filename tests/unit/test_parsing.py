"""The process that reads a document is let go of, whatever happens, and nobody waits for its end."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
from collections.abc import Iterator
from io import FileIO
from typing import Any

import pytest

from reader.documents.parsing import Parsing
from reader.documents.refusals import Refusal, UnreadableError
from reader.workers import frames


class Process:
    """One that takes everything, and ends when it is killed."""

    def __init__(self) -> None:
        self.waiting: queue.Queue[int] = queue.Queue()  # the threads that waited for its end
        self._input, given = os.pipe()
        taken, self._output = os.pipe()
        self.stdin, self.stdout = FileIO(given, "wb"), FileIO(taken, "rb")
        self._is_over = threading.Event()

    def answer(self, message: dict[str, Any]) -> None:
        frames.write(self._output, 0, message)

    def kill(self) -> None:
        os.close(self._output)
        self._is_over.set()

    def wait(self) -> int:
        self.waiting.put(threading.get_ident())
        self._is_over.wait()
        return -9

    def close(self) -> None:
        os.close(self._input)


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    made = Process()

    def popen(*given: Any, **named: Any) -> Process:
        return made

    monkeypatch.setattr(subprocess, "Popen", popen)
    yield made
    made.close()


def too_large() -> Iterator[bytes]:
    yield b"<p>"
    raise UnreadableError(Refusal.TOO_LARGE)


def unreadable() -> Iterator[bytes]:
    yield b"<p>"
    raise OSError("Input/output error")


@pytest.mark.parametrize(("data", "kind"), [(too_large, UnreadableError), (unreadable, OSError)])
def test_a_document_that_can_not_be_handed_over_leaves_no_process(
    process: Process, data: Any, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        Parsing("html", data())
    assert process.waiting.get(timeout=10)


def test_who_closes_does_not_wait_for_the_end_of_the_process(process: Process) -> None:
    Parsing("html", [b"<p>"]).close()
    assert process.waiting.get(timeout=10) != threading.get_ident()


def test_a_reading_that_is_dropped_lets_go_of_a_process_whose_answers_wait_for_room(process: Process) -> None:
    blocks = iter(Parsing("html", [b"<p>"]))
    for _ in range(10):
        process.answer({"is": "ready", "blocks": [[0, "Again and again."]]})
    assert next(blocks)
    del blocks
    assert process.waiting.get(timeout=10) != threading.get_ident()
