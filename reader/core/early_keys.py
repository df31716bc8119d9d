"""Takes the keys before the rest of Harken, which takes longer to load, and keeps what is pressed until then.

`hand_over` passes that on, in order, and from then on everything as it comes. The socket comes before the keys: if two
Harkens are started at once, the second must not take the first one's keys, nor release them as it ends.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable

from reader import tasks
from reader.core.bindings import Bindings
from reader.core.loop import CoreLoop
from reader.flow import Command, Event
from reader.ipc.server import Server
from reader.settings.store import Settings

log = logging.getLogger(__name__)


class EarlyKeys:
    """Begins at once, on the thread of `core`. The core is made with the same `settings`."""

    def __init__(self, core: CoreLoop, settings: Settings, address: str) -> None:
        """`address` is where commands are received. Returns at once. Any thread."""
        self.core, self.settings = core, settings
        self.server = Server(address)  # its clients wait until it knows what answers them
        self._listening: asyncio.Task[None]
        self._is_over = threading.Event()  # the keys are taken, or can't be
        self._lock = threading.Lock()
        self._on_command: Callable[[Command], None] | None = None
        self._commands: list[Command] = []
        self._tell: Callable[[Event], None] | None = None
        self._events: list[Event] = []
        self._taking: asyncio.Task[None]
        self._bindings: Bindings
        core.post(self._begin)

    def wait(self, limit_s: float) -> None:
        """Leave the interpreter to the core until it has taken the keys, or can't. Not on the core's thread."""
        self._is_over.wait(limit_s)

    async def listening(self) -> None:
        """Wait until the server listens. Core thread. Raises InstanceError when another Harken is running."""
        await self._listening

    async def hand_over(self, on_command: Callable[[Command], None], tell: Callable[[Event], None]) -> Bindings:
        """The keys, once they are taken; see Bindings for `on_command` and `tell`. Core thread.

        What was pressed before is passed on first. Raises whatever taking them raised.
        """
        self._tell = tell
        for event in self._events:
            tell(event)
        with self._lock:
            self._on_command = on_command
            for command in self._commands:
                on_command(command)
        await self._taking
        return self._bindings

    def _begin(self) -> None:
        self._bindings = Bindings(self.settings, self._pass_command, self._pass_event)
        self._listening = tasks.start(self.server.start(), "receive commands")
        self._taking = tasks.start(self._take(), "take the keys early")

    async def _take(self) -> None:
        try:
            await self._listening
            await self._bindings.open()
            await self._bindings.take()
            log.info("keys are taken")
        finally:
            self._is_over.set()

    def _pass_command(self, command: Command) -> None:
        """Any thread."""
        with self._lock:
            if self._on_command:
                self._on_command(command)
            else:
                self._commands.append(command)

    def _pass_event(self, event: Event) -> None:
        if self._tell:
            self._tell(event)
        else:
            self._events.append(event)
