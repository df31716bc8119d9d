"""The sound outputs, queried when the menu is opened."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QWidget

from reader.errors import HarkenError
from reader.flow import SoundOutput
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.menu.choices import Choices, plain


class DeviceMenu(QMenu):
    """GUI thread. The query may take seconds: until then it shows the previous result."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "Sound outp&ut"), parent)
        self._bridge = bridge
        self._choices = Choices(lambda value: bridge.change("sound.device", value))
        self._names: dict[str, str] = {}  # by id
        self._build()
        self.aboutToShow.connect(lambda: bridge.find_outputs(self._show))

    def show_setting(self) -> None:
        """Follow the setting."""
        self._build()

    def _show(self, found: list[SoundOutput] | HarkenError) -> None:
        if isinstance(found, HarkenError):
            return  # the previous result may still be right
        names = {output.id: output.name for output in found}
        if names != self._names:
            self._names = names
            self._build()

    def _build(self) -> None:
        self._choices.forget()
        self.clear()
        chosen = self._bridge.settings.text("sound.device")
        self._choices.add(self, translate("ui", "&Automatic: the system's"), "")
        if chosen and chosen not in self._names:
            absent = translate("ui", "{name} (not connected)") if self._names else "{name}"
            self._choices.add(self, plain(absent.format(name=chosen)), chosen)
        for device_id, name in self._names.items():
            self._choices.add(self, plain(name), device_id)
        self._choices.mark(chosen)
