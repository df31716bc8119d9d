"""A connection to sway's socket, with a timeout on every wait. Core thread only."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections import deque
from collections.abc import Callable
from typing import Any, Self

from reader import tasks
from reader.errors import DesktopError, NoAnswerError
from reader.hotkeys import sway_ipc
from reader.support import unix

log = logging.getLogger(__name__)

_LIMIT_S = 3.0
_READ_BYTES = 65_536
_SILENT = "sway does not answer"
_EVENT = 0x80000000  # set in the kind of messages that are not replies

OnEvent = Callable[[int, Any], None]


class SwaySocket:
    """Use `open`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, on_event: OnEvent) -> None:
        self._reader, self._writer = reader, writer
        self._on_event = on_event
        self._asked: deque[asyncio.Future[Any]] = deque()  # sway answers in the order of requests
        self._receiving = tasks.start(self._receive(), "sway")

    @classmethod
    async def open(cls, path: str, on_event: OnEvent) -> Self:
        """Connect; `on_event` gets each event's kind and content. Raises DesktopError."""
        try:
            async with asyncio.timeout(_LIMIT_S):
                reader, writer = await _connect(path)
        except (OSError, TimeoutError, ValueError) as error:
            raise DesktopError(f"no sway answers at SWAYSOCK: {unix.why_not(error)}") from error
        return cls(reader, writer, on_event)

    async def ask(self, kind: int, text: str = "") -> Any:
        """Return sway's answer: untrusted, of any type. Raises DesktopError, or NoAnswerError after the timeout."""
        if self._receiving.done():
            raise DesktopError("sway: the connection has ended")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        try:
            async with asyncio.timeout(_LIMIT_S):
                self._writer.write(sway_ipc.message(kind, text))
                await self._writer.drain()
                return await answer
        except TimeoutError as error:
            raise NoAnswerError(_SILENT) from error
        except OSError as error:
            raise DesktopError(f"sway: {type(error).__name__}") from error

    async def wait_until_gone(self) -> None:
        """Wait until sway closes the connection."""
        await asyncio.wait([self._receiving])

    async def close(self) -> None:
        """Close the connection."""
        self._receiving.cancel()
        await asyncio.wait([self._receiving])
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def _receive(self) -> None:
        decoder = sway_ipc.Decoder()
        try:
            while data := await self._reader.read(_READ_BYTES):
                for reply in decoder.feed(data):
                    self._take(reply)
        except (OSError, DesktopError) as error:
            log.warning("sway: %s", error if isinstance(error, DesktopError) else type(error).__name__)
        finally:
            for answer in self._asked:
                if not answer.done():
                    answer.set_exception(DesktopError("sway: the connection has ended"))

    def _take(self, reply: sway_ipc.Reply) -> None:
        if reply.kind & _EVENT:
            self._on_event(reply.kind, reply.body)
        elif self._asked and not (answer := self._asked.popleft()).done():
            answer.set_result(reply.body)


async def _connect(path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the socket in SWAYSOCK; if that sway has gone, to the socket of the one started in its place."""
    try:
        return await unix.connect(path)
    except (FileNotFoundError, ConnectionRefusedError):
        for other in unix.own_files(os.path.dirname(path), "sway-ipc.*.sock"):
            with contextlib.suppress(OSError):
                return await unix.connect(other)
        raise
