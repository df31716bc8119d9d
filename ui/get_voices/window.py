"""The window “Get more voices”. Nothing is downloaded until a button is pressed. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QTreeWidgetItem,
    QVBoxLayout,
)

from reader.core import offers
from reader.core.app import App
from reader.core.offers import Offers
from reader.core.voice_downloads import VoiceDownloaded, VoiceDownloading
from reader.errors import HarkenError
from reader.flow import Event, Voice
from reader.session.preferences import with_preferred
from reader.support.i18n import translate
from reader.voices import registry
from ui.announce import announce
from ui.bridge import Bridge
from ui.get_voices.rows import VoiceRow, languages, make_rows, shown_size
from ui.icons import icon
from ui.languages import both_names, language_name, user_languages
from ui.plain_window import PlainWindow
from ui.raise_window import bring_to_front
from ui.settings.section import ReportField
from ui.settings.table import DATA, Table, make_row
from ui.settings.wrapping import WrappingRow

_SIZE = QSize(720, 600)
# The fewest rows shown on a small screen.
_LEAST_ROWS = 5
# The engine of voices that are not on the list.
_ENGINE = "piper"
# A screen reader speaks progress in steps of this size.
_SAID_PERCENT = 25


class GetVoicesWindow(PlainWindow):
    """Closing it hides it; downloads continue."""

    help_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._offers: Offers | None = None
        self._rows: list[VoiceRow] = []
        self._percents: dict[str, int] = {}  # of current downloads
        self._said = 0
        self._wanted = ""  # the language to show
        self._voices: list[Voice] = []
        self.setWindowTitle(translate("ui", "Get more voices"))
        self.setWindowIcon(icon("harken"))
        self._fill()
        self.resize_within_screen(_SIZE)
        bridge.happened.connect(self._on_event)
        self._allow()

    def _fill(self) -> None:
        rows = QVBoxLayout(self.content)
        intro = translate("ui", "Natural voices that run on this computer. Once downloaded, they need no network.")
        rows.addWidget(self._label(intro))
        self.language = QComboBox(self)
        self.language.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.language.setMinimumContentsLength(24)
        self.language.setAccessibleName(translate("ui", "Language of the voices"))
        self.language.currentIndexChanged.connect(self._show_rows)
        label = QLabel(translate("ui", "Lan&guage:"), self)
        label.setBuddy(self.language)
        row = WrappingRow()
        row.addWidget(label)
        row.addWidget(self.language)
        rows.addLayout(row)
        columns = [
            translate("ui", "Name"),
            translate("ui", "Language"),
            translate("ui", "Size"),
            translate("ui", "Licence"),
            translate("ui", "State"),
        ]
        self.table = Table(translate("ui", "Voices"), columns, self)
        self.table.currentItemChanged.connect(lambda: self._allow())
        self.table.itemActivated.connect(lambda: self._activate())
        self.table.setMinimumHeight(self.table.fontMetrics().lineSpacing() * _LEAST_ROWS)
        rows.addWidget(self.table, 1)
        self.details = ReportField(translate("ui", "About this voice"), self)
        rows.addWidget(self.details)
        self.progress = QProgressBar(self)
        self.progress.setAccessibleName(translate("ui", "Download"))
        self.progress.hide()
        rows.addWidget(self.progress)
        self.status = self._label("")
        rows.addWidget(self.status)
        self._add_buttons(rows)

    def _add_buttons(self, rows: QVBoxLayout) -> None:
        self.get = self._button(translate("ui", "&Download"), self._get)
        self.cancel = self._button(translate("ui", "&Stop the download"), self._cancel)
        self.hear = self._button(translate("ui", "Hear a sam&ple"), self._hear)
        self.use = self._button(translate("ui", "&Use this voice"), self._use)
        self.remove = self._button(translate("ui", "&Remove…"), self._remove)
        self.open_file = self._button(translate("ui", "Open voice &file…"), self._open_file)
        helping = self._button(translate("ui", "&Help"), self.help_wanted.emit)
        close = self._button(translate("ui", "&Close"), self.close)
        of_voice, others, below = WrappingRow(), WrappingRow(), QHBoxLayout()
        for row, buttons in (
            (of_voice, (self.get, self.cancel, self.hear, self.use, self.remove)),
            (others, (self.open_file, helping)),
        ):
            for button in buttons:
                row.addWidget(button)
        below.addLayout(others, 1)
        below.addWidget(close, 0, Qt.AlignmentFlag.AlignBottom)  # in the same place as in the other windows
        rows.addLayout(of_voice)
        rows.addLayout(below)

    def _button(self, text: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(True)
        button.clicked.connect(lambda: do())
        return button

    def _label(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label

    # ---- the list ----

    def open(self, language: str = "") -> None:
        """Show it, with the voices of a language, by default the user's."""
        self._wanted = language
        bring_to_front(self)
        self.table.setFocus()
        self._look_again()

    def _look(self) -> None:
        async def find(app: App) -> tuple[Offers, list[str]]:
            return await offers.find(), await app.voice_offer.languages()

        self._bridge.ask(find, self.show_offers)

    def show_offers(self, answer: tuple[Offers, list[str]] | HarkenError) -> None:
        """Show what is available, or why that is not known."""
        if isinstance(answer, HarkenError):
            self._tell(answer.sentence)
            return
        self._offers, read = answer
        self._rows = make_rows(self._offers)
        wanted = self._wanted or self.language.currentData()
        self._wanted = ""
        first = [*user_languages(self._bridge.settings.text("voice.expected_language")), *read]
        codes = languages(self._rows, first)
        self.language.blockSignals(True)
        self.language.clear()
        for code in codes:
            self.language.addItem(both_names(code), code)
        self.language.addItem(translate("ui", "All languages"), "")
        self.language.setCurrentIndex(max(0, self.language.findData(wanted)) if wanted is not None else 0)
        self.language.blockSignals(False)
        self._show_rows()
        if not self.status.text():
            self._show_space()

    def _show_space(self) -> None:
        used = sum(self._offers.sizes.values()) if self._offers else 0
        self.status.setText(translate("ui", "The voices you have added take up {size}.").format(size=shown_size(used)))

    @Slot()
    def _show_rows(self) -> None:
        """The voices of the chosen language, with the current one selected again."""
        current, code = self._current(), self.language.currentData()
        self.table.clear()
        self.table.setColumnHidden(1, bool(code))  # every row would be the same
        for voice in self._rows:
            if code in ("", voice.language):
                row = self._make_row(voice)
                self.table.addTopLevelItem(row)
                if current and voice.key == current.key:
                    self.table.setCurrentItem(row)
        if (first := self.table.topLevelItem(0)) and not self.table.currentItem():
            self.table.setCurrentItem(first)
        self._allow()

    def _make_row(self, voice: VoiceRow) -> QTreeWidgetItem:
        state = voice.state
        if voice.key in self._percents:
            state = translate("ui", "{percent}% downloaded").format(percent=self._percents[voice.key])
        columns = [voice.name, language_name(voice.language), shown_size(voice.size_bytes), voice.licence, state]
        return make_row(columns, voice.key, ", ".join(filter(None, columns)))

    def _current(self) -> VoiceRow | None:
        item = self.table.currentItem()
        return next((row for row in self._rows if item and row.key == item.data(0, DATA)), None)

    def _allow(self) -> None:
        row = self._current()
        is_coming = bool(row and row.key in self._percents)
        self.get.setText(translate("ui", "A&dd it") if row and row.file else translate("ui", "&Download"))
        is_here = bool(row and row.is_here)
        can = {self.get: bool(row and not is_here and not is_coming), self.cancel: is_coming}
        self._enable(can | dict.fromkeys((self.hear, self.use, self.remove), is_here))
        self.details.show_lines(row.details() if row else [])

    def _enable(self, can: dict[QPushButton, bool]) -> None:
        """Enable some buttons and disable others. The focus moves from a pressed one to what is useful next."""
        for button in (button for button, is_on in can.items() if is_on):
            button.setEnabled(True)
        pressed = self.focusWidget()
        if any(button is pressed for button, is_on in can.items() if not is_on):
            (self.cancel if can[self.cancel] else self.table).setFocus()
        for button in (button for button, is_on in can.items() if not is_on):
            button.setEnabled(False)

    def _activate(self) -> None:
        row = self._current()
        if row and row.is_here:
            self._hear()
        elif row:
            self._get()

    # ---- one of them ----

    @Slot()
    def _get(self) -> None:
        row, known = self._current(), self._offers
        if not row or not known or row.is_here or row.key in self._percents:
            return
        if row.file:
            self._add(row.file)
        elif row.offered:
            voice, index = row.offered, known.index
            self._percents[row.key] = self._said = 0
            self._tell(translate("ui", "{voice} is being downloaded.").format(voice=row.name))
            self._bridge.ask(lambda app: app.downloads.begin(voice, index), self._begun)
            self._follow(row.key)

    def _begun(self, answer: HarkenError | None) -> None:
        if isinstance(answer, HarkenError):
            self._tell(answer.sentence)

    @Slot()
    def _cancel(self) -> None:
        if row := self._current():
            key = row.key
            self._bridge.ask(lambda app: app.downloads.cancel(key), self._begun)

    def _follow(self, key: str) -> None:
        """Update a voice's progress, without moving the selection."""
        percent = self._percents.get(key)
        self.progress.setVisible(bool(self._percents))
        if percent is not None:
            self.progress.setValue(percent)
        for index in range(self.table.topLevelItemCount()):
            item = self.table.topLevelItem(index)
            row = next((row for row in self._rows if item and row.key == key == item.data(0, DATA)), None)
            if item and row:
                told = translate("ui", "{percent}% downloaded").format(percent=percent)
                item.setText(4, row.state if percent is None else told)
        self._allow()

    @Slot()
    def _hear(self) -> None:
        if row := self._current():
            self._bridge.hear(self._id_of(row), self._heard)

    def _heard(self, answer: int | HarkenError) -> None:
        if isinstance(answer, HarkenError):
            self._tell(answer.sentence)

    def _id_of(self, row: VoiceRow) -> str:
        """The first of its voices."""
        whole = f"{row.offered.engine if row.offered else _ENGINE}/{row.key}"
        return next((voice.id for voice in self._voices if voice.id.split("#")[0] == whole), whole)

    @Slot()
    def _use(self) -> None:
        """Use it for its language from now on."""
        row = self._current()
        if not row:
            return
        known = self._bridge.settings.text("voice.preferred")
        value = with_preferred(known, row.language, self._id_of(row))
        told = translate("ui", "From now on, {voice} reads {language}.")
        told = told.format(voice=row.name, language=language_name(row.language))

        def then(error: HarkenError | None) -> None:
            self._tell(error.sentence if error else told)

        self._bridge.change("voice.preferred", value, then)

    @Slot()
    def _remove(self) -> None:
        row = self._current()
        if not row:
            return
        question = translate("ui", "Remove the voice “{voice}” and free {size}?")
        question = question.format(voice=row.name, size=shown_size(row.size_bytes))
        if QMessageBox.question(self, self.windowTitle(), question) == QMessageBox.StandardButton.Yes:
            key, name = row.key, row.name
            self._bridge.ask(lambda app: app.downloads.remove(key), lambda answer: self._changed(answer, name, ""))

    @Slot()
    def _open_file(self) -> None:
        kinds = translate("ui", "Voices in Piper's format (*.onnx)")
        path, _ = QFileDialog.getOpenFileName(self, translate("ui", "Open a voice"), "", kinds)
        if path:
            self._add(Path(path))

    def _add(self, path: Path) -> None:
        self._tell(translate("ui", "Trying the voice. This takes a few seconds."))
        self._bridge.ask(lambda app: app.downloads.add(path), lambda answer: self._changed(answer, "", path.name))

    def _changed(self, answer: object, removed: str, added: str) -> None:
        """Voices were added or removed."""
        if isinstance(answer, HarkenError):
            self._tell(answer.sentence)
        elif removed:
            self._tell(translate("ui", "{voice} was removed.").format(voice=removed))
        elif added:
            self._tell(translate("ui", "{voice} was added. It reads texts in its language.").format(voice=added))
        self._look_again()

    def _look_again(self) -> None:
        self._bridge.find_voices(self._name)
        self._look()

    def _name(self, voices: list[Voice] | HarkenError) -> None:
        self._voices = [] if isinstance(voices, HarkenError) else voices

    # ---- what happens ----

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, VoiceDownloading):
            self._percents[event.key] = event.percent
            if event.is_adding:
                self._tell(translate("ui", "Trying the voice. This takes a few seconds."))
            elif event.percent >= self._said + _SAID_PERCENT:
                self._said = event.percent
                announce(self, translate("ui", "{percent}% downloaded").format(percent=event.percent))
            self._follow(event.key)
        elif isinstance(event, VoiceDownloaded):
            self._percents.pop(event.key, None)
            self._tell(event.problem or self._added(event))
            self._follow(event.key)
            self._look_again()

    def _added(self, event: VoiceDownloaded) -> str:
        """What a downloaded voice is used for from now on."""
        row = next((row for row in self._rows if row.key == event.key), None)
        language = row.language if row else ""
        others = [voice for voice in self._voices if voice.language == language and voice.id != event.voice_id]
        told = translate("ui", "{voice} was added. It reads texts in its language.")
        if any(voice.engine != registry.usual() and not registry.is_remote(voice.id) for voice in others):
            told = translate("ui", "{voice} was added. To have it read {language}, press “Use this voice”.")
        return told.format(voice=row.name if row else event.key, language=language_name(language))

    def _tell(self, sentence: str) -> None:
        self.status.setText(sentence)
        announce(self.status, sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
