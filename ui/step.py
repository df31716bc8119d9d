"""The building blocks of the first steps: a title with its widgets, and text that wraps. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

_WIDTH_CHARS = 64


class Step(QWidget):
    """Not a group box: screen readers would speak its title with each button in it."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = QLabel(title, self)
        font = QFont(self.title.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(font)
        self.rows = QVBoxLayout(self)
        margins = self.rows.contentsMargins()  # aligned with the widgets above and below
        self.rows.setContentsMargins(0, margins.top(), 0, margins.bottom())
        self.rows.addWidget(self.title)


def label(text: str, parent: QWidget) -> QLabel:
    """A text that wraps."""
    made = QLabel(text, parent)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setMinimumWidth(made.fontMetrics().averageCharWidth() * _WIDTH_CHARS)
    return made
