"""Which kind of socket this system has: one file each."""

from __future__ import annotations

import sys

from reader.ipc.base import SocketKind


def socket_kind() -> SocketKind:
    """The one in use here."""
    if sys.platform != "win32":
        from reader.ipc.unix import UnixSocket

        return UnixSocket()
    from reader.ipc.none import NoSocket

    return NoSocket()


def socket_address() -> str:
    """Where this user's running instance listens. Raises InstanceError when that would not be safe."""
    return socket_kind().address()
