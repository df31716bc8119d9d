"""The core thread: its own asyncio loop, and the two ways into it from other threads."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from reader import threads
from reader.support import child_process

log = logging.getLogger(__name__)
T = TypeVar("T")


class CoreLoop:
    """Runs the core. `post` and `submit` may be called from any thread and never wait."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(_log_unhandled)
        self._thread = threads.start(self._run, "core")

    def post(self, function: Callable[..., object], *args: object) -> None:
        """Call a function on the core thread. Does nothing once the loop has stopped."""
        try:
            self._loop.call_soon_threadsafe(function, *args)
        except RuntimeError:
            log.debug("posted to a loop that has stopped")

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Run a coroutine on the core thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def stop(self, limit_s: float = 5.0) -> None:
        """End the loop and wait for its thread, up to the limit. Call it once everything is closed."""
        self.post(self._loop.stop)
        self._thread.join(limit_s)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        threads.take_short_turns()
        self._loop.run_forever()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.run_until_complete(child_process.end_all())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


def _log_unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what was unforeseen, without the text that was being read; the user gets no traceback."""
    log.error("unhandled in the core: %s", context.get("message"), exc_info=context.get("exception"))
