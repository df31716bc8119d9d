"""“That was read wrongly…”: from a sentence just heard to correcting how one of its words sounds."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

import reader.core.words
from reader.core.words import HeardSentence
from reader.errors import HarkenError
from reader.flow import Event, SegmentStarted
from reader.support.i18n import translate
from ui.bridge import Bridge


class Misread(QAction):
    """Enabled once something of the user's was read. GUI thread."""

    def __init__(self, bridge: Bridge, do: Callable[[], None], parent: QObject) -> None:
        super().__init__(translate("ui", "Correct a pro&nunciation…"), parent)
        self._bridge = bridge
        self.setEnabled(False)
        self.triggered.connect(lambda: do())
        bridge.happened.connect(self._on_event)

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, SegmentStarted) and not self.isEnabled():  # may also be a sentence of Harken's own
            self._bridge.ask(reader.core.words.heard, self._allow)

    def _allow(self, heard: list[HeardSentence] | HarkenError) -> None:
        if not isinstance(heard, HarkenError):
            self.setEnabled(bool(heard))
