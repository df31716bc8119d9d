"""Which kind of display this session has, and whether it answers.

A compositor, X server or bus that hangs still accepts connections, and window libraries then wait for it forever. So
each is sent a request first.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import struct
import sys
from collections.abc import Iterator

_LIMIT_S = 5.0
# Replaces DBUS_SESSION_BUS_ADDRESS if the bus does not answer, so that libraries don't try to connect.
NO_BUS = "disabled:"
# The first bytes of each protocol that get a reply: an X connection setup without authority, a wl_display.sync, and the
# start of D-Bus's login.
_X_SETUP = struct.pack("=BxHHHHxx", ord("l") if sys.byteorder == "little" else ord("B"), 11, 0, 0, 0)
_WAYLAND_SYNC = struct.pack("=III", 1, 12 << 16, 2)
_BUS_LOGIN = b"\0AUTH\r\n"


def is_wayland() -> bool:
    """Whether this session's programs talk to a Wayland compositor; DISPLAY is then XWayland's."""
    return bool(os.environ.get("WAYLAND_DISPLAY")) or os.environ.get("XDG_SESSION_TYPE") == "wayland"


def is_there() -> bool:
    """Whether there is a desktop at all. Only Linux may have none, for example after a login over SSH."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def leave_silent_bus() -> bool:
    """Make libraries and child processes do without a session bus that hangs. Returns whether that was needed.

    Otherwise PipeWire's library would also wait for it before there is any sound.
    """
    if not is_bus_silent(os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")):
        return False
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = NO_BUS
    return True


def is_x_silent(name: str) -> bool:
    """Whether an X server accepts connections but never replies. A missing one does not count as silent."""
    found = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", name)
    return found is not None and _is_silent(f"/tmp/.X11-unix/X{found[1]}", _X_SETUP)  # noqa: S108 - X's own place


def is_wayland_silent(name: str) -> bool:
    """Whether a compositor accepts connections but never replies."""
    return _is_silent(os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), name), _WAYLAND_SYNC)


def is_wayland_answering(name: str) -> bool:
    """Whether there is a compositor and it answers."""
    return _answers(os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), name), _WAYLAND_SYNC) is True


def is_bus_silent(address: str) -> bool:
    """Whether the bus at this address accepts connections but never replies."""
    return any(_is_silent(path, _BUS_LOGIN) for path in _bus_paths(address))


def _bus_paths(address: str) -> Iterator[str]:
    for kind, path in re.findall(r"unix:(path|abstract)=([^,;]+)", address):
        yield path if kind == "path" else f"\0{path}"


def _is_silent(path: str, question: bytes) -> bool:
    return _answers(path, question) is False


def _answers(path: str, question: bytes) -> bool | None:
    """Whether the socket answers; None if nothing listens there, or it hangs up."""
    if sys.platform == "win32":
        return None
    with contextlib.suppress(OSError, ValueError), socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(_LIMIT_S)
        try:
            asking.connect(path)
            asking.sendall(question)
            return bool(asking.recv(1)) or None
        except TimeoutError:
            return False
    return None
