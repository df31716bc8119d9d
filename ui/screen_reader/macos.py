"""macOS: Qt's accessibility becomes active when VoiceOver looks at a window. Not tried on macOS yet."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible

from ui.screen_reader.base import WatchedScreenReader

_EVERY_MS = 10_000


class QtActive(WatchedScreenReader):
    """GUI thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._ask)
        self._timer.start(_EVERY_MS)

    def _ask(self) -> None:
        self._found(QAccessible.isActive())
