"""A window that holds one thing. GUI thread."""

from __future__ import annotations

from PySide6.QtWidgets import QMainWindow, QWidget


class PlainWindow(QMainWindow):
    """What is in it goes into the layout of `content`.

    To assistive technology this is a window; a QWidget by itself would only be filler, whatever it is called.
    """

    def __init__(self) -> None:
        super().__init__()
        self.content = QWidget(self)
        self.setCentralWidget(self.content)
