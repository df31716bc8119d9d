"""The speeds, as steps of a menu whose title shows the current one."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from reader.flow import words_a_minute
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.menu.choices import Choices
from ui.presenter import SPEEDS, speed_label


class SpeedMenu(QMenu):
    """GUI thread."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._choices = Choices(lambda value: bridge.change("voice.speed", value))
        self._speed = bridge.settings.number("voice.speed")
        self._between: QAction | None = None  # the entry for a speed that is not one of the steps
        self._steps = {speed: self._choices.add(self, self._label(speed), speed) for speed in SPEEDS}
        self.show_speed(self._speed)

    def show_speed(self, speed: float) -> None:
        """Mark the current speed, in an extra entry when it is between two steps."""
        self._speed = speed
        if self._between:
            self._choices.forget(self._between)
            self.removeAction(self._between)
            self._between.deleteLater()
            self._between = None
        shown = next((step for step in SPEEDS if round(step, 2) == round(speed, 2)), None)
        if shown is None:
            shown = speed
            above = next((action for step, action in self._steps.items() if step > speed), None)
            self._between = self._choices.add(self, self._label(speed), speed, before=above)
        self._choices.mark(shown)
        self._show_title()

    @property
    def words(self) -> str:
        """The current speed, in plain words."""
        return translate("ui", "%n words a minute", None, words_a_minute(self._speed))

    def _show_title(self) -> None:
        self.setTitle(translate("ui", "Spee&d: %n words a minute", None, words_a_minute(self._speed)))

    @staticmethod
    def _label(speed: float) -> str:
        return speed_label(speed, QLocale().toString(speed, "g", 3))
