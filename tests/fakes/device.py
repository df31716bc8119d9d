"""A device that a test listens to by hand: it obeys the contract of every device."""

from __future__ import annotations

import asyncio

from reader.audio.base import Drained, Listener, Lost, Progress
from reader.errors import SoundError
from reader.flow import FRAME_BYTES
from tests.own_time import settle


class HandDevice:
    """See OutputDevice. `hear` lets time pass, `lose` takes it away, `heard` is all that was heard."""

    name = "by hand"
    is_live = True

    def __init__(self, rate_hz: int = 8000, lead_s: float = 0.5) -> None:
        self.rate_hz = rate_hz
        self.missing = ""
        self.lead_s = lead_s
        self.heard = b""
        self.runs = 0
        self.refuses = False
        self.refuses_after_s = 0.0  # as one of a sound server that hangs
        self.is_open = False
        self._listener: Listener = lambda event: None
        self._run = b""
        self._at = 0
        self._is_playing = self._is_ended = False

    def listen(self, listener: Listener) -> None:
        self._listener = listener

    async def open(self) -> None:
        if self.refuses:
            await asyncio.sleep(self.refuses_after_s)
            raise SoundError("There is no sound output.")
        self.is_open = True

    def keep_awake(self, awake_s: float) -> None:
        pass

    def play(self) -> None:
        assert self.is_open
        assert not self._is_playing, "a run was begun over another"
        self._run, self._at = b"", 0
        self._is_playing, self._is_ended = True, False
        self.runs += 1

    def write(self, pcm: bytes) -> None:
        assert self._is_playing, "written without a run"
        assert not self._is_ended, "written behind the end"
        self._run += pcm

    def end(self) -> None:
        assert self._is_playing
        self._is_ended = True

    def cut(self) -> asyncio.Future[int]:
        heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        heard.set_result(self._at // FRAME_BYTES)
        self._is_playing = False
        return heard

    async def close(self) -> None:
        self.is_open = self._is_playing = False

    # ---- for tests ----

    @property
    def waiting_s(self) -> float:
        """How much was written and not heard."""
        return (len(self._run) - self._at) / FRAME_BYTES / self.rate_hz if self._is_playing else 0.0

    async def hear(self, seconds: float) -> None:
        """Let this much be heard, in steps as a real device reports them."""
        left = round(seconds * self.rate_hz) * FRAME_BYTES
        while left > 0 and self._is_playing:
            step = min(left, round(0.02 * self.rate_hz) * FRAME_BYTES, len(self._run) - self._at)
            if not step:
                break
            self.heard += self._run[self._at : self._at + step]
            self._at += step
            left -= step
            self._listener(Progress(self._at // FRAME_BYTES, self._at // FRAME_BYTES))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        if self._is_playing and self._is_ended and self._at == len(self._run):
            self._is_playing = False
            self._listener(Drained())
            await asyncio.sleep(0)

    async def hear_all(self, limit: int = 2000) -> None:
        """Listen until there is nothing more."""
        for _ in range(limit):
            before = len(self.heard)
            await self.hear(0.2)
            await settle()
            if len(self.heard) == before and not self._is_playing:
                return

    def lose(self) -> None:
        """The device vanishes."""
        self.is_open = self._is_playing = False
        self._listener(Lost("taken away"))
