"""The sleep timer, as a menu of minutes."""

from __future__ import annotations

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from reader.core.app import App
from reader.errors import HarkenError
from reader.support.i18n import translate
from ui.bridge import Bridge

_MINUTES = (5, 15, 30, 45, 60)
_PARAGRAPH = -1


class SleepMenu(QMenu):
    """GUI thread. The core has the timer and is asked each time the menu is opened."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "Sleep ti&mer"), parent)
        self._bridge = bridge
        self._group = QActionGroup(self)
        self._add(translate("ui", "&Off"), 0)
        self._add(translate("ui", "At the end of the &paragraph"), _PARAGRAPH)
        for minutes in _MINUTES:
            self._add(translate("ui", "In %n minute(s)", None, minutes), minutes)
        self.aboutToShow.connect(lambda: bridge.ask(_chosen, self._show))

    def _add(self, label: str, minutes: int) -> None:
        action = self.addAction(label)
        action.setCheckable(True)
        action.setChecked(not minutes)
        action.setData(minutes)
        action.triggered.connect(lambda checked=False: self._choose(minutes))
        self._group.addAction(action)

    def _choose(self, minutes: int) -> None:
        async def choose(app: App) -> None:
            if minutes == _PARAGRAPH:
                app.sleep.set_paragraph()
            else:
                app.sleep.set_minutes(minutes)

        self._bridge.ask(choose, self._bridge.tell_refusal)

    def _show(self, chosen: int | HarkenError) -> None:
        """Mark the chosen entry; minutes without an entry, from a command line, mark none."""
        self._group.setExclusive(False)
        for action in self.actions():
            action.setChecked(action.data() == chosen)
        self._group.setExclusive(True)


async def _chosen(app: App) -> int:
    return _PARAGRAPH if app.sleep.is_at_paragraph else app.sleep.minutes
