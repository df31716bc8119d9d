"""Decides when a service that failed is asked again: after a backoff, in which a task probes whether it is reachable.

Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

from reader import tasks
from reader.errors import AccessRefusedError, RemoteVoiceError
from reader.voices.remote.backoff import Availability

log = logging.getLogger(__name__)

# How long to keep probing before leaving it to the next request.
_LOOK_FOR_S = 15 * 60.0


class Health:
    """What the failures of one service mean for the next request."""

    def __init__(
        self, name: str, probe: Callable[[], Awaitable[None]], learn: Callable[[RemoteVoiceError], None]
    ) -> None:
        """`probe` tries to reach the service, and raises RemoteVoiceError. `learn` gets each failure of that."""
        self._name = name
        self._probe = probe
        self._learn = learn
        self._availability = Availability(random.random)
        self._recovering: asyncio.Task[None] | None = None
        self._available = asyncio.Event()
        self._available.set()

    @property
    def is_backing_off(self) -> bool:
        """Whether the service should not be asked now."""
        return not self._available.is_set()

    async def wait_until_available(self) -> None:
        """Wait until it may be asked again."""
        await self._available.wait()

    def note_success(self) -> None:
        """The service speaks."""
        self._availability.note_success()

    def note_failure(self, error: RemoteVoiceError) -> None:
        """Begin a backoff, if the failure calls for one."""
        if self.is_backing_off:
            return  # this request was under way when the backoff began
        now_s = asyncio.get_running_loop().time()
        self._availability.note_failure(error, now_s)
        if self._availability.is_backing_off(now_s):
            self._available.clear()
            needs_person = isinstance(error, AccessRefusedError)
            self._recovering = tasks.start(self._recover(needs_person=needs_person), f"wait for {self._name}")

    async def _recover(self, *, needs_person: bool) -> None:
        """Back off until the service may be asked again."""
        try:
            await self._look(needs_person=needs_person)
        except Exception:  # whatever it is, or the service would never be asked again
            log.exception("looking for a way to %s failed", self._name)
        log.info("%s may be asked again", self._name)
        self._available.set()

    async def _look(self, *, needs_person: bool) -> None:
        """Probe the service at growing intervals, for as long as a reading may wait for it.

        What takes a person to fix is not probed: the next reading asks again.
        """
        loop = asyncio.get_running_loop()
        until_s = loop.time() + _LOOK_FOR_S
        while (backoff_s := self._availability.backoff_s(loop.time())) > 0 and loop.time() < until_s:
            await asyncio.sleep(backoff_s)
            if needs_person:
                break
            try:
                await self._probe()
            except RemoteVoiceError as error:
                self._learn(error)
                self._availability.note_failure(error, loop.time())

    async def close(self) -> None:
        """Stop probing."""
        if self._recovering:
            self._recovering.cancel()
            await asyncio.gather(self._recovering, return_exceptions=True)
