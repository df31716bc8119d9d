"""The page Privacy & System: what becomes of the text that is read, and where Harken keeps its files."""

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
        # Reached with Tab, so that it can be read without seeing it.
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
        """A path is written from left to right: one alone on a line would begin with its last sign otherwise."""
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return f"{_LTR_ISOLATE}{path}{_END_OF_ISOLATE}" if is_mirrored else path

    def on_event(self, event: Event) -> None:
        super().on_event(event)
        if isinstance(event, SettingChanged):
            self._tell_privacy()

    def _tell_privacy(self) -> None:
        """What holds with the settings as they are."""
        told = ["\n".join([section.title, *section.sentences]) for section in sections(self.bridge.settings)]
        self._privacy.setText("\n\n".join(told))


def _open(path: Path, told: QLabel) -> None:
    """Open a file or folder with the program the desktop has for it; one that is not there yet: the folder it is in."""
    while not os.path.exists(path) and path != path.parent:
        path = path.parent
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        told.setText(translate("ui", "No program here can open {path}.").format(path=shown(path)))
        announce(told, told.text())
