"""Whether a panel accepts icons: queried once; after that, D-Bus and X report when one comes or goes.

Qt decides when it is first asked: if no panel supports StatusNotifier then, Qt never uses it. Panels may appear a
minute after Harken at login, so Qt is asked only once there is one. GUI thread.
"""

from __future__ import annotations

import logging
import os
import sys

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusServiceWatcher

log = logging.getLogger(__name__)

_WATCHER = "org.kde.StatusNotifierWatcher"
_BUS = "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus"
_SETTLED_MS = 100


class TrayHost(QObject):
    """Panels with StatusNotifier, on the session bus, and with XEmbed, on X. Other systems always have one."""

    # A panel has come or gone.
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
        """Whether a panel accepts X windows."""
        return self._manager is not None and self._manager.is_there

    @property
    def is_there(self) -> bool:
        """Whether an icon would be visible."""
        return not self._is_linux or self.has_notifiers or self.has_manager

    def close(self) -> None:
        """Stop watching: Harken is quitting."""
        if self._manager:
            self._manager.close()


class _Notifiers(QObject):
    """The StatusNotifierWatcher on the session bus: a panel's, or the desktop's for all panels.

    Any program can take and release that name as often as it likes. So after a reported change, further reports are
    ignored for a moment, and then the bus is asked whether anyone owns it.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._bus = QDBusConnection.sessionBus()
        self._watcher = self._watch()
        self.is_there = self._bus.isConnected() and self._bus.interface().isServiceRegistered(_WATCHER).value() is True
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLED_MS)
        self._settling.timeout.connect(self._on_settled)
        self._asking: QDBusPendingCallWatcher | None = None

    def _watch(self) -> QDBusServiceWatcher:
        """Listen. Delete the watcher to stop: PySide's other ways wait for Qt's thread, which may wait for Python."""
        watcher = QDBusServiceWatcher(_WATCHER, self._bus, QDBusServiceWatcher.WatchModeFlag.WatchForOwnerChange, self)
        watcher.serviceOwnerChanged.connect(self._on_owner)
        return watcher

    @Slot(str, str, str)
    def _on_owner(self, _name: str, _before: str, owner: str) -> None:
        if not self._settling.isActive():
            self._watcher.deleteLater()
            self._settling.start()
            self._note(bool(owner))

    @Slot()
    def _on_settled(self) -> None:
        self._watcher = self._watch()
        question = QDBusMessage.createMethodCall(*_BUS, "NameHasOwner")
        question.setArguments([_WATCHER])
        self._asking = QDBusPendingCallWatcher(self._bus.asyncCall(question), self)
        self._asking.finished.connect(self._on_answer)

    @Slot(QDBusPendingCallWatcher)
    def _on_answer(self, asking: QDBusPendingCallWatcher) -> None:
        if asking is self._asking and not asking.isError() and not self._settling.isActive():
            self._note(asking.reply().arguments()[:1] == [True])
        asking.deleteLater()

    def _note(self, is_there: bool) -> None:
        if is_there is not self.is_there:
            self.is_there = is_there
            self.changed.emit()


class _Manager(QObject):
    """A panel that accepts X windows: the GUI thread's side of tray_manager.py's thread."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        """Raises Xlib's errors if there is no X server."""
        from ui.tray_manager import TrayManager

        super().__init__(parent)
        self._manager = TrayManager(self.changed.emit)

    @property
    def is_there(self) -> bool:
        """Whether there is one."""
        return self._manager.is_there

    def close(self) -> None:
        """Stop watching."""
        self._manager.close()


def _manager(parent: QObject) -> _Manager | None:
    if not os.environ.get("DISPLAY"):
        return None
    from Xlib.error import DisplayError, XError

    try:
        return _Manager(parent)
    except (DisplayError, XError, OSError) as error:
        log.info("no tray over X: %s", error)
        return None
