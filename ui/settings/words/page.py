"""The page Pronunciation: correct how words sound, try them by ear, and edit the list."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QPushButton

import reader.core.words
from reader.core.words import Entry, HeardSentence, Imported
from reader.errors import HarkenError
from reader.flow import Event, Notice, PronunciationsChanged, Voice
from reader.settings.setting import Page
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.file_dialog import make_room
from ui.settings.page import SettingsPage
from ui.settings.section import Section
from ui.settings.words.entry import EntrySection
from ui.settings.words.heard import HeardSection
from ui.settings.words.table import WordsTable


class WordsPage(SettingsPage):
    """GUI thread."""

    def __init__(self, bridge: Bridge) -> None:
        self._utterance_id = 0  # of the sample
        self._new: Entry | None = None  # about to be in the list
        super().__init__(Page.WORDS, bridge)
        self._allow()
        bridge.started.connect(self._look)

    def build(self) -> None:
        self.add_paragraph(
            translate(
                "ui",
                "If a word is mispronounced, write it the way it should sound. Every voice then says it that way.",
            )
        )
        self.heard = HeardSection(self.inside)
        self.heard.chosen.connect(self._take)
        self.heard.sentence.currentIndexChanged.connect(self._allow)
        self.rows.addWidget(self.heard)
        self.fields_of_entry = self._make_entry_section()
        self.rows.addWidget(self.fields_of_entry)
        self.status = self.add_paragraph("")
        self.status.hide()
        self._list = Section(translate("ui", "Your list"), self.inside)
        self.rows.addWidget(self._list)
        self.table = WordsTable(self._list)
        self.table.chosen.connect(self._on_chosen)
        self._list.rows.addWidget(self.table)
        self.remove = QPushButton(translate("ui", "Re&move"), self)
        self.remove.clicked.connect(self._remove)
        self.load = QPushButton(translate("ui", "&Import…"), self)
        self.load.clicked.connect(self._ask_load)
        self.save = QPushButton(translate("ui", "E&xport…"), self)
        self.save.clicked.connect(self._ask_save)
        for button in (self.remove, self.load, self.save):
            button.setAutoDefault(True)
        self._list.add_buttons(self.remove, self.load, self.save)

    def _make_entry_section(self) -> EntrySection:
        made = EntrySection(self.inside)
        made.changed.connect(self._allow)
        made.spoken.returnPressed.connect(self._hear)
        made.hear.clicked.connect(self._hear)
        made.hear_sentence.clicked.connect(lambda: self._hear_within(self.heard.text))
        made.add.clicked.connect(self._add)
        made.change.clicked.connect(self._change)
        return made

    # ---- what it follows ----

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Something else may have been read since, and voices may have been added."""
        self._look()
        self.bridge.ask(reader.core.words.heard, self._show_heard)
        super().showEvent(event)

    def show_misread(self) -> None:
        """Offer the words of what was heard last, and move the focus there."""
        self.bridge.ask(reader.core.words.heard, self._show_misread)

    def on_event(self, event: Event) -> None:
        super().on_event(event)
        if isinstance(event, PronunciationsChanged):
            self._look_at_entries()
        elif isinstance(event, Notice) and self._utterance_id and event.utterance_id == self._utterance_id:
            self._tell(event.sentence)

    def _look(self) -> None:
        self._look_at_entries()
        self.bridge.find_voices(self._show_voices)

    def _look_at_entries(self) -> None:
        self.bridge.ask(reader.core.words.entries, self._show_entries)

    def _show_entries(self, entries: list[Entry] | HarkenError) -> None:
        if not isinstance(entries, HarkenError):
            self.table.show_entries(entries)
            if self._new:
                self.table.select(self._new)
                self._new = None

    def _show_voices(self, voices: list[Voice] | HarkenError) -> None:
        if not isinstance(voices, HarkenError):
            self.fields_of_entry.show_voices(voices)

    def _show_heard(self, heard: list[HeardSentence] | HarkenError) -> None:
        if not isinstance(heard, HarkenError):
            self.heard.show_sentences(heard)
            self._allow()

    def _show_misread(self, heard: list[HeardSentence] | HarkenError) -> None:
        self._show_heard(heard)
        self.table.select(None)
        self.fields_of_entry.show_entry(Entry("", ""))
        self._tell("")
        self.heard.bring(self.heard.words if self.heard.text else self.fields_of_entry.word)

    def _on_chosen(self, entry: Entry | None) -> None:
        if entry:
            self.fields_of_entry.show_entry(entry)
        self._allow()

    def _allow(self) -> None:
        section, is_chosen = self.fields_of_entry, self.table.chosen_entry() is not None
        is_filled = bool(section.word.text().strip() and section.spoken.text().strip())
        for button in (section.hear, section.add):
            button.setEnabled(is_filled)
        section.hear_sentence.setEnabled(is_filled and bool(self.heard.text))
        section.change.setEnabled(is_filled and is_chosen)
        self.remove.setEnabled(is_chosen)

    # ---- what the user does ----

    def _take(self, word: str) -> None:
        """A word of the sentence was chosen."""
        self.table.select(None)
        self.fields_of_entry.show_entry(Entry(word, ""))
        self.fields_of_entry.bring(self.fields_of_entry.spoken)

    def _hear(self) -> None:
        self._hear_within("")

    def _hear_within(self, sentence: str) -> None:
        entry = self.fields_of_entry.entry
        self._tell("")
        self.bridge.ask(lambda app: reader.core.words.hear(app, entry, sentence), self._begun)

    def _begun(self, answer: int | HarkenError) -> None:
        if isinstance(answer, HarkenError):
            self._tell(answer.sentence)
        else:
            self._utterance_id = answer

    def _add(self) -> None:
        self._keep(None)

    def _change(self) -> None:
        self._keep(self.table.chosen_entry())

    def _keep(self, instead_of: Entry | None) -> None:
        entry = self.fields_of_entry.entry
        self.bridge.ask(lambda app: reader.core.words.add(app, entry, instead_of), self._kept)

    def _kept(self, answer: Entry | HarkenError) -> None:
        if isinstance(answer, HarkenError):
            self._tell(answer.sentence)
            return
        self._new = answer
        self._look_at_entries()
        told = translate("ui", "From the next sentence on, “{word}” sounds like “{spoken}”.")
        self._tell(told.format(word=answer.word, spoken=answer.spoken))

    def _remove(self) -> None:
        entry = self.table.chosen_entry()
        if entry:
            chosen = entry
            self.bridge.ask(
                lambda app: reader.core.words.remove(app, chosen), lambda error: self._removed(chosen, error)
            )

    def _removed(self, entry: Entry, error: HarkenError | None) -> None:
        told = translate("ui", "“{word}” is pronounced as before.").format(word=entry.word)
        self._tell(error.sentence if error else told)
        self.table.setFocus()

    def _ask_load(self) -> None:
        self._ask_file(translate("ui", "Import a list"), is_new=False)

    def _ask_save(self) -> None:
        self._ask_file(translate("ui", "Export the list"), is_new=True)

    def _ask_file(self, title: str, *, is_new: bool) -> None:
        dialog = QFileDialog(self.window(), title)
        dialog.setNameFilter(translate("ui", "Tables (*.csv *.tsv *.txt)"))
        dialog.setDefaultSuffix("csv")
        if is_new:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.selectFile("pronunciations.csv")
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.save_to if is_new else self.load_from)
        make_room(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def load_from(self, path: str) -> None:
        """Add the entries of a table."""
        self.bridge.ask(lambda app: reader.core.words.load(app, path), self._loaded)

    def _loaded(self, imported: Imported | HarkenError) -> None:
        if isinstance(imported, HarkenError):
            self._tell(imported.sentence)
            return
        told = [translate("ui", "%n word(s) imported.", None, imported.added + imported.changed)]
        self._tell(" ".join([*told, *imported.notices, *imported.problems[:1]]))

    def save_to(self, path: str) -> None:
        """Write the list as a table."""
        self.bridge.ask(lambda app: reader.core.words.save(app, path), self._saved)

    def _saved(self, answer: str | HarkenError) -> None:
        self._tell((answer.sentence if isinstance(answer, HarkenError) else answer) or translate("ui", "Exported."))

    def _tell(self, sentence: str) -> None:
        self.status.setText(sentence)
        self.status.setVisible(bool(sentence))
        if sentence:
            self._list.say(sentence)
