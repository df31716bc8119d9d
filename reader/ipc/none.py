"""For systems without a socket or bus: a running Harken can't be reached, a second start is not prevented."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from reader.errors import NotRunningError

if TYPE_CHECKING:
    from reader.ipc.base import ClientSocket, OnClient

log = logging.getLogger(__name__)


class NoSocket:
    """Implements SocketKind."""

    def address(self) -> str:
        return ""

    def connect(self, address: str, limit_s: float) -> ClientSocket:
        raise NotRunningError

    async def listen(self, address: str, on_client: OnClient, limit_bytes: int) -> NoListener:
        log.warning("commands to a running Harken are not supported on this system yet")
        return NoListener()


class NoListener:
    """Implements Listener."""

    async def close(self) -> None:
        pass


class NoBus:
    """Implements BusListener."""

    problem = "this system has no D-Bus"
    is_activatable = False

    def start(self) -> None:
        pass

    def tell(self, signal: str, *values: object) -> None:
        pass

    def tell_changes(self) -> None:
        pass

    async def close(self) -> None:
        pass
