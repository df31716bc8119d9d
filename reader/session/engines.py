"""The available engines, made and started as they are needed.

Local engines are always there; where a key may be pressed at any time, all of them are started. Network engines are
made once the user has chosen one of their voices, and are never called otherwise: text goes only to services that the
user has chosen.

Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from reader import tasks
from reader.errors import HarkenError, SpendingLimitError, VoiceMissingError
from reader.flow import Voice
from reader.support.closing import close_all
from reader.support.i18n import translate
from reader.voices.base import Collecting, Engine, Sleeping

log = logging.getLogger(__name__)

# A reading does not wait longer than this for voices that it may never need.
_START_LIMIT_S = 8.0
# It waits longer for the chosen one: at the first start on Windows a virus scanner looks through all of its files.
_CHOSEN_LIMIT_S = 16.0

Make = Callable[[], Awaitable[Mapping[str, Engine]]]


class Remote:
    """The engines of one service, made when one of their voices is chosen."""

    def __init__(self, names: frozenset[str], make: Make) -> None:
        """`make` makes the engines called `names`, without starting them."""
        self.names = names
        self.make = make
        self.making: asyncio.Task[None] | None = None
        self.is_stale = False  # what they were made from has changed


class Engines:
    def __init__(
        self, local: Mapping[str, Engine], remotes: Sequence[Remote] = (), wakes: Collection[str] | None = None
    ) -> None:
        """`local` is in order of preference.

        `wakes` names those that must be ready for any text, None for all. The others sleep until one of their voices is
        chosen or they are sent a request.
        """
        self.all: dict[str, Engine] = dict(local)
        self.wakes = frozenset(local if wakes is None else wakes)
        self._remotes = remotes
        self._remote_names = frozenset(name for remote in remotes for name in remote.names)

    @property
    def is_stale(self) -> bool:
        """Whether the next `ready` makes some of them again."""
        return any(remote.is_stale for remote in self._remotes)

    @property
    def backing_off(self) -> frozenset[str]:
        """The names of the network engines that are not to be called for now."""
        return frozenset(name for name in self._remote_names & self.all.keys() if self.all[name].is_backing_off)

    async def ready(self, voice_id: str) -> tuple[list[Voice], HarkenError | None]:
        """Returns (the voices that may read if `voice_id` is chosen, why the chosen one's engine can't, or None)."""
        chosen = voice_id.partition("/")[0]
        for remote in self._remotes:
            if remote.is_stale:
                remote.making, remote.is_stale = self._make_again(remote), False
        unmade = await self._make_chosen(chosen)
        wanted = [engine for name, engine in self.all.items() if name not in self._remote_names or name == chosen]
        # With no voice chosen, the first engine gets the long limit. Remote ones never do: no virus scanner slows them.
        first = chosen if chosen in self.all else next(iter(self.all), "")
        scanned = {first} - self._remote_names
        limits_s = (_CHOSEN_LIMIT_S if engine.name in scanned else _START_LIMIT_S for engine in wanted)
        ways = (_look if self._may_sleep(engine, chosen) else _start for engine in wanted)
        problems = await asyncio.gather(*(way(one, s) for way, one, s in zip(ways, wanted, limits_s, strict=True)))
        started = list(zip(wanted, problems, strict=True))
        may_speak = (engine for engine, problem in started if not isinstance(problem, SpendingLimitError))
        voices = [voice for engine in may_speak for voice in engine.voices()]
        problem = next((problem for engine, problem in started if engine.name == chosen and problem), None)
        return voices, unmade or problem

    async def started(self, name: str = "") -> list[HarkenError]:
        """Wait for the engines made so far, or one of them, however long they take. Returns why some don't start."""
        wanted = [one for one in self.all.values() if name in ("", one.name) and not self._may_sleep(one, name)]
        results = await asyncio.gather(*(engine.start() for engine in wanted), return_exceptions=True)
        return [result for result in results if isinstance(result, HarkenError)]

    async def _make_chosen(self, name: str) -> HarkenError | None:
        """As `make_remote`, but returns why they can't be made, since another voice may then read."""
        try:
            await self.make_remote(name)
        except HarkenError as error:
            return error
        except Exception:
            log.warning("the voices of %s could not be made", name)  # the task has logged why
            return not_ready(name)
        return None

    def _may_sleep(self, engine: Engine, chosen: str) -> bool:
        return isinstance(engine, Sleeping) and engine.name != chosen and engine.name not in self.wakes

    def voices(self) -> list[Voice]:
        """All voices known now."""
        return [voice for engine in self.all.values() for voice in engine.voices()]

    def local_voices(self) -> list[Voice]:
        """The voices on this computer that are ready."""
        local = (engine for name, engine in self.all.items() if name not in self._remote_names)
        return [voice for engine in local for voice in engine.voices()]

    async def look_again(self) -> None:
        """Look for voices again, after the user has added or removed some."""
        for engine in list(self.all.values()):  # a service's engines may be made again meanwhile
            if isinstance(engine, Collecting):
                await engine.renew()

    def name_of(self, voice_id: str) -> str:
        """The name of a voice; its id if unknown."""
        return next((voice.name for voice in self.voices() if voice.id == voice_id), voice_id)

    async def close(self) -> None:
        """Close everything. An engine that can't be closed doesn't keep the others running."""
        making = [remote.making for remote in self._remotes if remote.making]
        await asyncio.gather(*making, return_exceptions=True)
        await close_all(*self.all.values())

    async def make_remote(self, name: str) -> None:
        """Add the engines of the service that has one by this name, without starting them.

        Raises whatever making them raises; the next call tries again.
        """
        for remote in self._remotes:
            if name in remote.names:
                if remote.making is None or _has_failed(remote.making):
                    remote.making = self._make_again(remote)
                await asyncio.shield(remote.making)

    def forget_remote(self, names: Collection[str]) -> None:
        """Have the next `ready` make these engines again, because what they were made from has changed.

        The current reading keeps what it has until it moves, which cancels its streams and calls `ready` again.
        """
        for remote in self._remotes:
            if not remote.names.isdisjoint(names):
                remote.is_stale = remote.making is not None

    def _make_again(self, remote: Remote) -> asyncio.Task[None]:
        before = remote.making

        async def take() -> None:
            if before:
                await asyncio.gather(before, return_exceptions=True)
            for name in remote.names & self.all.keys():
                await self.all.pop(name).close()
            self.all.update(await remote.make())

        return tasks.start(take(), "make remote voices")


def _has_failed(task: asyncio.Task[None]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def not_ready(name: str) -> VoiceMissingError:
    """The error for an engine or service that has not started in time."""
    sentence = translate("reader", "The voices of “{voice}” are not ready yet. Try again in a moment.")
    return VoiceMissingError(sentence.format(voice=name))


async def _look(engine: Engine, _limit_s: float) -> None:
    assert isinstance(engine, Sleeping)
    await engine.look()


async def _start(engine: Engine, limit_s: float) -> HarkenError | None:
    try:
        async with asyncio.timeout(limit_s):
            await engine.start()
    except HarkenError as error:
        log.warning("%s: %s", engine.name, error)
        return error
    except TimeoutError:
        log.warning("%s does not get ready", engine.name)
        return not_ready(engine.name)
    return None
