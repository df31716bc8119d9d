"""A window with nothing in it: prints `active` when it comes to the front, and each key. Runs inside the root."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget


class Window(QWidget):
    """Tells when it is active, and which keys it gets."""

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """See QWidget."""
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            print("active", flush=True)
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """See QWidget."""
        print(f"key {Qt.Key(event.key()).name.removeprefix('Key_')}", flush=True)


def main() -> None:
    """Show it until it is ended."""
    app = QApplication(["window"])
    window = Window()
    window.resize(300, 200)
    window.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    main()
