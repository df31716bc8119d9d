"""What closing the player means: with an icon in a panel the window is hidden; without one the user is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QMessageBox, QWidget

from reader.flow import Command
from reader.support.i18n import translate


class ClosingQuestion(QMessageBox):
    """Asks whether Harken should keep running without its window, or quit. `open` shows it. GUI thread."""

    def __init__(self, window: QWidget, keys: Mapping[Command, str], quit_harken: Callable[[], None]) -> None:
        """`keys` are those that work now."""
        super().__init__(window)
        self.setWindowTitle(translate("ui", "Harken"))
        self.setIcon(QMessageBox.Icon.Question)
        self.setText(translate("ui", "Keep Harken running without the player?"))
        if key := keys.get(Command.SHOW):
            back = translate("ui", "Its keys keep working. {key} or “harken show” brings the player back.")
            self.setInformativeText(back.format(key=key))
        elif keys:
            self.setInformativeText(
                translate("ui", "Its keys keep working. “harken show” in a terminal brings the player back.")
            )
        else:
            self.setInformativeText(translate("ui", "“harken show” in a terminal brings the player back."))
        keep = self.addButton(translate("ui", "&Keep running"), QMessageBox.ButtonRole.AcceptRole)
        leave = self.addButton(translate("ui", "&Quit Harken"), QMessageBox.ButtonRole.DestructiveRole)
        self.addButton(QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(keep)
        keep.clicked.connect(window.hide)
        leave.clicked.connect(lambda: quit_harken())
        self.finished.connect(self.deleteLater)
