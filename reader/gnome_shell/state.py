"""What GNOME Shell reports about the extension: whether it knows it, runs it, and why not.

The numbers are those of org.gnome.Shell.Extensions (data/dbus-interfaces in gnome-shell), the same in GNOME 45 to 51.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.errors import DesktopError
from reader.support import display, foreign

if TYPE_CHECKING:  # missing on systems without D-Bus
    from reader.dbus import Bus

# Replace it together with the app id: docs/packaging.md.
UUID = "harken@harken.example"
SHELL = "org.gnome.Shell"
_SHELL_PATH = "/org/gnome/Shell"
EXTENSIONS = "org.gnome.Shell.Extensions"
_SCREEN = "org.gnome.ScreenSaver", "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver"
# The versions of GNOME Shell that the extension is written for; metadata.json says the same.
OLDEST, NEWEST = 45, 51

_ACTIVE, _ERROR, _OUT_OF_DATE, _UNINSTALLED = 1, 3, 4, 99


class Status(Enum):
    """The state of the extension. The values are those that `harken doctor` prints."""

    RUNS = ""
    NOT_INSTALLED = "the extension is not installed: “harken extension install” does that"
    NEEDS_LOGIN = "the extension is installed; GNOME loads it when you log out and in again"
    OFF = "the extension is installed, but turned off: “harken extension install” turns it on"
    ALL_OFF = "all extensions are turned off in GNOME: turn them on in its Extensions app"
    PAUSED = "GNOME has the extension paused, as it does while the screen is locked"
    FAILED = "GNOME could not run the extension"
    WRONG_VERSION = "the extension is for other versions of GNOME"


@dataclass(frozen=True, slots=True)
class ShellState:
    """`is_known`: the shell has the extension in its list, which it builds when the user logs in.

    `version` is the extension's, as the shell knows it; `detail` is what the shell reports about a failure.
    """

    shell_version: str
    status: Status
    is_known: bool = False
    version: str = ""
    detail: str = ""

    @property
    def why_not(self) -> str:
        """Why it does not run, for `harken doctor`; "" when it does."""
        if self.status is Status.WRONG_VERSION:
            return why_not_version(self.shell_version) or self.status.value
        return f"{self.status.value} ({self.detail})" if self.detail else self.status.value


def is_gnome() -> bool:
    """Whether this session is GNOME's own."""
    return "gnome" in os.environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":")


def why_not_here() -> str:
    """Why the extension is not needed in this session, "" if it is."""
    if not is_gnome():
        return "this desktop is not GNOME"
    # On X11, Harken does everything itself that the extension does.
    return "" if display.is_wayland() else "this is not a Wayland session"


def own_folder() -> Path:
    """The folder of the user's own copy of the extension; may not exist."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(data) / "gnome-shell" / "extensions" / UUID


def why_not_version(shell_version: str) -> str:
    """Why the extension can't run in this version of GNOME Shell, "" when it can."""
    major = re.match(r"\d{1,4}", shell_version)
    if major and OLDEST <= int(major[0]) <= NEWEST:
        return ""
    shown = foreign.shown(shell_version) or "unknown"
    return f"the extension is for GNOME Shell {OLDEST} to {NEWEST}, and this one is {shown}"


async def ask_state(bus: Bus) -> ShellState:
    """Ask the shell. Raises DesktopError if there is no answer."""
    shell_version = await _property(bus, "ShellVersion")
    answer = await bus.call(SHELL, _SHELL_PATH, EXTENSIONS, "GetExtensionInfo", "s", UUID)
    are_all_off = await _property(bus, "UserExtensionsEnabled") is False
    return read_state(shell_version, answer, are_all_off=are_all_off, is_locked=await _is_locked(bus))


def read_state(shell_version: object, answer: object, *, are_all_off: bool, is_locked: bool) -> ShellState:
    """The meaning of the shell's answer to GetExtensionInfo, which is untrusted and may have any type."""
    shell = foreign.shown(shell_version) if isinstance(shell_version, str) else ""
    if why_not_version(shell):
        return ShellState(shell, Status.WRONG_VERSION)
    info: Any = answer[0] if isinstance(answer, tuple) and answer and isinstance(answer[0], dict) else {}
    state = _value(info, "state", _UNINSTALLED)
    if state == _UNINSTALLED:
        return ShellState(shell, Status.NEEDS_LOGIN if own_folder().exists() else Status.NOT_INSTALLED)
    version = foreign.shown(_value(info, "version-name", ""))
    detail = ""
    # GNOME 45 does not say whether it is enabled. There, one that isn't running while the screen is locked counts as
    # enabled.
    is_wanted = _value(info, "enabled", is_locked)
    if are_all_off:
        status = Status.ALL_OFF
    elif state == _OUT_OF_DATE:
        status = Status.WRONG_VERSION
    elif state == _ERROR:
        status, detail = Status.FAILED, foreign.shown(_value(info, "error", ""))
    elif state == _ACTIVE:
        status = Status.RUNS
    else:
        status = Status.PAUSED if is_wanted is True else Status.OFF
    return ShellState(shell, status, True, version, detail)


def _value(info: dict[Any, Any], key: str, default: Any) -> Any:
    entry = info.get(key)
    return entry[1] if isinstance(entry, tuple) and len(entry) == 2 else default


async def _property(bus: Bus, name: str) -> object:
    """A property's value. Raises DesktopError."""
    properties = "org.freedesktop.DBus.Properties"
    answer = await bus.call(SHELL, _SHELL_PATH, properties, "Get", "ss", EXTENSIONS, name)
    return answer[0][1] if answer and isinstance(answer[0], tuple) and len(answer[0]) == 2 else None


async def _is_locked(bus: Bus) -> bool:
    try:
        return (await bus.call(*_SCREEN, "GetActive"))[:1] == (True,)
    except DesktopError:
        return False
