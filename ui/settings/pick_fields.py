"""Fields with very many choices, voices and languages: a button that opens a dialog with a search."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from reader.errors import HarkenError
from reader.flow import Voice
from reader.settings.setting import Setting, Value
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.languages import both_names
from ui.settings.choices import languages, voices_by_place
from ui.settings.chooser import Chooser, ChooserEntry
from ui.settings.field import Field

_WIDTH_PX = 240


class PickField(Field):
    """A button with the current value, which opens the dialog."""

    def __init__(self, setting: Setting, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(setting, bridge, parent)
        self.dialog: Chooser | None = None
        self._button = QPushButton(self)
        self._button.clicked.connect(lambda: bridge.find_voices(self._choose))
        self._button.setAutoDefault(True)
        self._button.setMinimumWidth(_WIDTH_PX)
        self.place(self._button, is_wide=False)

    def entries(self, voices: list[Voice]) -> list[ChooserEntry]:
        """The choices."""
        return []

    def show_value(self, value: Value) -> None:
        told = self.told(value)
        self._button.setText(told.replace("&", "&&"))
        self._button.setAccessibleName(translate("ui", "{name}: {value}").format(name=self.name, value=told))

    def _choose(self, voices: list[Voice] | HarkenError) -> None:
        if isinstance(voices, HarkenError):
            self.say(voices.sentence)
            return
        self.dialog = Chooser(self.name, self.entries(voices), str(self.value), self.window())
        self.prepare(self.dialog)
        self.dialog.accepted.connect(self._chosen)
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    def prepare(self, dialog: Chooser) -> None:
        """Add extra controls to the dialog."""

    def _chosen(self) -> None:
        if self.dialog:
            self.change(self.dialog.value)
            self._button.setFocus()


class VoiceField(PickField):
    """A voice. In the dialog each can be heard."""

    def __init__(self, setting: Setting, bridge: Bridge, parent: QWidget | None = None) -> None:
        self._names: dict[str, str] = {}
        super().__init__(setting, bridge, parent)

    def entries(self, voices: list[Voice]) -> list[ChooserEntry]:
        entries = voices_by_place(voices)
        self._names = {entry.value: entry.name for entry in entries}
        return entries

    def prepare(self, dialog: Chooser) -> None:
        dialog.add_button(translate("ui", "&Hear it"), lambda: self.bridge.hear(dialog.value, self._heard))

    def _heard(self, answer: int | HarkenError) -> None:
        if isinstance(answer, HarkenError):
            self.bridge.tell_refusal(answer)

    def told(self, value: Value) -> str:
        return self._names.get(str(value)) or str(value) or translate("ui", "Automatic")

    def name_voices(self) -> None:
        """Show the voice's name, which the core knows once it is ready."""

        def named(voices: list[Voice] | HarkenError) -> None:
            if not isinstance(voices, HarkenError):
                self.entries(voices)
                self.follow()

        if self.value not in self._names:
            self.bridge.find_voices(named)


class LanguageField(PickField):
    """A language."""

    def entries(self, voices: list[Voice]) -> list[ChooserEntry]:
        return languages(voices, with_automatic=self.setting.default == "")

    def told(self, value: Value) -> str:
        return both_names(str(value)) or translate("ui", "Automatic")
