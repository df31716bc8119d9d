"""The fields and buttons to try, add, change and remove one entry."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget

from reader.core.words import MAX_CHARS, Entry, Kind
from reader.flow import Voice
from reader.support.i18n import translate
from ui.languages import voice_name
from ui.settings.choices import languages, voice_or_engine, whole_engines
from ui.settings.section import Section
from ui.settings.words.table import KINDS


class EntrySection(Section):
    """GUI thread."""

    # The fields have changed, or were emptied.
    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(translate("ui", "A word and how it should sound"), parent)
        self.word = QLineEdit(self)
        self.spoken = QLineEdit(self)
        for field in (self.word, self.spoken):
            field.setMaxLength(MAX_CHARS)
            field.textChanged.connect(self.changed)
        self.kind = QComboBox(self)
        for kind, label in KINDS.items():
            self.kind.addItem(translate("ui", label), kind.value)
        self.language = QComboBox(self)
        self.voice = QComboBox(self)
        for box in (self.language, self.voice):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
        self.add_fields(
            (translate("ui", "W&ord:"), translate("ui", "Word as it is written"), self.word),
            (translate("ui", "Sounds &like:"), translate("ui", "How the word should sound"), self.spoken),
            (translate("ui", "Mat&ches:"), translate("ui", "What this entry matches"), self.kind),
            (translate("ui", "La&nguage:"), translate("ui", "For voices of this language"), self.language),
            (translate("ui", "&Voice:"), translate("ui", "For this voice"), self.voice),
        )
        self.hear = QPushButton(translate("ui", "Hear the wor&d"), self)
        self.hear_sentence = QPushButton(translate("ui", "Hear the &sentence"), self)
        self.add = QPushButton(translate("ui", "&Add"), self)
        self.change = QPushButton(translate("ui", "Chan&ge"), self)
        for button in (self.hear, self.hear_sentence, self.add, self.change):
            button.setAutoDefault(True)
        self.add_buttons(self.hear, self.hear_sentence, self.add, self.change)
        self.show_voices([])

    @property
    def entry(self) -> Entry:
        """The fields' contents, which may not be valid."""
        kind = Kind(self.kind.currentData())
        return Entry(
            self.word.text(),
            self.spoken.text(),
            kind,
            str(self.language.currentData() or ""),
            str(self.voice.currentData() or ""),
        )

    def show_entry(self, entry: Entry) -> None:
        """Fill the fields from an entry."""
        self.word.setText(entry.word)
        self.spoken.setText(entry.spoken)
        self.kind.setCurrentIndex(self.kind.findData(entry.kind.value))
        for box, value in ((self.language, entry.language), (self.voice, entry.voice)):
            if box.findData(value) < 0:
                box.addItem(voice_or_engine(value), value)  # of a voice that is currently missing
            box.setCurrentIndex(box.findData(value))

    def show_voices(self, voices: list[Voice]) -> None:
        """Offer these voices, and their languages."""
        spoken = [(one.value, one.name) for one in languages(voices, with_automatic=False)]
        names = sorted(((voice.id, voice_name(voice)) for voice in voices), key=lambda named: named[1].casefold())
        engines = [(one.value, one.name) for one in whole_engines(voices)]
        for box, everything, offered in (
            (self.language, translate("ui", "All languages"), spoken),
            (self.voice, translate("ui", "All voices"), [*engines, *names]),
        ):
            current = str(box.currentData() or "")
            box.clear()
            for value, name in [("", everything), *offered]:
                box.addItem(name, value)
            if box.findData(current) < 0:
                box.addItem(voice_or_engine(current), current)
            box.setCurrentIndex(box.findData(current))
