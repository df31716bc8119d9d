"""Checks for a new version when it is due, if the user wants that. No network access before that."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Slot

from reader.core.app import App
from reader.errors import HarkenError
from reader.flow import Notice
from reader.settings.paths import state_folder
from reader.support import updates
from ui.bridge import Bridge

KEY = "system.check_updates"
# Not right after the start, which has better things to do.
_FIRST_MS = 60_000


class Updates(QObject):
    """GUI thread."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)

    def follow(self) -> None:
        """Follow the setting."""
        self._timer.stop()
        if self._bridge.settings.switch(KEY):
            due_ms = round(updates.due_in_s(state_folder(), time.time()) * 1000)
            self._timer.start(max(_FIRST_MS, due_ms))

    @Slot()
    def _look(self) -> None:
        async def look(_app: App) -> str:
            return await updates.look(state_folder())

        self._bridge.ask(look, self._tell)

    def _tell(self, answer: str | HarkenError) -> None:
        if isinstance(answer, str) and answer:
            self._bridge.tell(Notice(0, answer, is_problem=False))
        self.follow()
