"""The interface of every system's screen reader detection."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from reader.flow import ScreenReader


class WatchedScreenReader(QObject):
    """The default: no screen reader is detected. GUI thread."""

    # `found` has changed, and the core must know.
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found = ScreenReader()

    def _found(self, is_running: bool) -> None:
        found = ScreenReader(is_running, says_announcements=is_running)
        if found != self.found:
            self.found = found
            self.changed.emit()
