"""A colour: typed in HTML notation, or picked in a dialog."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QColorDialog, QLineEdit, QPushButton, QWidget

from reader.settings.setting import Setting, Value
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.field import Field

_SWATCH_PX = 24


class ColourField(Field):
    """GUI thread."""

    def __init__(self, setting: Setting, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(setting, bridge, parent)
        self._line = QLineEdit(self)
        self._line.editingFinished.connect(self._finished)
        self._button = QPushButton(translate("ui", "Choose…"), self)
        self._button.setAutoDefault(True)
        self._button.clicked.connect(self._ask)
        self.place(self._line, self._button)
        self._button.setAccessibleName(translate("ui", "Choose: {name}").format(name=self.name))

    def show_value(self, value: Value) -> None:
        if self._line.text() != value:
            self._line.setText(str(value))
        swatch = QPixmap(_SWATCH_PX, _SWATCH_PX)
        swatch.fill(QColor(str(value)))
        painter = QPainter(swatch)
        painter.setPen(self.palette().color(QPalette.ColorRole.ButtonText))
        painter.drawRect(swatch.rect().adjusted(0, 0, -1, -1))
        painter.end()
        self._button.setIcon(QIcon(swatch))

    @Slot()
    def _finished(self) -> None:
        if self._line.text() != self.value:
            self.change(self._line.text())

    def refuse(self, sentence: str) -> None:
        """What was typed stays, to be corrected, as long as the field has the focus."""
        if self._line.hasFocus():
            self.say(sentence)
        else:
            super().refuse(sentence)

    @Slot()
    def _ask(self) -> None:
        dialog = QColorDialog(QColor(str(self.value)), self)
        dialog.setWindowTitle(self.name)
        dialog.colorSelected.connect(lambda colour: self.change(colour.name()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
