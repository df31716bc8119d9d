"""The running instance's end of the socket. Core thread only."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from reader import tasks
from reader.errors import HarkenError, InstanceError
from reader.ipc.protocol import MAX_LINE_BYTES, VERSION, BadMessageError, decode, encode
from reader.words import translate

log = logging.getLogger(__name__)

Message = dict[str, Any]

# For handlers that are about to end by themselves when their client is gone; others may wait for a network.
_CLOSE_LIMIT_S = 1.0


class Connection:
    """One client, as a handler sees it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def receive(self) -> Message | None:
        """The next message; None when the client is gone. Raises BadMessageError."""
        try:
            line = await self._reader.readline()
        except ValueError as error:
            raise BadMessageError("too long") from error
        except ConnectionError:
            return None
        return decode(line) if line.endswith(b"\n") else None

    async def send(self, message: Message) -> None:
        """Send a message; one that the client does not wait for is lost."""
        with contextlib.suppress(ConnectionError):
            self._writer.write(encode(message))
            await self._writer.drain()


Handler = Callable[[Message, Connection], Awaitable[Message]]


class Server:
    """Listens until closed. `handler` answers the first message of each client."""

    def __init__(self, address: str, handler: Handler) -> None:
        self._address = address
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._clients: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def start(self) -> None:
        """Begin to listen. Raises InstanceError when another instance already does."""
        if sys.platform == "win32":
            log.warning("commands to a running Harken are not there yet on Windows")
            return
        if await _is_answered(self._address):
            raise InstanceError(translate("reader", "Harken is already running."))
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._address)  # left behind by one that was killed
        mask = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._accept, self._address, limit=MAX_LINE_BYTES)
        except OSError as error:
            raise InstanceError(
                translate("reader", "Commands can't be received at {address}: {reason}.").format(
                    address=self._address, reason=error.strerror
                )
            ) from error
        finally:
            os.umask(mask)

    async def close(self) -> None:
        """Stop listening and let go of every client."""
        if self._server:
            self._server.close()
            with contextlib.suppress(OSError):
                os.unlink(self._address)
            await asyncio.sleep(0)  # one that was accepted already is made known now
        for writer in self._clients.values():
            writer.close()  # its handler then sees that the client is gone
        if self._clients:
            _, busy = await asyncio.wait(self._clients, timeout=_CLOSE_LIMIT_S)
            for task in busy:
                task.cancel()
            await asyncio.gather(*busy, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = tasks.start(self._on_client(reader, writer), "client")
        self._clients[task] = writer
        task.add_done_callback(self._clients.pop)

    async def _on_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(Connection(reader, writer))
        except Exception:
            log.exception("a client could not be answered")
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _serve(self, connection: Connection) -> None:
        try:
            message = await connection.receive()
            if message is None:
                return
            if message.get("v") != VERSION:
                raise InstanceError(
                    translate("reader", "The running Harken is of another version. Quit it and start it again.")
                )
            answer = await self._handler(message, connection)
        except HarkenError as error:
            answer = {"ok": False, "sentence": error.sentence}
        except BadMessageError as error:
            log.warning("a client sent something that is no message: %s", error)
            answer = {"ok": False, "sentence": translate("reader", "That was no message Harken understands.")}
        await connection.send(answer)


async def _is_answered(address: str) -> bool:
    """Whether somebody listens there."""
    if sys.platform == "win32":
        return False
    try:
        _, writer = await asyncio.open_unix_connection(address)
    except OSError:
        return False
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return True
