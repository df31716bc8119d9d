"""Linux: the core knows, from the accessibility bus (reader/desktop/screen_reader.py), and reports it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from reader.flow import Event, ScreenReaderChanged
from ui.bridge import Bridge
from ui.screen_reader.base import WatchedScreenReader


class ToldByCore(WatchedScreenReader):
    """GUI thread."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        bridge.happened.connect(self._on_event)

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, ScreenReaderChanged):
            self.found = event.screen_reader
