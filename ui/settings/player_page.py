"""The page about the player: the contrast of the user's own two colours is shown below them."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from reader.flow import Event, SettingChanged
from reader.settings.setting import Page
from reader.support.i18n import translate
from ui.announce import announce
from ui.appearance import MIN_CONTRAST, contrast
from ui.bridge import Bridge
from ui.settings.field import Field
from ui.settings.page import SettingsPage

_PAIR = ("player.ink", "player.ground")
# WCAG 2.2, 1.4.6.
_GOOD_CONTRAST = 7.0


class PlayerPage(SettingsPage):
    """GUI thread."""

    def __init__(self, bridge: Bridge) -> None:
        self.told_contrast: QLabel | None = None
        super().__init__(Page.PLAYER, bridge)

    def add_field(self, key: str) -> Field:
        """Also adds the contrast below the pair."""
        field = super().add_field(key)
        if key == _PAIR[-1]:
            self.told_contrast = self.add_paragraph(self._contrast())
        return field

    def on_event(self, event: Event) -> None:
        """Update the contrast when it has changed."""
        super().on_event(event)
        if isinstance(event, SettingChanged) and event.key in _PAIR and self.told_contrast:
            self.told_contrast.setText(self._contrast())
            if self.isVisible():
                announce(self.told_contrast, self.told_contrast.text())

    def _contrast(self) -> str:
        found = contrast(*(QColor(self.bridge.settings.text(key)) for key in _PAIR))
        if found >= _GOOD_CONTRAST:
            sentence = translate("ui", "The contrast of your own colours is {ratio} to 1: good for reading.")
        elif found >= MIN_CONTRAST:
            sentence = translate("ui", "The contrast of your own colours is {ratio} to 1: enough for most people.")
        else:
            sentence = translate("ui", "The contrast of your own colours is {ratio} to 1: too low to read comfortably.")
        return sentence.format(ratio=QLocale().toString(found, "f", 1))
