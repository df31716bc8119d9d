"""A window with nothing in it: prints `active` when it comes to the front. Runs inside the root."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget


class Window(QWidget):
    """Tells when it is active."""

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """See QWidget."""
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            print("active", flush=True)
        super().changeEvent(event)


def main() -> None:
    """Show it until it is ended."""
    app = QApplication(["window"])
    window = Window()
    window.resize(300, 200)
    window.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    main()
