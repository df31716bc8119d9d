"""The interfaces of a kind of socket on which the running Harken receives commands, and of its object on a bus.

There is one kind a system.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio

    # Called on the core thread with each client, from when the listener is there until it is closed.
    OnClient = Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]


class ClientSocket(Protocol):
    """The command line's end. Blocking; one thread may send while another receives."""

    def send(self, data: bytes) -> None:
        """Raises OSError when the other end is gone, TimeoutError when it does not take it."""

    def receive_line(self, limit_bytes: int, limit_s: float | None) -> bytes:
        """The next line, with its end; without one when the other end is gone or the line is longer than the limit.

        Raises TimeoutError when nothing comes within the limit, None for however long, and OSError.
        """

    def close(self) -> None:
        """Hang up. May be called twice."""


class Listener(Protocol):
    """The running instance's end. Core thread only."""

    async def close(self) -> None:
        """Accept no more connections, make known those that were accepted, and leave nothing behind.

        May be called twice.
        """


class SocketKind(Protocol):
    """One file each. It imports nothing but the standard library before `listen`: because commands must be quick."""

    def address(self) -> str:
        """Where this user's instance listens. Raises InstanceError, with the sentence, when that would not be safe."""

    def connect(self, address: str, limit_s: float) -> ClientSocket:
        """Raises NotRunningError if no Harken is there, TimeoutError if it does not answer."""

    async def listen(self, address: str, on_client: OnClient, limit_bytes: int) -> Listener:
        """Begin to listen, for this user only. `limit_bytes` is for lines. Core thread.

        Raises InstanceError when another instance already does, or it can't be done. What an instance that was killed
        has left is no hindrance.
        """


class BusListener(Protocol):
    """The running instance's object on the desktop's own bus, for other programs. Core thread only."""

    # Why it is not there now; "" where it is.
    problem: str
    # Whether the bus starts Harken for who calls it while it is not running.
    is_activatable: bool

    def start(self) -> None:
        """Be there from now on, as soon as there is a bus. Returns at once."""

    def tell(self, signal: str, *values: object) -> None:
        """Send a signal of bus_interface.py. Returns at once; without a bus nobody hears it."""

    def tell_changes(self) -> None:
        """Send which properties are others than the last time. Returns at once."""

    async def close(self) -> None:
        """Be there no more. May be called twice."""
