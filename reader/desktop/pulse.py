"""Has a child process lower other programs' sound: see pulse_worker.py.

It is started by the first reading that needs it and ended a while after the last one. Each message to it is answered
with the same tag once done: {"do": "lower", "factor": 0 to 1, "note": path}, {"do": "restore", "note": path}.

Core thread only.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from pathlib import Path
from typing import Any

from reader import tasks
from reader.workers.child import Child
from reader.workers.frames import Frame
from reader.workers.worker import Worker

log = logging.getLogger(__name__)

MIXER = Worker("mixer", "reader.desktop.pulse_worker")

# If the sound server hangs, the child is killed, and the next one restores what it noted.
_ANSWER_LIMIT_S = 5.0
_CLOSE_LIMIT_S = 1.5
# A reading that follows within a minute need not wait for a process to start.
_IDLE_S = 60.0


class PulseVolume:
    """Implements OthersVolume."""

    is_supported = True

    def __init__(self, note: Path, *, idle_s: float = _IDLE_S) -> None:
        """`note` is where the child records what it lowered. `idle_s` is shortened by tests only."""
        self._note = note
        self._idle_s = idle_s
        self._factor: float | None = None  # the factor wanted, None for the original volume
        self._child: Child | None = None
        self._starting: asyncio.Task[None] | None = None
        self._tags = itertools.count(1)
        self._unanswered = 0  # the tag of the last message, 0 once it is answered
        self._limit: asyncio.TimerHandle | None = None
        self._answered = asyncio.Event()
        self._answered.set()
        self._closing: set[asyncio.Task[None]] = set()

    def lower(self, percent: float) -> None:
        self._want(percent / 100)

    def restore(self) -> None:
        """Also restores what an earlier Harken left lowered."""
        if self._factor is not None or (self._child is None and os.path.exists(self._note)):
            self._want(None)

    async def close(self) -> None:
        self.restore()
        try:
            async with asyncio.timeout(_CLOSE_LIMIT_S):
                await self._answered.wait()
        except TimeoutError:
            log.warning("other programs' sound could not be restored in time")
        if self._starting:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        self._stop_timer()
        await self._end_child()
        await asyncio.gather(*self._closing, return_exceptions=True)

    def _want(self, factor: float | None) -> None:
        if self._factor == factor and self._child:
            return
        self._factor = factor
        if self._child:
            self._send()
        elif self._starting is None or self._starting.done():
            self._answered.clear()
            self._starting = tasks.start(self._start(), "start the mixer")

    async def _start(self) -> None:
        try:
            self._child = await Child.start(MIXER, self._on_frame, self._on_end)
        except OSError as error:
            log.warning("other programs stay as loud as they are: %s", error.strerror)
            self._answered.set()
            return
        self._send()

    def _send(self) -> None:
        """Send what is wanted now."""
        assert self._child is not None
        message: dict[str, Any] = {"do": "restore", "note": str(self._note)}
        if self._factor is not None:
            message |= {"do": "lower", "factor": self._factor}
        self._unanswered = next(self._tags)
        self._answered.clear()
        self._child.send(self._unanswered, message)
        self._set_timer(_ANSWER_LIMIT_S, self._child.kill)

    def _on_frame(self, frame: Frame) -> None:
        if frame.tag != self._unanswered:
            return  # something else is wanted by now
        self._unanswered = 0
        self._answered.set()
        self._stop_timer()
        if self._factor is None:
            self._set_timer(self._idle_s, self._end_idle_child)

    def _on_end(self) -> None:
        """The child has crashed or hung. The next reading starts another one."""
        log.warning("the mixer has ended")
        self._child = None
        self._factor = None
        self._stop_timer()
        self._answered.set()

    def _end_idle_child(self) -> None:
        task = tasks.start(self._end_child(), "end the mixer")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _end_child(self) -> None:
        child, self._child = self._child, None
        if child:
            await child.close()

    def _set_timer(self, after_s: float, action: Any) -> None:
        self._stop_timer()
        self._limit = asyncio.get_running_loop().call_later(after_s, action)

    def _stop_timer(self) -> None:
        if self._limit:
            self._limit.cancel()
            self._limit = None
