"""What every system's way of knowing offers."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class ScreenReader(QObject):
    """Where none can be known of: none runs. GUI thread."""

    # Whether one runs is otherwise now.
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_running = False

    def _found(self, is_running: bool) -> None:
        if is_running != self.is_running:
            self.is_running = is_running
            self.changed.emit()
