"""Somebody else's dialog: what has the focus in it is known."""

from __future__ import annotations

import sys

from tests.desktop.accessible import Watcher
from tests.desktop.desk import Desk, wait_for

_DIALOG = (
    "import sys\n"
    "from PySide6.QtWidgets import *\n"
    "app = QApplication(['dialog']); w = QDialog(); rows = QVBoxLayout(w)\n"
    "w.setWindowTitle('dialog')\n"
    "for name in ('Apple', 'Banana', 'Cherry', 'Date', 'Elder'): rows.addWidget(QPushButton(name))\n"
    "box = QCheckBox('Send reports'); box.setChecked(True); rows.addWidget(box)\n"
    "secret = QLineEdit('hunter2 secret'); secret.setEchoMode(QLineEdit.EchoMode.Password); rows.addWidget(secret)\n"
    "w.resize(400, 400); w.show(); app.exec()\n"
)


def open_dialog(desk: Desk) -> int:
    """Five buttons, a box that is checked, a password; the first button has the focus."""
    script = desk.home / "dialog.py"
    script.write_text(_DIALOG)
    window = desk.open_window([sys.executable, str(script)], "dialog")
    watcher = Watcher(desk)
    try:
        wait_for(
            lambda: (item := watcher.focused()) and watcher.read(item, "Accessible", "Name") == "Apple", "the focus"
        )
    finally:
        watcher.close()
    return window
