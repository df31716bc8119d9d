"""Writes a timeline of each reading to a file, as trace events: `harken --trace FILE`. There is no text in it.

It begins before anything else in Harken, so that a start is in it too. The file is a JSON array; viewers also accept
one without its end, as Harken leaves it when it is killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterable, Iterator
from typing import TextIO

from reader.support import timeline
from reader.support.timeline import Stage
from reader.support.trace_events import Event, TraceEvents

# When to write what was collected: something is being heard already, and nothing is waiting.
_WRITTEN_AT = (Stage.TOLD, Stage.ENDED)


@contextlib.contextmanager
def tracing(path: str) -> Iterator[None]:
    """Write a timeline of what happens meanwhile, replacing what the file had. Raises OSError before that."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    trace = _Trace(os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8"))
    timeline.collect(trace.on_mark)
    timeline.mark(Stage.COMMAND)
    try:
        yield
    finally:
        trace.close()
        timeline.stop()


class _Trace:
    """Appends to an open file. Any thread."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._events = TraceEvents(os.getpid())
        self._is_first = True

    def on_mark(self, stage: Stage) -> None:
        """Write what was collected, if this is the moment for it."""
        if stage in _WRITTEN_AT:
            with self._lock:
                self._write(self._events.add(timeline.take()))

    def close(self) -> None:
        """Write the rest, and close the file."""
        with self._lock, contextlib.suppress(OSError):  # a full disk: what was written can still be viewed
            self._write(self._events.add(timeline.take()))
            self._write(self._events.end())
            self._file.write("[]\n" if self._is_first else "\n]\n")
            self._file.close()

    def _write(self, events: Iterable[Event]) -> None:
        with contextlib.suppress(OSError):
            for event in events:
                self._file.write(("[\n" if self._is_first else ",\n") + json.dumps(event))
                self._is_first = False
            self._file.flush()
