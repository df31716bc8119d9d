"""Why the program in front reports nothing on the accessibility bus, and what its user can do about it.

Qt programs and Firefox report nothing unless the desktop's accessibility is on when they start; Chromium and programs
built on it report their pages only if started with a flag. The files mapped into a program's memory show which kind it
is, whatever its name and packaging.
"""

from __future__ import annotations

import os
from contextlib import suppress
from enum import Enum, auto

from reader.dbus import connect
from reader.support.i18n import QT_TRANSLATE_NOOP

# Mapped by every program of a kind. Chromium's is the snapshot of its JavaScript engine's initial state.
_QT_OR_FIREFOX = (b"libQt5Gui", b"libQt6Gui", b"libQt5Widgets", b"libQt6Widgets", b"libxul.so")
_CHROMIUM = (b"v8_context_snapshot", b"snapshot_blob.bin", b"chrome_100_percent.pak")
# Of /proc/PID/maps. Even a program with thousands of libraries has less.
_MOST_BYTES = 8_000_000

# The switch's name in the settings, see reader/settings/schema.py.
SETTING = QT_TRANSLATE_NOOP("settings", "Ask all programs to report their focused text")
SWITCH_ON = QT_TRANSLATE_NOOP(
    "reader",
    "This program reports its text only when accessibility is on. Turn on “{setting}” in Harken's settings. If that"
    " is not enough, restart the program.",
)
RESTART = QT_TRANSLATE_NOOP(
    "reader", "This program was started before accessibility was turned on. Restart it, then press the key again."
)
CHROMIUM = QT_TRANSLATE_NOOP(
    "reader", "This program reports its pages only if you start it with --force-renderer-accessibility."
)
UNKNOWN = QT_TRANSLATE_NOOP(
    "reader",
    "The program in front does not report its text. Firefox and some others do once you turn on “{setting}”"
    " in Harken's settings and restart them.",
)


# The session bus's errors if a name has no owner, and none can be started.
_NOT_THERE = ("Error.ServiceUnknown", "Error.NameHasNoOwner", "Error.Spawn.", "Error.ServiceNotFound")


class Kind(Enum):
    """The kinds of program that matter here."""

    QT_OR_FIREFOX = auto()
    CHROMIUM = auto()
    OTHER = auto()


def no_bus(error: str) -> str:
    """Why there is no accessibility bus, from the session bus's error when asked for one."""
    if any(name in error for name in _NOT_THERE):
        return "at-spi2-core is not installed, or its service does not start in this session"
    return error


async def is_on() -> bool:
    """Whether the desktop's accessibility is on. Raises DesktopError."""
    async with connect() as bus:
        status = "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties"
        return await bus.call(*status, "Get", "ss", "org.a11y.Status", "IsEnabled") == (("b", True),)


def kind_of(pid: int) -> Kind:
    """The kind of a process. Reads a file of the kernel's, which may take a few milliseconds."""
    try:
        with open(f"/proc/{pid}/maps", "rb") as file:
            maps = file.read(_MOST_BYTES)
    except OSError:
        return Kind.OTHER
    if any(name in maps for name in _CHROMIUM):
        return Kind.CHROMIUM
    return Kind.QT_OR_FIREFOX if any(name in maps for name in _QT_OR_FIREFOX) else Kind.OTHER


def reason(kind: Kind | None, *, is_on: bool, reports: bool) -> str:
    """The sentence for a program of that kind (None if the program in front is unknown), or "".

    `is_on`: whether the desktop's accessibility is on. `reports`: whether the program, or without a kind any active
    one, is on the bus.
    """
    if kind is Kind.CHROMIUM:
        return CHROMIUM
    if reports:
        return ""
    if kind is None:
        return "" if is_on else UNKNOWN
    if kind is Kind.QT_OR_FIREFOX:
        return RESTART if is_on else SWITCH_ON
    return ""


def pid_of(name: str) -> int:
    """This user's newest process of the program that a compositor calls `name` (org.kde.kwrite: kwrite); 0 for none.

    Reads a file for each process; not on the core thread.
    """
    wanted = {name.lower()[:15], name.rpartition(".")[2].lower()[:15]} - {""}
    found, own = 0, os.stat("/proc/self").st_uid
    for entry in os.listdir("/proc"):
        with suppress(OSError, ValueError):
            pid = int(entry)
            if pid > found and os.stat(f"/proc/{pid}").st_uid == own and _command(pid) in wanted:
                found = pid
    return found


def _command(pid: int) -> str:
    with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
        return file.read().rstrip("\n").lower()
