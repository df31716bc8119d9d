"""Lets the key read text in Harken's own windows, as in other programs', and leaves Esc to the windows.

The desktop is asked what other programs show. That leaves out Harken's windows, as one of its buttons must not be taken
for text; so Harken itself tells the core what is selected in its active window.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTextEdit, QWidget

from reader.core.app import App
from ui.bridge import Bridge

_Text = QTextEdit | QPlainTextEdit


class OwnSelection(QObject):
    """Watches the selection in the active window, even while one of its buttons has the focus. GUI thread."""

    def __init__(self, bridge: Bridge, app: QApplication) -> None:
        super().__init__()
        self._bridge = bridge
        self._texts: list[_Text] = []
        self._is_in_front = False
        self._told = (False, "")
        app.focusChanged.connect(self._on_focus)

    @Slot(QWidget, QWidget)
    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        for text in self._texts:
            text.selectionChanged.disconnect(self._tell)
        self._texts = _texts(new) if new else []
        self._is_in_front = new is not None
        for text in self._texts:
            text.selectionChanged.connect(self._tell)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        selections = (text.textCursor().selection().toPlainText() for text in self._texts)
        selected = next(filter(None, selections), "")
        told = (self._is_in_front, selected)
        if told == self._told:
            return
        self._told = told

        async def tell(app: App) -> None:
            app.desktop.set_own_window(*told)

        self._bridge.ask(tell, lambda _: None)


def _texts(focused: QWidget) -> list[_Text]:
    """The texts of a window, the focused one first."""
    window = focused.window()
    found: list[_Text] = [*window.findChildren(QTextEdit), *window.findChildren(QPlainTextEdit)]
    return sorted(found, key=lambda text: text is not focused)
