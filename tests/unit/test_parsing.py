"""The process that reads a document is let go of, whatever happens, and nobody waits for its end."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from reader.documents.parsing import Parsing
from reader.documents.refusals import Refusal, UnreadableError


class Process:
    """One that takes everything, and ends when it is killed."""

    def __init__(self) -> None:
        self.waiting: queue.Queue[int] = queue.Queue()  # the threads that waited for its end
        self._input, given = os.pipe()
        taken, self._output = os.pipe()
        self.stdin, self.stdout = open(given, "wb", 0), open(taken, "rb", 0)
        self._is_over = threading.Event()

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
