"""The small window: the menu's entries as buttons, and what Harken last said.

It takes the place of an icon where no panel has one, and is there for people who can't get at that icon.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from reader.flow import Command
from ui.icons import icon
from ui.menu.menu import Menu
from ui.presenter import Look


class SmallWindow(QWidget):
    """GUI thread."""

    # The user has closed it: its owner decides what that means, and it stays until then.
    close_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowIcon(icon("harken"))
        self._menu: Menu | None = None
        self._buttons: dict[Command, QPushButton] = {}
        self._state = QLabel(self)
        self._state.setWordWrap(True)
        self._state.setTextFormat(Qt.TextFormat.PlainText)  # what a service or a file says is no markup
        self._state.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self._state.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(self._state)

    def set_menu(self, menu: Menu) -> None:
        """Show the menu's entries as buttons."""
        self._menu = menu
        self._buttons = {c: self._button(action) for c, action in menu.commands.by_command.items()}
        self._add_grid(list(self._buttons.values()))
        self._add_grid([_menu_button(submenu, self) for submenu in menu.submenus])
        self._add_grid([self._button(action) for action in menu.entries])
        next(iter(self._buttons.values())).setFocus()

    def _button(self, action: QAction) -> QPushButton:
        button = QPushButton(action.text().partition("\t")[0], self)
        button.clicked.connect(action.trigger)
        return button

    def _add_grid(self, buttons: list[QPushButton]) -> None:
        grid = QGridLayout()
        for column in (0, 1):
            grid.setColumnMinimumWidth(column, max(button.sizeHint().width() for button in buttons))
        for i, button in enumerate(buttons):
            is_alone = i == len(buttons) - 1 and i % 2 == 0
            grid.addWidget(button, i // 2, i % 2, 1, 2 if is_alone else 1)
        self._layout.addLayout(grid)

    def show_look(self, look: Look) -> None:
        """Follow the state."""
        self.setWindowTitle(look.title)
        self._state.setText(look.tooltip)
        self._keep_focus(look)
        for command, button in self._buttons.items():
            assert self._menu
            label, _, chord = self._menu.commands.by_command[command].text().partition("\t")
            button.setText(label)
            button.setToolTip(chord)
            button.setAccessibleDescription(chord)
            button.setEnabled(command in look.enabled)

    def _keep_focus(self, look: Look) -> None:
        """A button about to be disabled gives the focus to the one that is always of use, not to whichever is next."""
        focused = next((command for command, button in self._buttons.items() if button.hasFocus()), None)
        if focused and focused not in look.enabled:
            self._buttons[Command.READ_SELECTION].setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """The window was closed; by Qt itself when Harken ends."""
        if event.spontaneous():
            event.ignore()
            self.close_wanted.emit()
        else:
            event.accept()


def _menu_button(menu: QMenu, parent: QWidget) -> QPushButton:
    button = QPushButton(menu.title(), parent)
    button.setMenu(menu)
    menu.menuAction().changed.connect(lambda: button.setText(menu.title()))
    return button
