"""The list of pronunciations as a table."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QTreeWidgetItem, QWidget

from reader.core.words import Entry, Kind
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from ui.languages import both_names
from ui.settings.choices import voice_or_engine
from ui.settings.table import DATA, Table, make_row

KINDS = {
    Kind.WORD: QT_TRANSLATE_NOOP("ui", "Whole word"),
    Kind.PART: QT_TRANSLATE_NOOP("ui", "Also within words"),
    Kind.EXPRESSION: QT_TRANSLATE_NOOP("ui", "Regular expression"),
}


class WordsTable(Table):
    """GUI thread."""

    # The selection has changed: the entry, or None.
    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        columns = [
            translate("ui", "Word"),
            translate("ui", "Sounds like"),
            translate("ui", "Matches"),
            translate("ui", "Language"),
            translate("ui", "Voice"),
        ]
        super().__init__(translate("ui", "Words and how they should sound"), columns, parent)
        # Not the current item: a table that gets the focus makes its first item current.
        self.itemSelectionChanged.connect(lambda: self.chosen.emit(self.chosen_entry()))

    def show_entries(self, entries: list[Entry]) -> None:
        """Show these. The selected one stays selected, if it is still there."""
        selected = self.chosen_entry()
        self.blockSignals(True)
        self._go_to(None)  # with a row selected, Qt takes seconds to remove a thousand
        self.clear()
        self.addTopLevelItems([_row(entry) for entry in entries])
        self._go_to(selected)
        self.blockSignals(False)
        if selected and not self.chosen_entry():
            self.chosen.emit(None)

    def chosen_entry(self) -> Entry | None:
        """The entry that is selected."""
        return next((item.data(0, DATA) for item in self.selectedItems()), None)

    def select(self, entry: Entry | None) -> None:
        """Select an entry; None for none."""
        self.blockSignals(True)
        self._go_to(entry)
        self.blockSignals(False)
        self.chosen.emit(self.chosen_entry())

    def _go_to(self, entry: Entry | None) -> None:
        items = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        found = next((item for item in items if item and entry and item.data(0, DATA).key == entry.key), None)
        self.clearSelection()
        if found:
            self.setCurrentItem(found)
        else:
            self.setCurrentIndex(QModelIndex())


def _row(entry: Entry) -> QTreeWidgetItem:
    language = both_names(entry.language) if entry.language else translate("ui", "All languages")
    columns = [
        entry.word,
        entry.spoken,
        translate("ui", KINDS[entry.kind]),
        language,
        voice_or_engine(entry.voice) or translate("ui", "All voices"),
    ]
    sounds = translate("ui", "{word} sounds like {spoken}").format(word=entry.word, spoken=entry.spoken)
    return make_row(columns, entry, ", ".join([sounds, *columns[2:]]))
