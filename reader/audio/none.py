"""A silent device: it takes as long as a real one and makes no sound. For tests and for machines without sound."""

from __future__ import annotations

import asyncio

from reader import tasks
from reader.audio.base import Drained, Listener, Progress
from reader.flow import FRAME_BYTES

_TICK_S = 0.02


class NoDevice:
    """Plays at the pace of the clock, or `pace` times as fast."""

    lead_s = 0.3
    is_live = True
    name = "no sound"

    def __init__(self, pace: float = 1.0, rate_hz: int = 48000) -> None:
        self.rate_hz = rate_hz
        self.missing = ""
        self._pace = pace
        self._listener: Listener = lambda event: None
        self._written = self._heard = 0
        self._is_ended = False
        self._ticking: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        return True

    def listen(self, listener: Listener) -> None:
        self._listener = listener

    async def open(self) -> None:
        pass

    def keep_awake(self, awake_s: float) -> None:
        pass

    def play(self) -> None:
        self._stop()
        self._written = self._heard = 0
        self._is_ended = False
        self._ticking = tasks.start(self._tick(), "no sound")

    def write(self, pcm: bytes) -> None:
        self._written += len(pcm) // FRAME_BYTES

    def end(self) -> None:
        self._is_ended = True

    def cut(self) -> asyncio.Future[int]:
        heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._stop()
        heard.set_result(self._heard)
        return heard

    async def close(self) -> None:
        self._stop()

    def _stop(self) -> None:
        if self._ticking:
            self._ticking.cancel()
            self._ticking = None

    async def _tick(self) -> None:
        step = round(_TICK_S * self._pace * self.rate_hz)
        while not (self._is_ended and self._heard == self._written):
            await asyncio.sleep(_TICK_S)
            self._heard = min(self._heard + step, self._written)
            self._listener(Progress(self._heard, self._heard))
        self._listener(Drained())
