"""What only Unix has: sockets with a path, and non-blocking pipes. Elsewhere both raise OSError."""

from __future__ import annotations

import contextlib
import glob
import os
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

_NONE = "this system has none"


# What the system reports for a socket that nothing listens on, in plain words.
_WHY: tuple[tuple[type[Exception], str], ...] = (
    (FileNotFoundError, "nothing is there"),
    (ConnectionRefusedError, "nobody listens there"),
    (PermissionError, "access is denied"),
    (TimeoutError, "it does not answer"),
)


def why_not(error: Exception) -> str:
    """Why there was no connection, in a few words."""
    return next((told for kind, told in _WHY if isinstance(error, kind)), type(error).__name__)


def own_files(folder: str, pattern: str) -> list[str]:
    """The user's own files in `folder` whose names match, newest first."""
    if sys.platform == "win32":
        return []
    found = {}
    for path in glob.glob(os.path.join(glob.escape(folder), pattern)):
        with contextlib.suppress(OSError):
            made = os.lstat(path)
            if made.st_uid == os.getuid():
                found[path] = made.st_mtime
    return sorted(found, key=lambda path: found[path], reverse=True)


async def connect(path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the socket at `path`. Raises OSError, and ValueError if the path is invalid."""
    if sys.platform == "win32":
        raise OSError(_NONE)
    import asyncio  # some commands have no loop

    return await asyncio.open_unix_connection(path)


def dial(path: str, limit_s: float) -> socket.socket:
    """Connect to the socket at `path` without a loop; each step may take `limit_s`. Raises OSError."""
    if sys.platform == "win32":
        raise OSError(_NONE)
    link = socket.socket(socket.AF_UNIX)
    try:
        link.settimeout(limit_s)
        link.connect(path)
    except OSError:
        link.close()
        raise
    return link


def pipe() -> tuple[int, int]:
    """A pipe on which only writing blocks: the descriptors for reading and writing. Raises OSError."""
    if sys.platform == "win32":
        raise OSError(_NONE)
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    return ours, theirs
