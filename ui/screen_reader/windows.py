"""Windows: the flag that screen readers set for all programs (SPI_GETSCREENREADER). Not tried on Windows yet."""

from __future__ import annotations

import ctypes
import sys

from PySide6.QtCore import QObject, QTimer

from ui.screen_reader.base import WatchedScreenReader

_SPI_GETSCREENREADER = 0x0046
_EVERY_MS = 10_000


class SystemParameter(WatchedScreenReader):
    """GUI thread. Windows does not report changes, so it is polled."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._ask)
        self._timer.start(_EVERY_MS)
        self._ask()

    def _ask(self) -> None:
        if sys.platform == "win32":
            is_on = ctypes.c_int(0)
            ctypes.windll.user32.SystemParametersInfoW(_SPI_GETSCREENREADER, 0, ctypes.byref(is_on), 0)
            self._found(bool(is_on.value))
