"""A Unix socket of mode 600, in a folder that only this user may enter."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import stat
import sys
import time
from typing import TYPE_CHECKING, BinaryIO

from reader.errors import InstanceError, NotRunningError
from reader.support.i18n import translate

if TYPE_CHECKING:
    import asyncio

    from reader.ipc.base import OnClient

_RETRY_S = 0.02

assert sys.platform != "win32"  # which has no such sockets


class UnixSocket:
    """Implements SocketKind."""

    def address(self) -> str:
        """Unsafe if the folder belongs to another user, or is not a folder."""
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        # The standard says to ignore a path that is not absolute.
        folder = (runtime.rstrip("/") or "/") if runtime.startswith("/") else _folder_without_one()
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            # In a folder that everybody may write to, this may be someone else's link, which is not followed.
            found = os.stat(folder) if runtime.startswith("/") else os.lstat(folder)
        except OSError as error:
            from reader.support.files import reason

            sentence = translate(
                "reader", "{folder} can't be used ({reason}). Set XDG_RUNTIME_DIR to a folder of your own."
            )
            raise InstanceError(sentence.format(folder=folder, reason=reason(error))) from error
        is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
        if not is_own or stat.S_IMODE(found.st_mode) & 0o077:
            sentence = translate(
                "reader", "Other users can open {folder}. Restrict it to yourself (mode 700), then start Harken again."
            )
            raise InstanceError(sentence.format(folder=folder))
        return os.path.join(folder, "harken.sock")

    def connect(self, address: str, limit_s: float) -> UnixClient:
        until_s = time.monotonic() + limit_s
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(limit_s)
            try:
                connection.connect(address)
            except BlockingIOError as error:  # it is running, but others are ahead of us
                connection.close()
                if time.monotonic() > until_s:
                    raise TimeoutError from error
                time.sleep(_RETRY_S)
            except OSError as error:
                connection.close()
                raise NotRunningError from error
            else:
                return UnixClient(connection)

    async def listen(self, address: str, on_client: OnClient, limit_bytes: int) -> UnixListener:
        import asyncio

        if await _is_answered(address):
            raise InstanceError(translate("reader", "Harken is already running."))
        try:
            _remove(address)  # left behind by a killed instance
            server = await asyncio.start_unix_server(on_client, address, limit=limit_bytes)
            # Up to here its folder keeps others out (`address`). A umask would apply to all threads meanwhile, and
            # nobody could enter the folders they create, not even the user.
            os.chmod(address, 0o600)
        except OSError as error:
            from reader.support.files import reason

            sentence = translate("reader", "Commands can't be received at {address}: {reason}.")
            raise InstanceError(sentence.format(address=address, reason=reason(error))) from error
        return UnixListener(server, address)


class UnixClient:
    """Implements ClientSocket."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._file: BinaryIO = connection.makefile("rb")

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def receive_line(self, limit_bytes: int, limit_s: float | None) -> bytes:
        self._socket.settimeout(limit_s)
        return self._file.readline(limit_bytes)

    def close(self) -> None:
        self._file.close()
        self._socket.close()


class UnixListener:
    """Implements Listener."""

    def __init__(self, server: asyncio.Server, address: str) -> None:
        self._server: asyncio.Server | None = server
        self._address = address

    async def close(self) -> None:
        from reader.ipc import accepting

        if self._server:
            server, self._server = self._server, None
            await accepting.end(server)
            with contextlib.suppress(OSError):
                os.unlink(self._address)


def _folder_without_one() -> str:
    """Where the socket is if the session has no runtime folder."""
    import tempfile  # takes longer than a command

    return os.path.join(tempfile.gettempdir(), f"harken-{os.getuid()}")


def _remove(address: str) -> None:
    """Make room for a socket. Raises OSError if something other than a socket is there."""
    try:
        found = os.lstat(address)
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    os.unlink(address)


async def _is_answered(address: str) -> bool:
    """Whether a process listens there."""
    import asyncio

    try:
        _, writer = await asyncio.open_unix_connection(address)
    except OSError:
        return False
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return True
