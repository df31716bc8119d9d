"""The smallest kind of socket there can be: a port of this computer, whose number is in a file. No secret is kept."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from reader.errors import InstanceError, NotRunningError
from reader.ipc import accepting

if TYPE_CHECKING:
    from reader.ipc.base import OnClient


class ToySocket:
    """See SocketKind."""

    def address(self) -> str:
        """See SocketKind."""
        return os.path.join(tempfile.gettempdir(), "harken-toy")

    def connect(self, address: str, limit_s: float) -> ToyClient:
        """See SocketKind."""
        try:
            return ToyClient(socket.create_connection(("127.0.0.1", int(Path(address).read_text())), limit_s))
        except (OSError, ValueError) as error:
            raise NotRunningError from error

    async def listen(self, address: str, on_client: OnClient, limit_bytes: int) -> ToyListener:
        """See SocketKind."""
        with contextlib.suppress(NotRunningError):
            (await asyncio.to_thread(self.connect, address, 5.0)).close()
            raise InstanceError("Harken is already running.")
        server = await asyncio.start_server(on_client, "127.0.0.1", 0, limit=limit_bytes)
        await asyncio.to_thread(Path(address).write_text, str(server.sockets[0].getsockname()[1]))
        return ToyListener(server, address)


class ToyClient:
    """See ClientSocket."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._file = connection.makefile("rb")

    def send(self, data: bytes) -> None:
        """See ClientSocket."""
        self._socket.sendall(data)

    def receive_line(self, limit_bytes: int, limit_s: float | None) -> bytes:
        """See ClientSocket."""
        self._socket.settimeout(limit_s)
        return self._file.readline(limit_bytes)

    def close(self) -> None:
        """See ClientSocket."""
        self._file.close()
        self._socket.close()


class ToyListener:
    """See Listener."""

    def __init__(self, server: asyncio.Server, address: str) -> None:
        self._server, self._address = server, address

    async def close(self) -> None:
        """See Listener."""
        if self._server.is_serving():
            await accepting.end(self._server)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._address)
