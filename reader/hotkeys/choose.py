"""Every way to take keys once, in the order in which they are tried on a desktop. A new one is a row and its file."""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from reader.errors import HotkeyError
from reader.hotkeys.base import HotkeyBackend, OnCommand
from reader.support import display


def _why_no_grabs() -> str:
    if display.is_wayland():
        # XWayland makes every grab, and then sends no key while a Wayland window is in front, or a copy of it.
        return "this is a Wayland session, where grabs do not keep a key from the program in front"
    return "" if os.environ.get("DISPLAY") else "DISPLAY is not set"


def _why_no_sway() -> str:
    return "" if os.environ.get("SWAYSOCK") else "SWAYSOCK is not set"


def _why_no_portal() -> str:
    return "" if os.environ.get("DBUS_SESSION_BUS_ADDRESS") else "DBUS_SESSION_BUS_ADDRESS is not set"


@dataclass(frozen=True)
class HotkeyEntry:
    """One way to take keys: its name in `harken doctor`, and the platforms that may have it.

    `module` is imported where it is used, on a thread. It has `async def open_hotkeys(on_command) -> HotkeyBackend`,
    which takes no key yet, and raises HotkeyError with the reason why it can't. `why_not` says why it need not be tried
    in this session, "" when it is to be.
    """

    name: str
    module: str
    platforms: tuple[str, ...]
    why_not: Callable[[], str] = lambda: ""

    @property
    def is_here(self) -> bool:
        """Whether this system may have it."""
        return sys.platform in self.platforms

    async def open(self, on_command: OnCommand) -> HotkeyBackend:
        """Make the back end. Raises HotkeyError."""
        try:
            module = await asyncio.to_thread(importlib.import_module, self.module)  # which takes its time
        except ImportError as error:  # a library that the system lacks
            raise HotkeyError(f"{type(error).__name__}: {error}") from error
        backend: HotkeyBackend = await module.open_hotkeys(on_command)
        return backend


BACKENDS: tuple[HotkeyEntry, ...] = (
    HotkeyEntry("x11 grabs", "reader.hotkeys.x11", ("linux",), _why_no_grabs),
    HotkeyEntry("sway", "reader.hotkeys.sway", ("linux",), _why_no_sway),
    HotkeyEntry("portal", "reader.hotkeys.portal", ("linux",), _why_no_portal),
    # The program in front gets the keys as well, so it stays behind all others.
    HotkeyEntry("pynput listener", "reader.hotkeys.listen", ("win32", "darwin")),
)


def modules() -> list[str]:
    """Those for this system, for packaging."""
    return [entry.module for entry in BACKENDS if entry.is_here]
