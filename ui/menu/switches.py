"""Settings that are on or off, as entries with a check mark."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from ui.bridge import Bridge

LABELS = {
    "reading.every_selection": QT_TRANSLATE_NOOP("ui", "Read new selections au&tomatically"),
    "system.start_at_login": QT_TRANSLATE_NOOP("ui", "Start at &login"),
}


class Switches:
    """GUI thread."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        self._bridge = bridge
        self.by_key: dict[str, QAction] = {}
        for key, label in LABELS.items():
            action = QAction(translate("ui", label), parent)
            action.setCheckable(True)
            action.triggered.connect(lambda checked, key=key: bridge.change(key, checked))
            self.by_key[key] = action
        self.show()

    def show(self) -> None:
        """Follow the settings: one may have changed, or failed to change."""
        for key, action in self.by_key.items():
            action.setChecked(self._bridge.settings.switch(key))
