"""A window that holds one thing. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMainWindow, QWidget

# Room for what the desktop puts around a window.
_FRAME = QSize(16, 48)


class PlainWindow(QMainWindow):
    """What is in it goes into the layout of `content`.

    To assistive technology this is a window; a QWidget by itself would only be filler, whatever it is called.
    """

    def __init__(self) -> None:
        super().__init__()
        self.content = QWidget(self)
        self.setCentralWidget(self.content)

    def resize_within_screen(self, size: QSize) -> None:
        """As large as that, or as what its screen has room for."""
        self.resize(size.boundedTo(self.screen().availableSize() - _FRAME))
