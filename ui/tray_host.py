"""Whether a panel has a place for icons: asked once, and then told by D-Bus and X when one comes or goes.

Qt makes up its mind at its first question: where no panel speaks StatusNotifier then, none ever will for Qt. Panels may
come a minute after Harken at login, so Qt is asked only when there is one. GUI thread.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher

log = logging.getLogger(__name__)

_WATCHER = "org.kde.StatusNotifierWatcher"


class TrayHost(QObject):
    """Panels with StatusNotifier, over the session bus, and with XEmbed, over X. Other systems always have one."""

    # One has come or gone.
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_linux = sys.platform == "linux"
        self._notifiers = _Notifiers(self) if self._is_linux else None
        self._manager = _manager(self) if self._is_linux else None
        for part in (self._notifiers, self._manager):
            if part:
                part.changed.connect(self.changed)

    @property
    def has_notifiers(self) -> bool:
        """Whether a panel takes StatusNotifier items."""
        return self._notifiers is not None and self._notifiers.is_there

    @property
    def has_manager(self) -> bool:
        """Whether a panel takes windows of X."""
        return self._manager is not None and self._manager.is_there

    @property
    def is_there(self) -> bool:
        """Whether an icon would be seen."""
        return not self._is_linux or self.has_notifiers or self.has_manager


class _Notifiers(QObject):
    """The StatusNotifierWatcher on the session bus: a panel's, or the desktop's for all panels."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        bus = QDBusConnection.sessionBus()
        self._watcher = QDBusServiceWatcher(_WATCHER, bus, QDBusServiceWatcher.WatchModeFlag.WatchForOwnerChange, self)
        self._watcher.serviceOwnerChanged.connect(self._on_owner)
        self.is_there = bus.isConnected() and bus.interface().isServiceRegistered(_WATCHER).value() is True

    @Slot(str, str, str)
    def _on_owner(self, _name: str, _before: str, owner: str) -> None:
        self.is_there = bool(owner)
        self.changed.emit()


class _Manager(QObject):
    """The owner of X's selection _NET_SYSTEM_TRAY_Sn, which announces itself (freedesktop.org: System Tray)."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        """Raises what Xlib raises where there is no X server."""
        from Xlib import X
        from Xlib.display import Display

        super().__init__(parent)
        self._x = X
        self._display = Display()
        self._selection = self._display.intern_atom(f"_NET_SYSTEM_TRAY_S{self._display.get_default_screen()}")
        self._manager = self._display.intern_atom("MANAGER")
        self._display.screen().root.change_attributes(event_mask=X.StructureNotifyMask)
        self.is_there = False
        self._look()
        self._news = QSocketNotifier(self._display.fileno(), QSocketNotifier.Type.Read, self)
        self._news.activated.connect(self._on_news)
        self._on_news()  # what came in with the answers is not announced by the socket

    def _look(self) -> None:
        """See whether there is one, and be told when it goes."""
        from Xlib.error import BadWindow, CatchError

        owner: Any = self._display.get_selection_owner(self._selection)  # a window, or 0
        gone = CatchError(BadWindow)
        if owner:
            owner.change_attributes(event_mask=self._x.StructureNotifyMask, onerror=gone)
            self._display.sync()
        is_there = bool(owner) and not gone.get_error()
        if is_there != self.is_there:
            self.is_there = is_there
            self.changed.emit()

    @Slot()
    def _on_news(self) -> None:
        from Xlib.error import ConnectionClosedError

        try:
            while self._display.pending_events():
                event = self._display.next_event()
                is_news = event.type == self._x.ClientMessage and event.client_type == self._manager
                if is_news or event.type == self._x.DestroyNotify:
                    self._look()
        except ConnectionClosedError:  # Qt is about to end the program for the same reason
            self._news.setEnabled(False)


def _manager(parent: QObject) -> _Manager | None:
    if not os.environ.get("DISPLAY"):
        return None
    from Xlib.error import DisplayError, XError

    try:
        return _Manager(parent)
    except (DisplayError, XError, OSError) as error:
        log.info("no tray over X: %s", error)
        return None
