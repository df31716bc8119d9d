"""Time that a slow machine stretches, and an end to guessing how often others need a turn.

A test marked `own_time` runs on a loop whose time stands still while the loop computes, and goes on to the next timer
when everything waits. So a second is a second however slow the machine is, and takes none. While a thread of asyncio's
or a child computes, time passes as it does elsewhere. What one socket of the loop sends over loopback has arrived for
another when `send` returns; such a test may not wait for a thread of its own, other than for the lookup of a name.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import stat
import threading
import time
from collections.abc import Callable
from typing import Any

LIMIT_S = 300.0  # of the machine's time, which may be twenty times as slow: then a test hangs
_LOOK_AGAIN_S = 0.05  # whether others still compute: a thread that ends wakes nobody


class OwnTimeLoop(asyncio.SelectorEventLoop):
    """A loop with a time of its own. Raises TimeoutError out of a test that waits for what never comes."""

    def __init__(self) -> None:
        self._now_s = time.monotonic()
        self._jobs = 0  # in threads
        self._of_others = _ends_waited_for()  # of children that another test has left, which is what failed then
        self._waiting = _Waiting(self)
        super().__init__(self._waiting)

    def time(self) -> float:
        return self._now_s

    def run_in_executor(  # type: ignore[override]  # the types want TypeVarTuples
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = super().run_in_executor(executor, func, *args)
        self._jobs += 1
        future.add_done_callback(self._note_end)
        return future

    def _note_end(self, _: object) -> None:
        self._jobs -= 1

    def turn(self) -> None:
        """A turn takes a microsecond: who looks whether it is time would else never see it, for rounding."""
        self._now_s += 1e-6

    def skip(self, seconds: float) -> None:
        """Let it be later."""
        self._now_s += seconds

    def has_others(self) -> bool:
        """Whether a thread or a child computes: its pipes are watched by the loop, its end by a thread of asyncio's."""
        if self._jobs or _looks_up() or _ends_waited_for() - self._of_others:
            return True
        return any(not stat.S_ISSOCK(os.fstat(key.fd).st_mode) for key in self._waiting.get_map().values())


def _ends_waited_for() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if "waitpid-" in thread.name}


def _looks_up() -> bool:
    return any(thread.name == "look up a name" for thread in threading.enumerate())


class _Waiting(selectors.DefaultSelector):
    def __init__(self, loop: OwnTimeLoop) -> None:
        super().__init__()
        self._loop = loop
        self._ends_s: float | None = time.monotonic() + LIMIT_S

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._loop.turn()
        is_waiting = timeout != 0
        has_others = is_waiting and self._loop.has_others()  # before what they send is looked for
        events = super().select(0)
        if is_waiting and not events:
            if timeout is None or has_others:
                rest_s = max(self._ends_s - time.monotonic(), 0.0) if self._ends_s else None
                begun_s = time.monotonic()
                again_s = _LOOK_AGAIN_S if has_others else None
                events = super().select(min((s for s in (timeout, rest_s, again_s) if s is not None), default=None))
                self._loop.skip(time.monotonic() - begun_s)
            else:
                self._loop.skip(timeout)
        if self._ends_s and time.monotonic() > self._ends_s:
            self._ends_s = None  # what tidies up behind the test has its time, too
            raise TimeoutError("the test waits for what never comes")
        return events


async def settle() -> None:
    """Wait until every task of the loop waits for something: a timer, a socket, the test."""
    ready = vars(asyncio.get_running_loop())["_ready"]
    await asyncio.sleep(0)
    while ready:  # noqa: ASYNC110 - it is the turns that are waited for
        await asyncio.sleep(0)
