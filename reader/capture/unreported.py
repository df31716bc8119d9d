"""Why a program in front reports nothing on the accessibility bus, and what its user can do about it.

Qt programs and Firefox report nothing unless the desktop's accessibility is on when they start; Chromium and programs
built on it report their pages only if they are started with a flag. Which one a program is shows in the files it has
mapped into its memory, whatever it is called and however it was packed.
"""

from __future__ import annotations

import os
from contextlib import suppress
from enum import Enum, auto

from reader.dbus import connect
from reader.support.i18n import QT_TRANSLATE_NOOP

# Mapped by every program of a kind. Chromium's are the state its JavaScript begins with.
_QT_OR_FIREFOX = (b"libQt5Gui", b"libQt6Gui", b"libQt5Widgets", b"libQt6Widgets", b"libxul.so")
_CHROMIUM = (b"v8_context_snapshot", b"snapshot_blob.bin", b"chrome_100_percent.pak")
# Of /proc/PID/maps. A program of thousands of libraries has less.
_MOST_BYTES = 8_000_000

# What the settings call the switch, see reader/settings/schema.py.
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


# What the session bus answers where nobody owns a name, and nobody can be started who would.
_NOT_THERE = ("Error.ServiceUnknown", "Error.NameHasNoOwner", "Error.Spawn.", "Error.ServiceNotFound")


class Kind(Enum):
    """Of a program, as far as it matters here."""

    QT_OR_FIREFOX = auto()
    CHROMIUM = auto()
    OTHER = auto()


def no_bus(error: str) -> str:
    """Why there is no accessibility bus, from what the session bus said when it was asked for one."""
    if any(name in error for name in _NOT_THERE):
        return "at-spi2-core is not installed, or its service does not start in this session"
    return error


async def is_on() -> bool:
    """Whether the desktop's accessibility is on. Raises DesktopError."""
    async with connect() as bus:
        status = "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties"
        return await bus.call(*status, "Get", "ss", "org.a11y.Status", "IsEnabled") == (("b", True),)


def kind_of(pid: int) -> Kind:
    """Of a process. Reads a file of the system's, which may take some milliseconds."""
    try:
        with open(f"/proc/{pid}/maps", "rb") as file:
            maps = file.read(_MOST_BYTES)
    except OSError:
        return Kind.OTHER
    if any(name in maps for name in _CHROMIUM):
        return Kind.CHROMIUM
    return Kind.QT_OR_FIREFOX if any(name in maps for name in _QT_OR_FIREFOX) else Kind.OTHER


def reason(kind: Kind | None, *, is_on: bool, reports: bool) -> str:
    """The sentence for a program of that kind (None: it is not known which one is in front), or "".

    `is_on`: the desktop's accessibility is. `reports`: the program is on the bus; something in front, without a kind.
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
    """The newest process of this user's that a compositor calls so (org.kde.kwrite: kwrite); 0 for none.

    Reads a file of each process; not on the core thread.
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
