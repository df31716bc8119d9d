"""A window with a single content area. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMainWindow, QWidget

# Room for the desktop's window frame.
_FRAME = QSize(16, 48)


class PlainWindow(QMainWindow):
    """Widgets go into the layout of `content`.

    To assistive technology this is a window; a plain QWidget would only be filler, whatever its name.
    """

    def __init__(self) -> None:
        super().__init__()
        self.content = QWidget(self)
        self.setCentralWidget(self.content)

    def resize_within_screen(self, size: QSize) -> None:
        """Resize to `size`, or to what fits on its screen."""
        self.resize(size.boundedTo(self.screen().availableSize() - _FRAME))
