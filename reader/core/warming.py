"""Gets voices, sound and the rest ready before they are needed: at the start, and again when a setting asks for it.

Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping

from reader import tasks
from reader.errors import HarkenError, SoundError
from reader.flow import Event, Notice, State
from reader.session.engines import Engines
from reader.voices.service import Service

log = logging.getLogger(__name__)


class Warming:
    """`sound_problem`: why there was no sound at the start, "" if there was."""

    def __init__(
        self,
        engines: Engines,
        services: Mapping[str, Service],
        chosen_voice: Callable[[], str],
        is_idle: Callable[[], bool],
        publish: Callable[[Event], None],
        *,
        is_served: bool,
    ) -> None:
        """`chosen_voice` returns the id in the settings; `is_idle`: nothing is being read. `publish` gets Notices.

        `is_served`: this is the running Harken; a single reading says itself why its voice can't read.
        """
        self.sound_problem = ""
        self._engines = engines
        self._services = services
        self._chosen_voice = chosen_voice
        self._is_idle = is_idle
        self._publish = publish
        self._is_served = is_served
        self._running: set[asyncio.Task[None]] = set()
        self._told: set[str] = set()  # problems of services

    def warm_up(self, work: Awaitable[object], name: str) -> None:
        """Do this, too, before everything is ready."""
        task = tasks.start(self._warm(work, name), f"warm {name}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def warm_voices(self) -> None:
        """Get the voices that may read ready: at the start, and when another one is chosen."""
        self.warm_up(self._warm_voices(), "voices")

    def renew_service(self, engines: Collection[str]) -> None:
        """The account, region or format changed. Applies to the next reading: the current one has its streams open."""
        self._engines.forget_remote(engines)
        self.warm_voices()

    def follow(self, state: State) -> None:
        """Do what could not be done during a reading."""
        if state is State.IDLE and self._engines.is_stale:
            self.warm_voices()

    async def wait(self) -> None:
        """Wait until everything that was begun is ready, or is known not to be."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def close(self) -> None:
        """Stop getting things ready."""
        for task in self._running:
            task.cancel()
        await self.wait()

    async def _warm(self, work: Awaitable[object], name: str) -> None:
        try:
            await work
            log.info("%s: warm", name)
        except SoundError as error:
            self.sound_problem = error.sentence
            self._publish(Notice(0, error.sentence, is_aloud=True, cause="sound"))
        except HarkenError as error:
            log.error("%s: %s", name, error)

    async def _warm_voices(self) -> None:
        """Get the voices ready that the user may need: of those on a network, only the chosen one."""
        if self._engines.is_stale and not self._is_idle():
            return  # they would be made again, and a reading may have a stream open
        _, problem = await self._engines.ready(self._chosen_voice())
        if problem and self._is_served:  # else a single reading is about to say so itself
            self._publish(Notice(0, problem.sentence, is_aloud=True))
        problem_of = {service.problem for service in self._services.values() if service.problem}
        for sentence in problem_of - self._told if self._is_served else ():  # once is enough
            self._publish(Notice(0, sentence))
        self._told |= problem_of
