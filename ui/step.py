"""What the first steps are made of: a title and what belongs to it, and texts that wrap. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

_WIDTH_CHARS = 64


class Step(QWidget):
    """No group box: a screen reader would say its title with each button in it."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = QLabel(title, self)
        font = QFont(self.title.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(font)
        self.rows = QVBoxLayout(self)
        margins = self.rows.contentsMargins()  # as far in as what stands above and below
        self.rows.setContentsMargins(0, margins.top(), 0, margins.bottom())
        self.rows.addWidget(self.title)


def label(text: str, parent: QWidget) -> QLabel:
    """A text that wraps."""
    made = QLabel(text, parent)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setMinimumWidth(made.fontMetrics().averageCharWidth() * _WIDTH_CHARS)
    return made
