"""One connection to the desktop's session bus (D-Bus), for one purpose, with a limit to every wait.

What a program has asked for on a connection is undone by the bus or the service when it closes, so each purpose has its
own and closes it in the end. Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from jeepney import DBusAddress, MatchRule, Message, MessageType, new_method_call
from jeepney.io.asyncio import DBusConnection, DBusRouter, open_dbus_connection
from jeepney.io.common import RouterClosed
from jeepney.wrappers import DBusErrorResponse

from reader.errors import DesktopError

# Longer than it takes the bus to start a service that is not running yet.
_LIMIT_S = 3.0
# Calls that others have made and nobody has answered yet.
_WAITING_CALLS = 64
_FOREIGN = (OSError, EOFError, KeyError, RuntimeError, ValueError, TimeoutError, DBusErrorResponse, RouterClosed)


class SessionBus:
    """See the module. Use `connect`."""

    def __init__(self, connection: DBusConnection, router: DBusRouter) -> None:
        self._connection = connection
        self._router = router

    async def call(
        self, name: str, path: str, interface: str, method: str, signature: str = "", *values: object
    ) -> tuple[Any, ...]:
        """What a method returns. Raises DesktopError."""
        message = new_method_call(DBusAddress(path, name, interface), method, signature or None, values)
        try:
            async with asyncio.timeout(_LIMIT_S):
                reply = await self._router.send_and_get_reply(message)
        except _FOREIGN as error:
            raise DesktopError(f"{name} {method}: {type(error).__name__}") from error
        if reply.header.message_type is MessageType.error:
            raise DesktopError(f"{name} {method}: {DBusErrorResponse(reply).name}")
        return tuple(reply.body)

    async def send(self, message: Message) -> None:
        """Send a signal or an answer. Raises DesktopError."""
        try:
            async with asyncio.timeout(_LIMIT_S):
                await self._router.send(message)
        except _FOREIGN as error:
            raise DesktopError(f"the session bus: {type(error).__name__}") from error

    @contextlib.contextmanager
    def calls(self) -> Any:
        """A queue of the method calls that others make."""
        queue: asyncio.Queue[Message] = asyncio.Queue(_WAITING_CALLS)
        with self._router.filter(MatchRule(type="method_call"), queue=queue):
            yield queue


@contextlib.asynccontextmanager
async def connect() -> AsyncIterator[SessionBus]:
    """Connect to the bus, and close the connection in the end. Raises DesktopError where there is none."""
    try:
        async with asyncio.timeout(_LIMIT_S):
            connection = await open_dbus_connection("SESSION")
    except _FOREIGN as error:
        raise DesktopError(f"no session bus: {type(error).__name__}") from error
    router = DBusRouter(connection)
    try:
        yield SessionBus(connection, router)
    finally:
        with contextlib.suppress(*_FOREIGN):
            await router.__aexit__(None, None, None)  # else its task would complain of the closed connection
        with contextlib.suppress(*_FOREIGN):
            await connection.close()
