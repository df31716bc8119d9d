"""The account's voices: searched by words and language, heard, and chosen."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QTreeWidgetItem, QWidget

import reader.core.polly
from reader.errors import HarkenError
from reader.flow import Voice
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.polly.names import described, gender_name, language_name, technique_name
from ui.settings.section import Section
from ui.settings.table import DATA, Table, make_row


class VoicesSection(Section):
    """A table of voices, and actions for the current one. GUI thread."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "Voices in the account"), parent)
        self._bridge = bridge
        self._voices: list[Voice] = []
        self.load = QPushButton(translate("ui", "&List the voices"), self)
        self.load.clicked.connect(self.ask)
        self.add_buttons(self.load)
        self._add_filters()
        columns = [
            translate("ui", "Name"),
            translate("ui", "Language"),
            translate("ui", "Gender"),
            translate("ui", "Engine"),
        ]
        self.table = Table(translate("ui", "Voices"), columns, self)
        self.table.currentItemChanged.connect(self._allow)
        self.table.itemActivated.connect(self._hear)
        self.rows.addWidget(self.table)
        self.hear = QPushButton(translate("ui", "Hear a sam&ple"), self)
        self.hear.clicked.connect(self._hear)
        self.use = QPushButton(translate("ui", "&Use this voice"), self)
        self.use.clicked.connect(self._use)
        self.add_buttons(self.hear, self.use)
        self.status = self.add_text("")
        self._show_rows()

    def _add_filters(self) -> None:
        self.filter = QLineEdit(self)
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._show_rows)
        self.language = QComboBox(self)
        self.language.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.language.setMinimumContentsLength(12)
        self.language.addItem(translate("ui", "All languages"), "")
        self.language.currentIndexChanged.connect(self._show_rows)
        self.add_fields(
            (translate("ui", "F&ilter:"), translate("ui", "Filter the voices"), self.filter),
            (translate("ui", "Lan&guage:"), translate("ui", "Language of the voices"), self.language),
        )

    # ---- the list ----

    def ask(self) -> None:
        """Ask the account for its voices, which is free."""
        self._tell(translate("ui", "Getting the voices from Amazon…"))
        self._bridge.ask(reader.core.polly.voices, self.show_voices)

    def show_voices(self, voices: list[Voice] | HarkenError) -> None:
        """Show these, or why there are none."""
        if isinstance(voices, HarkenError):
            self._tell(voices.sentence)
            return
        self._voices = sorted(voices, key=lambda voice: (language_name(voice.locale), voice.given_name))
        tags = {language_name(voice.locale): voice.locale for voice in self._voices}
        wanted = self.language.currentData()
        self.language.blockSignals(True)
        self.language.clear()
        self.language.addItem(translate("ui", "All languages"), "")
        for name in sorted(tags):
            self.language.addItem(name, tags[name])
        self.language.setCurrentIndex(max(0, self.language.findData(wanted)))
        self.language.blockSignals(False)
        self._show_rows()
        self._tell(translate("ui", "%n voice(s) listed.", None, len(self._voices)))

    def _show_rows(self) -> None:
        """Show the matching voices, and reselect the current one, or the one in use."""
        selected = self._selected()
        current = selected.id if selected else self._bridge.settings.text("voice.id")
        wanted, tag = self.filter.text().casefold().split(), self.language.currentData()
        self.table.clear()
        for voice in self._voices:
            row = _row(voice, is_used=voice.id == self._bridge.settings.text("voice.id"))
            told = " ".join(row.text(column) for column in range(row.columnCount())).casefold()
            if (not tag or voice.locale == tag) and all(word in told for word in wanted):
                self.table.addTopLevelItem(row)
                if voice.id == current:
                    self.table.setCurrentItem(row)
        first = self.table.topLevelItem(0)
        if first and not self.table.currentItem():
            self.table.setCurrentItem(first)
        if self._voices and (wanted or tag):
            self._tell(translate("ui", "%n voice(s) found.", None, self.table.topLevelItemCount()))
        self._allow()

    def forget(self) -> None:
        """The account or region has changed."""
        if self._voices:
            self._voices = []
            self._show_rows()
            self.status.setText(translate("ui", "The account or region has changed. List the voices again."))

    def follow(self) -> None:
        """The voice in use has changed."""
        self._show_rows()

    def _selected(self) -> Voice | None:
        item = self.table.currentItem()
        return next((voice for voice in self._voices if item and voice.id == item.data(0, DATA)), None)

    # ---- one of them ----

    def _hear(self) -> None:
        voice = self._selected()
        if not voice:
            return
        chosen = voice
        self._tell(translate("ui", "{voice} speaks…").format(voice=voice.given_name))
        self._bridge.ask(lambda app: reader.core.polly.hear(app, chosen), self._heard)

    def _heard(self, answer: reader.core.polly.Heard | HarkenError) -> None:
        if isinstance(answer, HarkenError):
            self._tell(answer.sentence)
        elif not answer.is_whole:
            self.status.setText(translate("ui", "Stopped."))
        else:
            told = translate("ui", "Spoken: about %n character(s), which Amazon bills.", None, answer.characters)
            self.status.setText(told)  # not announced: that would talk over the voice

    def _use(self) -> None:
        voice = self._selected()
        if voice:
            chosen = voice
            self._bridge.change("voice.id", voice.id, lambda error: self._used(chosen, error))

    def _used(self, voice: Voice, error: HarkenError | None) -> None:
        if error:
            self._tell(error.sentence)
            return
        told = translate("ui", "From now on, {voice} reads, and the text is sent to Amazon.")
        self._tell(told.format(voice=described(voice)))

    def _allow(self) -> None:
        for button in (self.hear, self.use):
            button.setEnabled(self.table.currentItem() is not None)

    def _tell(self, sentence: str) -> None:
        self.status.setText(sentence)
        self.say(sentence)


def _row(voice: Voice, *, is_used: bool) -> QTreeWidgetItem:
    name = translate("ui", "{voice}, in use").format(voice=voice.given_name) if is_used else voice.given_name
    columns = [name, language_name(voice.locale), gender_name(voice.gender), technique_name(voice.technique)]
    return make_row(columns, voice.id, ", ".join(filter(None, columns)))
