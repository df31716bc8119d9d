"""The page Privacy & System: what becomes of the text that is read, and where Harken keeps its files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton

from reader.settings.paths import log_file, settings_file
from reader.settings.setting import Page
from reader.words import translate
from ui.bridge import Bridge
from ui.settings.field import announce
from ui.settings.page import SettingsPage


class SystemPage(SettingsPage):
    """GUI thread."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(Page.SYSTEM, bridge)

    def build(self) -> None:
        """See SettingsPage."""
        super().build()
        self.add_heading(translate("ui", "What Harken reads and where it goes"))
        for text in (
            translate(
                "ui",
                "Harken reads what you have selected, copied or focused, and only when you ask for it. If you have "
                "switched on that every new selection is read, that is asking.",
            ),
            translate(
                "ui",
                "With a voice on this computer the text stays on this computer. With a voice of Amazon Polly it is "
                "sent, encrypted, to the region of Amazon Web Services that you have chosen, and to nobody else.",
            ),
            translate(
                "ui",
                "The text is never written to a file or to the log. The last readings are kept in memory until Harken "
                "ends; this can be switched off on the page Reading.",
            ),
        ):
            self.add_paragraph(text)
        self.add_heading(translate("ui", "Files"))
        for label, path in (
            (translate("ui", "Open the folder of the &log"), log_file().parent),
            (translate("ui", "Open the settings &file"), settings_file()),
        ):
            button = QPushButton(label, self.inside)
            button.setAutoDefault(True)
            button.setAccessibleDescription(str(path))
            self.rows.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
            told = self.add_paragraph(str(path))
            button.clicked.connect(lambda checked=False, path=path, told=told: _open(path, told))


def _open(path: Path, told: QLabel) -> None:
    """Open a file or folder with the program the desktop has for it; one that is not there yet: the folder it is in."""
    while not path.exists() and path != path.parent:
        path = path.parent
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        told.setText(translate("ui", "Nothing here opens {path}.").format(path=path))
        announce(told, told.text())
