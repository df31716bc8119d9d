"""Every way to take keys once, in the order in which they are tried on a desktop. A new one is a row and its file."""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from reader.errors import HotkeyError
from reader.gnome_shell.state import why_not_here
from reader.hotkeys.base import HotkeyBackend, OnCommand, Presence
from reader.support import display
from reader.support.i18n import QT_TRANSLATE_NOOP


def _why_no_grabs() -> str:
    if display.is_wayland():
        # XWayland makes every grab, and then sends no key while a Wayland window is in front, or a copy of it.
        return "this is a Wayland session, where grabs do not keep a key from the program in front"
    return "" if os.environ.get("DISPLAY") else "DISPLAY is not set"


def _why_no_sway() -> str:
    return "" if os.environ.get("SWAYSOCK") else "SWAYSOCK is not set"


def _why_no_portal() -> str:
    if not display.is_there():  # somewhere else the same user may be logged in at a desktop, with the same bus
        return "there is no display"
    return "" if os.environ.get("DBUS_SESSION_BUS_ADDRESS") else "DBUS_SESSION_BUS_ADDRESS is not set"


def _why_no_gnome_settings() -> str:
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "")
    return "" if "GNOME" in desktop.split(":") else f"the desktop is {desktop or 'unknown'}, not GNOME"


@dataclass(frozen=True)
class HotkeyEntry:
    """One way to take keys: its name in `harken doctor`, and the platforms that may have it.

    `module` is imported where it is used, on a thread. It has `async def open_hotkeys(on_command) -> HotkeyBackend`,
    which takes no key yet, and raises HotkeyError with the reason why it can't. `why_not` says why it need not be tried
    in this session, "" when it is to be. Of one that comes and goes while Harken runs, the module also has
    `async def watch(on_change) -> Presence`, which raises HotkeyError; `on_change` is called on the core thread. `gone`
    and `back` are what the user is told then.
    """

    name: str
    module: str
    platforms: tuple[str, ...]
    why_not: Callable[[], str] = lambda: ""
    gone: str = field(default="", kw_only=True)
    back: str = field(default="", kw_only=True)

    @property
    def comes_and_goes(self) -> bool:
        """Whether it may come and go while Harken runs."""
        return bool(self.gone)

    @property
    def is_here(self) -> bool:
        """Whether this system may have it."""
        return sys.platform in self.platforms

    async def open(self, on_command: OnCommand) -> HotkeyBackend:
        """Make the back end. Raises HotkeyError."""
        backend: HotkeyBackend = await (await self._import()).open_hotkeys(on_command)
        return backend

    async def watch(self, on_change: Callable[[], None]) -> Presence:
        """Know when one that comes and goes does. Raises HotkeyError."""
        presence: Presence = await (await self._import()).watch(on_change)
        return presence

    async def _import(self) -> Any:
        try:
            return await asyncio.to_thread(importlib.import_module, self.module)  # which takes its time
        except ImportError as error:  # a library that the system lacks
            raise HotkeyError(f"{type(error).__name__}: {error}") from error


BACKENDS: tuple[HotkeyEntry, ...] = (
    HotkeyEntry("x11 grabs", "reader.hotkeys.x11", ("linux",), _why_no_grabs),
    HotkeyEntry(
        "gnome shell",
        "reader.hotkeys.gnome_shell",
        ("linux",),
        why_not_here,
        gone=QT_TRANSLATE_NOOP(
            "reader", "Harken's extension for GNOME is off. Harken now asks your desktop for its keys in another way."
        ),
        back=QT_TRANSLATE_NOOP("reader", "Harken's extension for GNOME is on and now handles the keys."),
    ),
    HotkeyEntry("sway", "reader.hotkeys.sway", ("linux",), _why_no_sway),
    HotkeyEntry("portal", "reader.hotkeys.portal", ("linux",), _why_no_portal),
    HotkeyEntry("gnome settings", "reader.hotkeys.gnome_settings", ("linux",), _why_no_gnome_settings),
    HotkeyEntry("registered hotkeys", "reader.hotkeys.windows", ("win32",)),
    HotkeyEntry("carbon hotkeys", "reader.hotkeys.carbon", ("darwin",)),
    # The program in front gets the keys as well, so it stays behind all others. On macOS it dies beside Qt.
    HotkeyEntry("pynput listener", "reader.hotkeys.listen", ("win32",)),
)


def modules() -> list[str]:
    """Those for this system, for packaging."""
    return [entry.module for entry in BACKENDS if entry.is_here]


def forget() -> bool:
    """Remove from the desktop's settings what Harken has put there. Whether there was something. Blocks; not on a loop.

    Raises DesktopError.
    """
    if sys.platform != "linux" or _why_no_gnome_settings():
        return False
    from reader.hotkeys import gnome_settings

    return asyncio.run(gnome_settings.forget())
