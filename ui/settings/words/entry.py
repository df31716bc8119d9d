"""The fields of one entry, with which it is tried, added, changed and removed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from reader.core.words import Entry, Kind
from reader.flow import Voice
from reader.support.i18n import translate
from ui.languages import both_names, voice_name
from ui.settings.polly.section import Section
from ui.settings.words.table import KINDS

_MAX_CHARS = 200


class EntrySection(Section):
    """GUI thread. `entry` is what the fields hold; `shown` the entry of the list that was put into them."""

    # They hold something else, or nothing any more.
    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(translate("ui", "A word and how it should sound"), parent)
        self.word = QLineEdit(self)
        self.spoken = QLineEdit(self)
        for field in (self.word, self.spoken):
            field.setMaxLength(_MAX_CHARS)
            field.textChanged.connect(self.changed)
        self.kind = QComboBox(self)
        for kind, label in KINDS.items():
            self.kind.addItem(translate("ui", label), kind.value)
        self.language = QComboBox(self)
        self.voice = QComboBox(self)
        for box in (self.language, self.voice):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
        self._lay_out()
        self.hear = QPushButton(translate("ui", "Hear the wor&d"), self)
        self.hear_sentence = QPushButton(translate("ui", "Hear the &sentence"), self)
        self.add = QPushButton(translate("ui", "&Add"), self)
        self.change = QPushButton(translate("ui", "Chan&ge"), self)
        for button in (self.hear, self.hear_sentence, self.add, self.change):
            button.setAutoDefault(True)
        self.add_buttons(self.hear, self.hear_sentence, self.add, self.change)
        self.show_voices([])

    def _lay_out(self) -> None:
        grid = QGridLayout()
        rows: tuple[tuple[str, str, QWidget], ...] = (
            (translate("ui", "W&ord:"), translate("ui", "Word as it is written"), self.word),
            (translate("ui", "Sounds &like:"), translate("ui", "How the word should sound"), self.spoken),
            (translate("ui", "Whe&re:"), translate("ui", "Where this entry applies"), self.kind),
            (translate("ui", "La&nguage:"), translate("ui", "For voices of this language"), self.language),
            (translate("ui", "&Voice:"), translate("ui", "For this voice"), self.voice),
        )
        for row, (label, name, widget) in enumerate(rows):
            buddy = QLabel(label, self)
            buddy.setBuddy(widget)
            widget.setAccessibleName(name)
            grid.addWidget(buddy, row, 0)
            grid.addWidget(widget, row, 1)
        self.rows.addLayout(grid)

    @property
    def entry(self) -> Entry:
        """What the fields hold, which may be nothing that can be kept."""
        kind = Kind(self.kind.currentData())
        return Entry(
            self.word.text(),
            self.spoken.text(),
            kind,
            str(self.language.currentData() or ""),
            str(self.voice.currentData() or ""),
        )

    def show_entry(self, entry: Entry) -> None:
        """Put an entry into the fields."""
        self.word.setText(entry.word)
        self.spoken.setText(entry.spoken)
        self.kind.setCurrentIndex(self.kind.findData(entry.kind.value))
        for box, value in ((self.language, entry.language), (self.voice, entry.voice)):
            if box.findData(value) < 0:
                box.addItem(value, value)  # of a voice that is not there now
            box.setCurrentIndex(box.findData(value))

    def show_voices(self, voices: list[Voice]) -> None:
        """Offer these voices, and their languages."""
        codes = sorted({voice.language for voice in voices if voice.language}, key=lambda code: both_names(code))
        languages = [("", translate("ui", "All languages")), *((code, both_names(code)) for code in codes)]
        names = sorted(((voice.id, voice_name(voice)) for voice in voices), key=lambda named: named[1].casefold())
        for box, offered in (
            (self.language, languages),
            (self.voice, [("", translate("ui", "All voices")), *names]),
        ):
            current = str(box.currentData() or "")
            box.clear()
            for value, name in offered:
                box.addItem(name, value)
            if box.findData(current) < 0:
                box.addItem(current, current)
            box.setCurrentIndex(box.findData(current))
