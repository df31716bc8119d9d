"""The page of the hotkeys. It says of each that can't be had why not."""

from __future__ import annotations

import sys

from PySide6.QtGui import QShowEvent

from reader.errors import HarkenError
from reader.settings.setting import Page
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.chord_field import ChordField
from ui.settings.page import SettingsPage


class KeysPage(SettingsPage):
    """GUI thread."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(Page.KEYS, bridge)

    def build(self) -> None:
        """See SettingsPage."""
        self.add_paragraph(
            translate(
                "ui",
                "These keys work in every program. To change one, press its button and then the new keys. Esc "
                "cancels, Delete removes the keys.",
            )
        )
        super().build()
        if sys.platform != "linux":
            told = translate("ui", "So far, Harken uses media keys on Linux only.")
            self.fields["keys.media_keys"].say(told, is_news=False)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Other programs take keys and let go of them."""
        self.bridge.find_refused_keys(self._tell)
        super().showEvent(event)

    def _tell(self, refused: dict[str, str] | HarkenError) -> None:
        if isinstance(refused, HarkenError):
            return
        for field in self.fields.values():
            if isinstance(field, ChordField) and (why := refused.get(str(field.value))):
                field.say(why, is_news=False)
