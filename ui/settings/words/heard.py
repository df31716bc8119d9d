"""The latest sentences heard, and the words of one of them to choose from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QListWidget, QSizePolicy, QWidget

from reader.core.words import HeardSentence
from reader.support.i18n import translate
from ui.settings.section import Section

_SHOWN_CHARS = 70
# Signs around a word that don't belong to it. Those inside one, or part of it as in “C++”, stay.
_AROUND = "“”„«»‹›\"'‘’‚.,;:!?…()[]{}<>*_–—-|/"


class HeardSection(Section):
    """GUI thread."""

    # The user has chosen this word.
    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(translate("ui", "What was read"), parent)
        self._sentences: list[HeardSentence] = []
        self.sentence = QComboBox(self)
        self.sentence.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.sentence.setMinimumContentsLength(30)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.sentence.setAccessibleName(translate("ui", "Sentence with the mispronounced word"))
        self.sentence.currentIndexChanged.connect(self._show_words)
        self.words = QListWidget(self)
        self.words.setAccessibleName(translate("ui", "Mispronounced word"))
        self.words.setFlow(QListWidget.Flow.LeftToRight)
        self.words.setWrapping(True)
        self.words.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.words.setSpacing(2)
        self.words.setFixedHeight(3 * (self.words.fontMetrics().lineSpacing() + 12))
        self.words.itemActivated.connect(lambda item: self.chosen.emit(item.text()))
        self.words.itemClicked.connect(lambda item: self.chosen.emit(item.text()))
        for label, widget in (
            (translate("ui", "Sen&tence:"), self.sentence),
            (translate("ui", "&Which word sounded wrong?"), self.words),
        ):
            buddy = QLabel(label, self)
            buddy.setBuddy(widget)
            self.rows.addWidget(buddy)
            self.rows.addWidget(widget)
        self.show_sentences([])

    @property
    def text(self) -> str:
        """The sentence that is shown, "" for none."""
        index = self.sentence.currentIndex()
        return self._sentences[index].text if 0 <= index < len(self._sentences) else ""

    def show_sentences(self, sentences: list[HeardSentence]) -> None:
        """Show these, the newest first."""
        self._sentences = sentences
        self.sentence.blockSignals(True)
        self.sentence.clear()
        for heard in sentences:
            text = heard.text if len(heard.text) <= _SHOWN_CHARS else heard.text[: _SHOWN_CHARS - 1] + "…"
            self.sentence.addItem(text)
            self.sentence.setItemData(self.sentence.count() - 1, heard.text, Qt.ItemDataRole.ToolTipRole)
        self.sentence.blockSignals(False)
        self.setVisible(bool(sentences))
        self._show_words()

    def _show_words(self) -> None:
        for widget in (self.sentence, self.words):  # not in the direction of the windows' language
            widget.setLayoutDirection(_direction(self.text))
        self.words.clear()
        self.words.addItems(list(dict.fromkeys(words_of(self.text))))
        self.words.setCurrentRow(0)


def _direction(text: str) -> Qt.LayoutDirection:
    """The direction of a text, taken from its first letter."""
    kinds = map(unicodedata.bidirectional, text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return Qt.LayoutDirection.LeftToRight if first == "L" else Qt.LayoutDirection.RightToLeft


def words_of(sentence: str) -> Iterator[str]:
    """The words of a sentence, without the signs around them; a full stop inside it belongs to an abbreviation."""
    words = sentence.split()
    for word in words:
        is_last = word is words[-1]
        yield from filter(None, [word.lstrip(_AROUND).rstrip(_AROUND if is_last else _AROUND.replace(".", ""))])
