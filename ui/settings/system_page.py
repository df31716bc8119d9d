"""The page Privacy & System: where the text that is read goes, and where Harken stores its files."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton

from reader.flow import Event, SettingChanged
from reader.settings.paths import log_file, settings_file, shown
from reader.settings.setting import Page
from reader.support.i18n import translate
from ui.announce import announce
from ui.bridge import Bridge
from ui.privacy_text import sections
from ui.settings.page import SettingsPage

_LTR_ISOLATE, _END_OF_ISOLATE = "\u2066", "\u2069"


class SystemPage(SettingsPage):
    """GUI thread."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(Page.SYSTEM, bridge)

    def build(self) -> None:
        super().build()
        self.add_heading(translate("ui", "What Harken reads and where it goes"))
        self._privacy = self.add_paragraph("")
        # Tab reaches it, so that it can be read without sight.
        self._privacy.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self._privacy.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tell_privacy()
        self.add_heading(translate("ui", "Files"))
        for label, path in (
            (translate("ui", "Open the &log folder"), log_file().parent),
            (translate("ui", "Open the settings &file"), settings_file()),
        ):
            button = QPushButton(label, self.inside)
            button.setAutoDefault(True)
            button.setAccessibleDescription(shown(path))
            self.add_button(button)
            told = self.add_paragraph(self._isolated(shown(path)))
            button.clicked.connect(lambda checked=False, path=path, told=told: _open(path, told))

    def _isolated(self, path: str) -> str:
        """Keep a path left-to-right: alone on a right-to-left line, it would start with its last sign."""
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return f"{_LTR_ISOLATE}{path}{_END_OF_ISOLATE}" if is_mirrored else path

    def on_event(self, event: Event) -> None:
        super().on_event(event)
        if isinstance(event, SettingChanged):
            self._tell_privacy()

    def _tell_privacy(self) -> None:
        """Show what applies with the current settings."""
        told = ["\n".join([section.title, *section.sentences]) for section in sections(self.bridge.settings)]
        self._privacy.setText("\n\n".join(told))


def _open(path: Path, told: QLabel) -> None:
    """Open a file or folder with the desktop's program for it, or its nearest existing parent folder."""
    while not os.path.exists(path) and path != path.parent:
        path = path.parent
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        told.setText(translate("ui", "No program here can open {path}.").format(path=shown(path)))
        announce(told, told.text())
