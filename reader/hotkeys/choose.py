"""Every way to take keys, in the order in which they are tried. To add one, add a row and its file."""

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
        # XWayland accepts every grab, but while a Wayland window is in front it sends no key, or only a copy of it.
        return "this is a Wayland session, where grabs do not keep a key from the program in front"
    return "" if os.environ.get("DISPLAY") else "DISPLAY is not set"


def _why_no_sway() -> str:
    return "" if os.environ.get("SWAYSOCK") else "SWAYSOCK is not set"


def _why_no_portal() -> str:
    if not display.is_there():  # the same user may be logged in at a desktop elsewhere, with the same bus
        return "there is no display"
    return "" if os.environ.get("DBUS_SESSION_BUS_ADDRESS") else "DBUS_SESSION_BUS_ADDRESS is not set"


def _why_no_gnome_settings() -> str:
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "")
    return "" if "GNOME" in desktop.split(":") else f"the desktop is {desktop or 'unknown'}, not GNOME"


@dataclass(frozen=True)
class HotkeyEntry:
    """One way to take keys: its name in `harken doctor`, and the platforms it works on.

    `module` is imported when needed, on a thread. It has `async def open_hotkeys(on_command) -> HotkeyBackend`, which
    takes no key yet, and raises HotkeyError with the reason if it can't work. `why_not` returns why it need not be
    tried in this session, or "". The module of a back end that comes and goes while Harken runs also has
    `async def watch(on_change) -> Presence`, which raises HotkeyError; `on_change` is called on the core thread. `gone`
    and `back` are what the user is then told.
    """

    name: str
    module: str
    platforms: tuple[str, ...]
    why_not: Callable[[], str] = lambda: ""
    gone: str = field(default="", kw_only=True)
    back: str = field(default="", kw_only=True)

    @property
    def comes_and_goes(self) -> bool:
        """Whether it may come and go while Harken is running."""
        return bool(self.gone)

    @property
    def is_here(self) -> bool:
        """Whether it works on this platform."""
        return sys.platform in self.platforms

    async def open(self, on_command: OnCommand) -> HotkeyBackend:
        """Make the back end. Raises HotkeyError."""
        backend: HotkeyBackend = await (await self._import()).open_hotkeys(on_command)
        return backend

    async def watch(self, on_change: Callable[[], None]) -> Presence:
        """Watch a back end that comes and goes. Raises HotkeyError."""
        presence: Presence = await (await self._import()).watch(on_change)
        return presence

    async def _import(self) -> Any:
        try:
            return await asyncio.to_thread(importlib.import_module, self.module)  # which is slow
        except ImportError as error:  # a library is missing on this system
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
    # The program in front also gets the keys, so this comes last. On macOS it crashes alongside Qt.
    HotkeyEntry("pynput listener", "reader.hotkeys.listen", ("win32",)),
)


def modules() -> list[str]:
    """The modules for this system, for packaging."""
    return [entry.module for entry in BACKENDS if entry.is_here]


def forget() -> bool:
    """Remove Harken's keys from the desktop's settings. Returns whether there were any. Blocks; not on a loop.

    Raises DesktopError.
    """
    if sys.platform != "linux" or _why_no_gnome_settings():
        return False
    from reader.hotkeys import gnome_settings

    return asyncio.run(gnome_settings.forget())
