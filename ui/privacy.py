"""“What Harken reads and where it goes”, as a window that follows the settings while it is open."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout

from reader.flow import Event, SettingChanged
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.icons import icon
from ui.plain_window import PlainWindow
from ui.privacy_text import Section, sections
from ui.raise_window import bring_to_front

_SIZE = QSize(600, 560)


class PrivacyWindow(PlainWindow):
    """GUI thread. Closing it hides it."""

    settings_wanted = Signal()
    help_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.setWindowTitle(translate("ui", "What Harken reads and where it goes"))
        self.setWindowIcon(icon("harken"))
        self.text = QTextBrowser(self)
        self.text.setAccessibleName(self.windowTitle())
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        settings = QPushButton(translate("ui", "S&ettings…"), self)
        settings.clicked.connect(self.settings_wanted)
        helping = QPushButton(translate("ui", "&Help"), self)
        helping.clicked.connect(self.help_wanted)
        close = QPushButton(translate("ui", "&Close"), self)
        close.clicked.connect(self.close)
        buttons, rows = QHBoxLayout(), QVBoxLayout(self.content)
        buttons.addWidget(settings)
        buttons.addWidget(helping)
        buttons.addStretch(1)
        buttons.addWidget(close)
        rows.addWidget(self.text, 1)
        rows.addLayout(buttons)
        self.resize_within_screen(_SIZE)
        bridge.happened.connect(self._on_event)
        self._told: list[Section] = []
        self._follow()

    def open(self) -> None:
        """Show it."""
        self._follow()
        bring_to_front(self)
        self.text.setFocus()

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, SettingChanged):
            self._follow()

    def _follow(self) -> None:
        told = sections(self._bridge.settings)
        if told == self._told:
            return  # the reading position stays
        self._told = told
        self.text.setHtml("".join(map(_html, told)))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


def _html(section: Section) -> str:
    sentences = "".join(f"<li>{escape(sentence)}</li>" for sentence in section.sentences)
    return f"<h3>{escape(section.title)}</h3><ul>{sentences}</ul>"
