"""Which kind of socket this system has, and whether it has D-Bus: one file each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from reader.ipc.base import BusListener, SocketKind
    from reader.ipc.bus_interface import Properties
    from reader.ipc.bus_server import Handler


def socket_kind() -> SocketKind:
    """The kind used on this system."""
    if sys.platform != "win32":
        from reader.ipc.unix import UnixSocket

        return UnixSocket()
    else:  # noqa: RET505  # mypy looks for no names of another system's there
        from reader.ipc.pipe import PipeSocket

        return PipeSocket()


def socket_address() -> str:
    """Where this user's running instance listens. Raises InstanceError when that would not be safe."""
    return socket_kind().address()


async def bus_listener(handler: Handler, properties: Callable[[], Properties]) -> BusListener:
    """Harken's object on the session bus: `handler` answers its calls, `properties` returns the current ones."""
    if sys.platform == "linux":
        import asyncio
        import importlib

        module = await asyncio.to_thread(importlib.import_module, "reader.ipc.bus_server")  # slow to import
        made: BusListener = module.BusServer(handler, properties)
        return made
    from reader.ipc.none import NoBus

    return NoBus()


def modules() -> list[str]:
    """Modules imported by name here, for packaging."""
    return ["reader.ipc.bus_server"] if sys.platform == "linux" else []
