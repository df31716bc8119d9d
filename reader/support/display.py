"""Which kind of display this session has, and whether it answers.

A compositor, an X server or a bus that has stopped still accepts connections, and window libraries then wait for it
forever. So each is asked something first.
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
# Given to DBUS_SESSION_BUS_ADDRESS in place of a bus that does not answer: libraries know at once that there is none.
NO_BUS = "disabled:"
# The beginning of a conversation, to which each answers something: X's connection setup without authority, a
# wl_display.sync, and D-Bus's way to log in.
_X_SETUP = struct.pack("=BxHHHHxx", ord("l") if sys.byteorder == "little" else ord("B"), 11, 0, 0, 0)
_WAYLAND_SYNC = struct.pack("=III", 1, 12 << 16, 2)
_BUS_LOGIN = b"\0AUTH\r\n"


def is_wayland() -> bool:
    """Whether programs of this session talk to a Wayland compositor. DISPLAY is XWayland's then."""
    return bool(os.environ.get("WAYLAND_DISPLAY")) or os.environ.get("XDG_SESSION_TYPE") == "wayland"


def is_there() -> bool:
    """Whether there is a desktop at all. Only on Linux may there be none, as after a login over SSH."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def leave_silent_bus() -> bool:
    """Have all libraries, and what is started, do without a session bus that does not answer. Returns whether it is so.

    PipeWire's, too, would wait for it before there is any sound.
    """
    if not is_bus_silent(os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")):
        return False
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = NO_BUS
    return True


def is_x_silent(name: str) -> bool:
    """Whether an X server accepts connections and says nothing. One that is not there is not silent."""
    found = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", name)
    return found is not None and _is_silent(f"/tmp/.X11-unix/X{found[1]}", _X_SETUP)  # noqa: S108 - X's own place


def is_wayland_silent(name: str) -> bool:
    """Whether a compositor does."""
    return _is_silent(os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), name), _WAYLAND_SYNC)


def is_wayland_answering(name: str) -> bool:
    """Whether there is a compositor, and it answers."""
    return _answers(os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), name), _WAYLAND_SYNC) is True


def is_bus_silent(address: str) -> bool:
    """Whether a bus of this address does."""
    return any(_is_silent(path, _BUS_LOGIN) for path in _bus_paths(address))


def _bus_paths(address: str) -> Iterator[str]:
    for kind, path in re.findall(r"unix:(path|abstract)=([^,;]+)", address):
        yield path if kind == "path" else f"\0{path}"


def _is_silent(path: str, question: bytes) -> bool:
    return _answers(path, question) is False


def _answers(path: str, question: bytes) -> bool | None:
    """None where nobody is there, or nobody stays."""
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
