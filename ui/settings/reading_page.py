"""The page about what is read, including a button to forget what is remembered about texts. GUI thread."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton

from reader.core.app import App
from reader.errors import HarkenError
from reader.settings.setting import Page
from reader.support.i18n import translate
from ui.announce import announce
from ui.bridge import Bridge
from ui.settings.field import Field
from ui.settings.page import SettingsPage

_LAST_OF_PLACES = "reading.keep_texts"


class ReadingPage(SettingsPage):
    def __init__(self, bridge: Bridge) -> None:
        self.told_forgotten: QLabel | None = None
        super().__init__(Page.READING, bridge)

    def add_field(self, key: str) -> Field:
        """Also adds the button below what is remembered."""
        field = super().add_field(key)
        if key == _LAST_OF_PLACES:
            forget = QPushButton(translate("ui", "&Forget all places and texts"), self.inside)
            forget.setAutoDefault(True)
            forget.clicked.connect(lambda: self.bridge.ask(_forget, self._tell))
            self.add_button(forget)
            self.told_forgotten = self.add_paragraph("")
            self.told_forgotten.hide()
        return field

    def _tell(self, count: int | HarkenError) -> None:
        assert self.told_forgotten
        if isinstance(count, HarkenError):
            sentence = count.sentence
        elif count:
            sentence = translate("ui", "%n text(s) forgotten. Bookmarks stay.", None, count)
        else:
            sentence = translate("ui", "There was nothing to forget.")
        self.told_forgotten.setText(sentence)
        self.told_forgotten.show()
        announce(self.told_forgotten, sentence)


async def _forget(app: App) -> int:
    count = len(app.library.places.entries())
    app.library.forget(None)
    app.controller.tell_state()
    return count
