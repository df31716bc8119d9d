"""The running instance's end of the socket. Core thread only."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from reader import tasks
from reader.errors import HarkenError, InstanceError
from reader.ipc.base import Listener, SocketKind
from reader.ipc.choose import socket_kind
from reader.ipc.protocol import MAX_LINE_BYTES, MAX_REQUEST_BYTES, VERSION, BadMessageError, decode, encode
from reader.support.i18n import translate

log = logging.getLogger(__name__)

Message = dict[str, Any]

# A person has one or two; a program that opens more than this is misbehaving.
_MAX_CLIENTS = 64
# How long a client may take to send its request, and to read an answer.
_REQUEST_LIMIT_S = 10.0
_READ_LIMIT_S = 10.0
# For handlers that will exit anyway now that their client is gone; others may be waiting for a network.
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
        if len(line) > MAX_REQUEST_BYTES:
            raise BadMessageError("too long")
        return decode(line) if line.endswith(b"\n") else None

    async def send(self, message: Message) -> None:
        """Send a message; dropped if the client is gone, or does not read within the limit."""
        try:
            self._writer.write(encode(message))
            async with asyncio.timeout(_READ_LIMIT_S):
                await self._writer.drain()
        except ConnectionError:
            pass
        except TimeoutError:
            self._writer.transport.abort()


Handler = Callable[[Message, Connection], Awaitable[Message]]


class Server:
    """Listens until closed."""

    def __init__(self, address: str, handler: Handler | None = None, kind: SocketKind | None = None) -> None:
        """`handler` answers the first message of each client; without one, clients wait for `answer_with`."""
        self._address = address
        self._handler = handler
        self._has_handler = asyncio.Event()
        self._kind = kind or socket_kind()
        self._listener: Listener | None = None
        self._clients: dict[asyncio.Task[None], asyncio.StreamWriter] = {}  # the oldest first
        self._silent: dict[asyncio.Task[None], None] = {}  # those that have not sent a request yet, oldest first

    async def start(self) -> None:
        """Start listening. Raises InstanceError if another instance already does, or it can't be done."""
        self._listener = await self._kind.listen(self._address, self._accept, MAX_LINE_BYTES)

    def answer_with(self, handler: Handler) -> None:
        """Answer clients with this handler from now on."""
        self._handler = handler
        self._has_handler.set()

    async def close(self) -> None:
        """Stop listening and disconnect every client."""
        if self._listener:
            await self._listener.close()
        for writer in self._clients.values():
            writer.close()  # its handler then sees a disconnect
        if self._clients:
            _, busy = await asyncio.wait(self._clients, timeout=_CLOSE_LIMIT_S)
            for task in busy:
                task.cancel()
            await asyncio.gather(*busy, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._clients) >= _MAX_CLIENTS:
            if not self._silent:
                writer.write(
                    encode(
                        {
                            "ok": False,
                            "sentence": translate(
                                "reader", "Too many programs are connected to Harken. Try again in a moment."
                            ),
                        }
                    )
                )
                writer.close()
                return
            oldest = next(iter(self._silent))  # makes room for clients with something to say
            del self._silent[oldest]
            oldest.cancel()
        task = tasks.start(self._on_client(reader, writer), "client")
        self._clients[task] = writer
        self._silent[task] = None
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._clients.pop(task).close()  # not closed by itself if it was cancelled before it started
        self._silent.pop(task, None)

    async def _on_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(Connection(reader, writer))
        except Exception:
            log.exception("a client could not be answered")
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                try:
                    async with asyncio.timeout(_READ_LIMIT_S):
                        await writer.wait_closed()
                except TimeoutError:
                    writer.transport.abort()
                    await writer.wait_closed()

    async def _serve(self, connection: Connection) -> None:
        try:
            message = await self._request(connection)
            if message is None:
                return
            if message.get("v") != VERSION:
                raise InstanceError(
                    translate("reader", "The running Harken is a different version. Quit it and start it again.")
                )
            answer = await (await self._answerer())(message, connection)
        except HarkenError as error:
            answer = {"ok": False, "sentence": error.sentence}
        except BadMessageError as error:
            log.warning("a client sent something that is no message: %s", error)
            sentence = translate("reader", "Harken did not understand the message ({why}).")
            answer = {"ok": False, "sentence": sentence.format(why=error)}
        await connection.send(answer)

    async def _answerer(self) -> Handler:
        while self._handler is None:
            await self._has_handler.wait()
        return self._handler

    async def _request(self, connection: Connection) -> Message | None:
        try:
            async with asyncio.timeout(_REQUEST_LIMIT_S):
                message = await connection.receive()
        except TimeoutError as error:
            raise BadMessageError("nothing came") from error
        if task := asyncio.current_task():
            self._silent.pop(task, None)
        return message
