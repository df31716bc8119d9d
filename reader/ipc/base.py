"""The interfaces to the sockets on which the running Harken receives commands, and to its object on a bus.

There is one kind of socket per system.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio

    # Called on the core thread with each client, from when the listener starts until it is closed.
    OnClient = Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]


class ClientSocket(Protocol):
    """The command line's end. Blocking; one thread may send while another receives."""

    def send(self, data: bytes) -> None:
        """Raises OSError if the other end is gone, TimeoutError if it does not read."""

    def receive_line(self, limit_bytes: int, limit_s: float | None) -> bytes:
        """The next line, with its end; without one if the other end is gone or the line is longer than the limit.

        Raises TimeoutError if nothing arrives within the limit (None for no limit), and OSError.
        """

    def close(self) -> None:
        """Hang up. May be called twice."""


class Listener(Protocol):
    """The running instance's end. Core thread only."""

    async def close(self) -> None:
        """Stop accepting, let accepted connections become known, and leave nothing behind.

        May be called twice.
        """


class SocketKind(Protocol):
    """One file each. Imports only the standard library before `listen`, because commands must be quick."""

    def address(self) -> str:
        """Where this user's instance listens. Raises InstanceError, with a sentence, if that would not be safe."""

    def connect(self, address: str, limit_s: float) -> ClientSocket:
        """Raises NotRunningError if no Harken is running, TimeoutError if it does not answer."""

    async def listen(self, address: str, on_client: OnClient, limit_bytes: int) -> Listener:
        """Start listening, for this user only. `limit_bytes` applies to lines. Core thread.

        Raises InstanceError if another instance already listens, or it can't be done. What a killed instance left
        behind is no obstacle.
        """


class BusListener(Protocol):
    """The running instance's object on the desktop's own bus, for other programs. Core thread only."""

    # Why it is not available now; "" if it is.
    problem: str
    # Whether the bus starts Harken for callers while it is not running.
    is_activatable: bool

    def start(self) -> None:
        """Appear on the bus as soon as there is one. Returns at once."""

    def tell(self, signal: str, *values: object) -> None:
        """Send a signal of bus_interface.py. Returns at once; dropped if there is no bus."""

    def tell_changes(self) -> None:
        """Send the properties that have changed since the last time. Returns at once."""

    async def close(self) -> None:
        """Leave the bus. May be called twice."""
