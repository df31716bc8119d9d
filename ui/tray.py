"""The icon in a panel, as soon as there is a panel. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from reader.support.i18n import translate
from ui.icons import icon
from ui.tray_host import TrayHost

# How long a message stays on the screen, if the desktop leaves that to programs.
MESSAGE_MS = 8000


class Tray(QObject):
    """Qt's icon, created once it can be seen: see tray_host.py."""

    # It has become visible, or is no longer.
    changed = Signal()
    # It was clicked, other than for its menu.
    clicked = Signal()

    def __init__(self, menu: QMenu, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._menu = menu
        self._host = TrayHost(self)
        self._host.changed.connect(self._on_host)
        self._icon: QSystemTrayIcon | None = None
        self._is_notifier = False  # the icon uses StatusNotifier
        self._was_seen = False
        self._look = QIcon(), ""  # and the tooltip

    def start(self) -> None:
        """Show the icon if there is a panel; else when there is one."""
        if self._icon is None and self._host.is_there:
            self._is_notifier = self._host.has_notifiers
            self._icon = QSystemTrayIcon(self)
            self._icon.setContextMenu(self._menu)
            self._icon.activated.connect(self._on_activated)
            self.show_look(*self._look)
            self._icon.show()
        self._was_seen = self.is_seen

    @property
    def is_seen(self) -> bool:
        """Whether the icon is in a panel."""
        if self._icon is None:
            return False
        if self._is_notifier:
            return self._host.has_notifiers
        return self._host.is_there and QSystemTrayIcon.isSystemTrayAvailable()

    def show_look(self, image: QIcon, tooltip: str) -> None:
        """Follow the state."""
        self._look = image, tooltip
        if self._icon:
            self._icon.setIcon(image)
            self._icon.setToolTip(tooltip)

    def show_message(self, sentence: str) -> None:
        """Have the desktop show a sentence for a while."""
        if self._icon:
            self._icon.showMessage(translate("ui", "Harken"), sentence, icon("harken"), MESSAGE_MS)

    def hide(self) -> None:
        """Remove the icon: Harken is quitting."""
        self._host.close()
        if self._icon:
            self._icon.hide()

    @Slot()
    def _on_host(self) -> None:
        was_seen = self._was_seen
        self.start()
        if self._was_seen is not was_seen:  # other panels come and go too
            self.changed.emit()

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.clicked.emit()
