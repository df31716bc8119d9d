"""One page of the settings window: a heading, a field for each setting, and a button that resets them all."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton, QScrollArea, QVBoxLayout, QWidget

from reader.flow import Event, SettingChanged, SpeedChanged, VolumeChanged
from reader.settings.schema import SETTINGS
from reader.settings.setting import Page
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.field import FRAME_PX, Field
from ui.settings.fields import make_field
from ui.settings.search import page_title

_BETWEEN_PX = 8


class SettingsPage(QScrollArea):
    """A page. Subclasses override `build`, and use the `add_…` methods there. GUI thread."""

    def __init__(self, page: Page, bridge: Bridge) -> None:
        super().__init__()
        self.page = page
        self.bridge = bridge
        self.fields: dict[str, Field] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields have it
        self.setAccessibleName(page_title(page))
        self.inside = QWidget(self)
        self.inside.setAccessibleName(page_title(page))
        self.rows = QVBoxLayout(self.inside)
        self.rows.setSpacing(_BETWEEN_PX)
        self.add_heading(page_title(page))
        self.build()
        self.rows.addStretch(1)
        self._reset = QPushButton(translate("ui", "Reset this page…"), self.inside)
        self._reset.setAutoDefault(True)
        self._reset.clicked.connect(self._ask_reset)
        self._reset.setVisible(bool(self.fields))
        self.add_button(self._reset)
        self.setWidget(self.inside)

    def build(self) -> None:
        """Fill the page, from the top."""
        self.add_settings()

    def add_settings(self) -> None:
        """Add a field for each of this page's settings that has none yet."""
        for setting in SETTINGS.values():
            if setting.page is self.page and setting.key not in self.fields:
                self.add_field(setting.key)

    def add_field(self, key: str) -> Field:
        """Add a setting's field."""
        field = make_field(SETTINGS[key], self.bridge, self.inside)
        self.fields[key] = field
        self.rows.addWidget(field)
        return field

    def add_button(self, button: QWidget) -> None:
        """Add a button, aligned with the contents of the fields' frames."""
        row = QHBoxLayout()
        row.setContentsMargins(FRAME_PX, 0, FRAME_PX, 0)
        row.addWidget(button)
        row.addStretch(1)
        self.rows.addLayout(row)

    def add_heading(self, text: str) -> QLabel:
        """Add a heading."""
        label = self.add_paragraph(text)
        font = QFont(label.font())
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setWeight(QFont.Weight.DemiBold)
        label.setFont(font)
        return label

    def add_paragraph(self, text: str) -> QLabel:
        """Add some sentences."""
        label = QLabel(text, self.inside)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setContentsMargins(FRAME_PX, 0, FRAME_PX, 0)  # indented like the fields
        self.rows.addWidget(label)
        return label

    def on_event(self, event: Event) -> None:
        """Follow the core's events."""
        if isinstance(event, SettingChanged) and event.key in self.fields:
            self.fields[event.key].follow()
        elif isinstance(event, SpeedChanged) and "voice.speed" in self.fields:
            self.fields["voice.speed"].show_now(event.speed)
        elif isinstance(event, VolumeChanged) and "sound.volume" in self.fields:
            self.fields["sound.volume"].show_now(round(100 * event.volume))

    def reset(self) -> None:
        """Reset every field to its default."""
        for field in self.fields.values():
            if not field.is_default:
                field.reset()

    def _ask_reset(self) -> None:
        # A field may stand for two settings.
        changed = list(dict.fromkeys(field.name for field in self.fields.values() if not field.is_default))
        if not changed:
            text = translate("ui", "All settings on this page have their default values.")
            QMessageBox.information(self, page_title(self.page), text)
            return
        text = translate("ui", "Reset these %n setting(s)?", None, len(changed))
        answer = QMessageBox.question(self, page_title(self.page), "\n".join([text, "", *changed]))
        if answer == QMessageBox.StandardButton.Yes:
            self.reset()
