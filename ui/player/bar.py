"""The bar: one row of round controls, speed and voice in plain words, and what Harken last said. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from reader.flow import Command
from reader.support.i18n import translate
from ui.menu.menu import Menu
from ui.player.buttons import LARGE_PX, RoundButton, Sign, WordsButton
from ui.player.colours import mixed
from ui.presenter import Look

_BETWEEN_PX = 4
_MARGINS_PX = (8, 8, 8, 8)
_PAUSING = ("speaking", "preparing")  # icons of states in which the large button pauses


class Bar(QWidget):
    """`play` is never disabled."""

    text_wanted = Signal(bool)
    close_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._menu: Menu | None = None
        self._play_command = Command.READ_SELECTION
        self.back = RoundButton(Sign.BACK, "", self)
        self.play = RoundButton(Sign.PLAY, "", self, diameter=LARGE_PX)
        self.forward = RoundButton(Sign.FORWARD, "", self)
        self.speed, self.voice = WordsButton(self), WordsButton(self)
        self.text = RoundButton(Sign.TEXT, translate("ui", "Show the &text"), self)
        self.more = RoundButton(Sign.MENU, translate("ui", "&Menu"), self)
        self.shut = RoundButton(Sign.CLOSE, translate("ui", "Close the &window"), self)
        self.text.setCheckable(True)
        self.text.setToolTip(translate("ui", "Show the text as it is read"))
        self.more.setToolTip(translate("ui", "Everything else"))
        self.shut.setToolTip(translate("ui", "Close this window"))
        self.message = _message(self)
        row = QHBoxLayout()
        row.setSpacing(_BETWEEN_PX)
        for control in (self.back, self.play, self.forward):
            row.addWidget(control)
        row.addStretch(1)
        row.addWidget(self.speed)
        row.addWidget(self.voice)
        row.addStretch(1)
        for control in (self.text, self.more, self.shut):
            row.addWidget(control)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(*_MARGINS_PX)
        rows.setSpacing(4)
        rows.addLayout(row)
        rows.addWidget(self.message)
        self.text.toggled.connect(self.text_wanted)
        self.shut.clicked.connect(self.close_wanted)

    def use(self, menu: Menu) -> None:
        """Connect the controls to the menu's entries."""
        self._menu = menu
        commands = menu.commands.by_command
        self.back.clicked.connect(commands[Command.PREVIOUS].trigger)
        self.forward.clicked.connect(commands[Command.NEXT].trigger)
        self.play.clicked.connect(self.go)
        self.speed.setMenu(menu.speed)
        self.voice.setMenu(menu.voice)
        self.more.setMenu(menu)
        for part in (menu.speed, menu.voice):
            part.menuAction().changed.connect(self._show_words)
        self._show_words()
        self.play.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a line below the text: on the same background, a line of text would look cut off."""
        super().paintEvent(event)
        if self.text.isChecked():
            palette = self.palette()
            line = mixed(palette.color(QPalette.ColorRole.Window), palette.color(QPalette.ColorRole.WindowText), 0.2)
            QPainter(self).fillRect(0, 0, self.width(), 1, line)

    def go(self) -> None:
        """Do what the large button does: read, pause or resume."""
        if self._menu:
            self._menu.commands.by_command[self._play_command].trigger()

    def _show_words(self) -> None:
        if self._menu:
            for button, part in ((self.speed, self._menu.speed), (self.voice, self._menu.voice)):
                button.show_words(part.words, part.title().replace("&", ""))

    def show_look(self, look: Look) -> None:
        """Follow the state."""
        can_pause = Command.PAUSE_RESUME in look.enabled
        self._play_command = Command.PAUSE_RESUME if can_pause else Command.READ_SELECTION
        self.play.show_sign(Sign.PAUSE if look.icon in _PAUSING else Sign.PLAY)
        self.message.setText(look.tooltip.partition("\n")[2] or look.title)
        if not self._menu:
            return
        labels = {
            command: action.text().partition("\t")[::2] for command, action in self._menu.commands.by_command.items()
        }
        self.play.describe(*labels[self._play_command])
        for button, command in ((self.back, Command.PREVIOUS), (self.forward, Command.NEXT)):
            button.describe(*labels[command])
            if button.hasFocus() and command not in look.enabled:
                self.play.setFocus()  # not whichever is next
            button.setEnabled(command in look.enabled)


def _message(parent: QWidget) -> QLabel:
    message = QLabel(parent)
    message.setWordWrap(True)
    message.setTextFormat(Qt.TextFormat.PlainText)  # messages of services and files are not markup
    message.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
    )
    message.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    message.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return message
