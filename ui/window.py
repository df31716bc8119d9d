"""The small window for desktops without a tray: the same actions as buttons, and what Harken last said."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from reader.flow import Command
from ui.actions import Actions
from ui.icons import icon
from ui.presenter import Look


class SmallWindow(QWidget):
    """GUI thread. Closing it quits Harken, for without a tray there would be no way back to it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowIcon(icon("harken"))
        self._actions: Actions | None = None
        self._buttons: dict[Command, QPushButton] = {}
        self._state = QLabel(self)
        self._state.setWordWrap(True)
        self._state.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self._state.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(self._state)

    def set_actions(self, actions: Actions) -> None:
        """Show the actions as buttons."""
        self._actions = actions
        grid = QGridLayout()
        for i, (command, action) in enumerate(actions.by_command.items()):
            button = QPushButton(self)
            button.clicked.connect(action.trigger)
            self._buttons[command] = button
            grid.addWidget(button, i // 2, i % 2)
        for i, menu in enumerate((actions.speed_menu, actions.voice_menu)):
            grid.addWidget(_menu_button(menu, self), 3, i)
        quit_button = QPushButton(actions.quit.text(), self)
        quit_button.clicked.connect(actions.quit.trigger)
        grid.addWidget(quit_button, 4, 0, 1, 2)
        self._layout.addLayout(grid)

    def show_look(self, look: Look) -> None:
        """Follow the state."""
        self.setWindowTitle(look.title)
        self._state.setText(look.tooltip)
        if self._actions:
            for command, action in self._actions.by_command.items():
                label, _, chord = action.text().partition("\t")
                self._buttons[command].setText(label)
                self._buttons[command].setToolTip(chord)
                self._buttons[command].setAccessibleDescription(chord)
                self._buttons[command].setEnabled(action.isEnabled())

    def show_sentence(self, sentence: str) -> None:
        """Something the user should know, until the state changes."""
        self._state.setText(sentence)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """The window was closed."""
        if self._actions:
            self._actions.quit.trigger()
        event.accept()


def _menu_button(menu: QMenu, parent: QWidget) -> QPushButton:
    button = QPushButton(menu.title(), parent)
    button.setMenu(menu)
    return button
