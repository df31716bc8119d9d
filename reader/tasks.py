"""Starts tasks, so that none fails unnoticed: nothing else in Harken does (tests/architecture checks that).

asyncio reports a task's failure only when the task is discarded, but its owner still holds it, so a task that is never
awaited dies silently. Here each failure is logged when it happens, and tasks that must run as long as Harken does are
restarted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from reader.errors import HarkenError

log = logging.getLogger(__name__)
T = TypeVar("T")

# How long a task that is kept running rests after a failure; doubled each time, and reset after a good while.
_REST_S = 0.1
_LONGEST_REST_S = 30.0
_GOOD_WHILE_S = 60.0

# asyncio itself keeps no strong reference to tasks.
_running: set[asyncio.Task[Any]] = set()


def start(work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
    """Start a task. Its exceptions go to the code that awaits it; unforeseen ones are also logged."""
    task = asyncio.get_running_loop().create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_note_end)
    return task


def keep(work: Callable[[], Coroutine[Any, Any, None]], name: str, rest_s: float = _REST_S) -> asyncio.Task[None]:
    """Start a task that is restarted whenever it ends, until it is cancelled, with growing rests in between.

    `work` itself logs why it ends, if that is foreseen; `rest_s` is shortened by tests.
    """
    return start(_again_and_again(work, name, rest_s), name)


def _note_end(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if task.cancelled() or (error := task.exception()) is None:
        return
    if isinstance(error, HarkenError):
        log.debug("the task “%s” ended: %s", task.get_name(), type(error).__name__)
    else:
        log.error("the task “%s” failed", task.get_name(), exc_info=error)


async def _again_and_again(work: Callable[[], Coroutine[Any, Any, None]], name: str, first_s: float) -> None:
    loop = asyncio.get_running_loop()
    rest_s = first_s
    while True:
        begun_s = loop.time()
        try:
            await work()
        except Exception as error:
            log.warning("the task “%s” failed and is begun again", name, exc_info=error)
        if loop.time() - begun_s > _GOOD_WHILE_S:
            rest_s = first_s
        await asyncio.sleep(rest_s)
        rest_s = min(2 * rest_s, _LONGEST_REST_S)
