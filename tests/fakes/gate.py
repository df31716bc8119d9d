"""What stands between a client and a service on loopback: a gate that lets connections through, or does something else.

A gate takes TCP connections at a port of its own. What becomes of each says `plan`, in order; when that is used up,
connections are let through.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from threading import Thread
from typing import Any

from tests.fakes.loopback import Loopback

_READ_BYTES = 1 << 16


class Do(Enum):
    """What a gate does with a connection."""

    PASS = auto()
    RESET = auto()  # at once
    CLOSE_AT_HELLO = auto()  # after the client's first bytes of TLS, without an answer
    CLOSE_WHEN_SECURED = auto()  # when TLS is made: the request is on its way, and no byte of an answer comes
    SILENT = auto()  # it is taken, and nothing ever comes


class Gate(Loopback):
    """`async with Gate() as gate`, then `gate.to(port)`."""

    def __init__(self, *plan: Do, then: Do = Do.PASS) -> None:
        super().__init__()
        self.plan = deque(plan)
        self.then = then
        self.done: list[Do] = []
        self._target = 0

    def to(self, port: int) -> None:
        """Where connections are let through to, on loopback."""
        self._target = port

    @property
    def authority(self) -> str:
        return f"localhost:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        what = self.plan.popleft() if self.plan else self.then
        self.done.append(what)
        await self._do(what, reader, writer)

    async def _do(self, what: Do, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match what:
            case Do.RESET:
                reset(writer)
            case Do.CLOSE_AT_HELLO:
                await reader.read(_READ_BYTES)
            case Do.SILENT:
                while await reader.read(_READ_BYTES):
                    pass
            case _:
                there, out = await asyncio.open_connection("127.0.0.1", self._target)
                await splice((reader, writer), (there, out), is_cut=what is Do.CLOSE_WHEN_SECURED)


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with RST."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def splice(client: Pair, service: Pair, *, is_cut: bool = False) -> None:
    """Carry bytes both ways until both have ended. `is_cut`: only until the service has made TLS."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_request: bool) -> None:
        flights = 0
        while data := await reader.read(_READ_BYTES):
            flights += not is_request
            if is_cut and flights > 1:  # the first is the handshake's
                client[1].close()
                service[1].close()
                return
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    try:
        await asyncio.gather(
            carry(client[0], service[1], is_request=True), carry(service[0], client[1], is_request=False)
        )
    finally:
        service[1].close()


@contextmanager
def on_thread(*parts: Any) -> Iterator[None]:
    """Run parts, which are asynchronous contexts, on a thread of their own, for clients that block."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="stand-ins")
    thread.start()

    def do(coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, loop).result(30)

    entered: list[Any] = []
    try:
        for part in parts:
            do(part.__aenter__())
            entered.append(part)
        yield
    finally:
        for part in reversed(entered):
            do(part.__aexit__())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
