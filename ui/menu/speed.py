"""The speeds, as steps of a menu whose title tells the one in force. Words a minute are those of the voice in use."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from reader.app import App
from reader.errors import HarkenError
from reader.flow import NORMAL_WPM, told_pace
from reader.words import translate
from ui.bridge import Bridge
from ui.menu.choices import Choices
from ui.presenter import SPEEDS, speed_label


class SpeedMenu(QMenu):
    """GUI thread."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._choices = Choices(lambda value: bridge.change("voice.speed", value))
        self._own_pace = float(NORMAL_WPM)  # words a minute at speed 1.0
        self._speed = bridge.settings.number("voice.speed")
        self._between: QAction | None = None  # the entry of a speed that is no step
        self._steps = {speed: self._choices.add(self, self._label(speed), speed) for speed in SPEEDS}
        self.show_speed(self._speed)

    def show_speed(self, speed: float) -> None:
        """Mark the speed in force, in an entry of its own when it is between two steps."""
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

    def show_pace(self, words_a_minute: float) -> None:
        """So many are read in a minute at the speed in force."""
        self._own_pace = words_a_minute / self._speed
        for speed, action in self._steps.items():
            action.setText(self._label(speed))
        if self._between:
            self._between.setText(self._label(self._speed))
        self._show_title()

    def ask_pace(self) -> None:
        """The voice is another one, or just ready: find out its pace."""
        self._bridge.ask(_pace, self._found)

    def _found(self, words_a_minute: int | HarkenError) -> None:
        if not isinstance(words_a_minute, HarkenError):
            self.show_pace(words_a_minute)

    def _show_title(self) -> None:
        told = told_pace(self._own_pace * self._speed)
        self.setTitle(translate("ui", "Spee&d: %n words a minute", None, told))

    def _label(self, speed: float) -> str:
        return speed_label(self._own_pace * speed, QLocale().toString(speed, "g", 3))


async def _pace(app: App) -> int:
    await app.wait_until_warm()  # before, nobody knows which voice it will be
    return app.words_a_minute
