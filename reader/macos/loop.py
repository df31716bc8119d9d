"""macOS's main loop, which is Qt's, and a thread that runs jobs in order."""

from __future__ import annotations

import concurrent.futures
import queue
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from reader import threads
from reader.errors import DesktopError

T = TypeVar("T")

Job = tuple[Callable[[], Any], "concurrent.futures.Future[Any]"]


def on_main(job: Callable[[], T]) -> concurrent.futures.Future[T]:
    """Any thread. Run a job on the main loop soon, in order. If no loop is running, it never runs."""
    from PyObjCTools import AppHelper

    future: concurrent.futures.Future[T] = concurrent.futures.Future()
    AppHelper.callAfter(do, (job, future))
    return future


def do(job: Job) -> None:
    """Run a job, unless it has been cancelled."""
    work, future = job
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(work())
        except Exception as error:
            future.set_exception(error)


class JobThread:
    """A thread that runs jobs in order. Refuses jobs once it has ended."""

    def __init__(self, name: str, pool: Callable[[], AbstractContextManager[object]] = nullcontext) -> None:
        """Each job runs within a `pool`: on macOS one of objc's, for objects that its frameworks leave to release."""
        self._pool = pool
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._is_closed = False
        self._thread = threads.start(self._run, name)

    def submit(self, job: Callable[[], T]) -> concurrent.futures.Future[T]:
        """Any thread. Run a job soon. Its future fails with DesktopError if the thread has ended."""
        future: concurrent.futures.Future[T] = concurrent.futures.Future()
        with self._lock:
            if self._is_closed:
                future.set_exception(DesktopError("the thread has ended"))
            else:
                self._jobs.put((job, future))
        return future

    def close(self, limit_s: float = 2.0) -> None:
        """End the thread after its pending jobs, and wait for that. May be called twice."""
        with self._lock:
            self._is_closed = True
            self._jobs.put(None)
        self._thread.join(limit_s)

    def _run(self) -> None:
        while job := self._jobs.get():
            with self._pool():
                do(job)
