"""The step in which users let Harken see other programs' text, on systems that require that. GUI thread.

It polls every second until this is allowed, because macOS sends no notification.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QWidget

from reader.core.app import App
from reader.errors import HarkenError
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.step import Step, label

_ASK_MS = 1000


class PermissionStep(Step):
    """Only created if the permission is missing."""

    # The permission was granted; the sentence to speak.
    given = Signal(str)
    # Its size has changed.
    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "4. Let Harken see other programs' text"), parent)
        self._bridge = bridge
        self.hint = label("", self)
        self.button = QPushButton(translate("ui", "Allo&w in System Settings…"), self)
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_clicked)
        self.rows.addWidget(self.hint)
        self.rows.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeading)
        self._timer = QTimer(self)
        self._timer.setInterval(_ASK_MS)
        self._timer.timeout.connect(self._look)
        self._is_given: bool | None = None  # not known yet

    def told(self) -> list[str]:
        """The text it shows, to be spoken."""
        return [self.title.text(), self.hint.text()]

    def follow(self, is_given: bool) -> None:
        """Show the system's answer."""
        if is_given is self._is_given:
            return
        was_missing, self._is_given = self._is_given is False, is_given
        self.hint.setText(
            translate("ui", "Harken can see other programs' text now.")
            if is_given
            else translate(
                "ui",
                "macOS does not let Harken see it yet. Press the button, and turn on Harken in the list that appears.",
            )
        )
        self.button.setAccessibleDescription(self.hint.text())
        self.button.setVisible(not is_given)
        self.changed.emit()
        if is_given:
            self._timer.stop()
        elif self.isVisible():
            self._timer.start()
        if is_given and was_missing:
            self.given.emit(self.hint.text())

    @Slot()
    def _on_clicked(self) -> None:
        async def ask(app: App) -> None:
            if app.desktop.permission:
                await app.desktop.permission.ask()

        self._bridge.ask(ask, self._bridge.tell_refusal)

    @Slot()
    def _look(self) -> None:
        self._bridge.ask(is_allowed, self._on_answer)

    def _on_answer(self, is_given: bool | HarkenError | None) -> None:
        if is_given is not None and not isinstance(is_given, HarkenError):
            self.follow(is_given)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Start polling."""
        if self._is_given is False:
            self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop polling."""
        self._timer.stop()
        super().hideEvent(event)


async def is_allowed(app: App) -> bool | None:
    """Whether Harken may see other programs' text; None if the system requires no permission."""
    return await app.desktop.permission.is_given() if app.desktop.permission else None
