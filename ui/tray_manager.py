"""Detects panels that accept X windows as icons (freedesktop.org: System Tray), through the X server.

Such a panel owns the selection _NET_SYSTEM_TRAY_Sn. The server itself reports when its owner changes, and no other
client can fake that; the message by which panels announce themselves can be sent by any client, as often as it likes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from Xlib import X
from Xlib.ext import xfixes

from reader.x11 import XThread

_ALL_CHANGES = (
    xfixes.XFixesSetSelectionOwnerNotifyMask
    | xfixes.XFixesSelectionWindowDestroyNotifyMask
    | xfixes.XFixesSelectionClientCloseNotifyMask
)
# The shortest time between two reports of a change.
_BETWEEN_S = 0.1


class TrayManager(XThread):
    """A separate thread; `close` ends it."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        """`on_change` is called on the thread. Raises Xlib's errors if there is no X server."""
        super().__init__("tray")
        self.is_there = False
        self._on_change = on_change
        self._told_s = 0.0  # when a change was last passed on
        self._is_owned = False
        self.begin()

    def opened(self) -> None:
        self._selection = self.display.intern_atom(f"_NET_SYSTEM_TRAY_S{self.display.get_default_screen()}")
        if self.display.has_extension("XFIXES"):
            self.display.xfixes_select_selection_input(self.root, self._selection, _ALL_CHANGES)
        self._is_owned = bool(self.display.get_selection_owner(self._selection))
        self._pass_on()

    def look(self, events: list[Any]) -> float | None:
        told = self.take_told().selections.get(self._selection)
        if told:
            self._is_owned = told[0] != X.NONE
        return self._pass_on()

    def _pass_on(self) -> float | None:
        """Report a change, or return how many seconds to wait before that."""
        if self._is_owned is self.is_there:
            return None
        wait_s = self._told_s + _BETWEEN_S - time.monotonic()
        if wait_s > 0:
            return wait_s
        self._told_s = time.monotonic()
        self.is_there = self._is_owned
        self._on_change()
        return None
