"""The settings window: a search box, a list of pages, and the page. Changes apply at once."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
)

from reader.flow import Event
from reader.settings.paths import state_folder
from reader.settings.schema import SETTINGS
from reader.settings.setting import Page
from reader.support.i18n import translate
from ui.announce import announce
from ui.bridge import Bridge
from ui.icons import icon
from ui.plain_window import PlainWindow
from ui.raise_window import bring_to_front
from ui.settings.pages import make_page
from ui.settings.search import find, page_title
from ui.settings.voice_page import VoicePage
from ui.settings.words.page import WordsPage

_SIZE = QSize(800, 690)
# Longer titles wrap, because the page needs the width.
_MAX_LIST_PX = 170
_GEOMETRY = "settings/geometry"


class SettingsWindow(PlainWindow):
    """GUI thread. Closing it hides it."""

    # The user wants help: about this page, or in general (None).
    help_wanted = Signal(object)
    voices_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.setWindowTitle(translate("ui", "Harken settings"))
        self.setWindowIcon(icon("harken"))
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search)
        search_label = QLabel(translate("ui", "S&earch:"), self)
        search_label.setBuddy(self.search)
        self.search.setAccessibleName(translate("ui", "Search the settings"))
        self.found = QLabel(self)
        self.found.hide()
        self._list = QListWidget(self)
        self._list.setAccessibleName(translate("ui", "Pages"))
        self._list.setSpacing(3)
        self._list.currentRowChanged.connect(self._on_row)
        self._results = QListWidget(self)
        self._results.setAccessibleName(translate("ui", "Settings found"))
        self._results.setSpacing(3)
        self._results.itemActivated.connect(self._on_result)
        self._stack = QStackedWidget(self)
        self.pages = {page: make_page(page, bridge) for page in Page}
        if isinstance(voices := self.pages[Page.VOICE], VoicePage):
            voices.more_wanted.connect(self.voices_wanted)
        for page, widget in self.pages.items():
            self._list.addItem(QListWidgetItem(page_title(page)))
            self._stack.addWidget(widget)
        self._stack.addWidget(self._results)
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        widest = self._list.sizeHintForColumn(0) + 2 * self._list.frameWidth() + 24
        self._list.setFixedWidth(min(widest, _MAX_LIST_PX))
        help_button = QPushButton(translate("ui", "&Help"), self)
        help_button.setAutoDefault(True)
        help_button.clicked.connect(self._ask_help)
        close_button = QPushButton(translate("ui", "&Close"), self)
        close_button.setAutoDefault(True)
        close_button.clicked.connect(self.close)
        self._lay_out(search_label, help_button, close_button)
        self._add_shortcuts()
        self._list.setCurrentRow(0)
        bridge.happened.connect(self._on_event)
        self.resize(_SIZE)
        self._restore()

    def _lay_out(self, search_label: QLabel, help_button: QPushButton, close_button: QPushButton) -> None:
        top, middle, bottom = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        top.addWidget(search_label)
        top.addWidget(self.search, 1)
        top.addWidget(self.found)
        middle.addWidget(self._list)
        middle.addWidget(self._stack, 1)
        bottom.addWidget(help_button)
        bottom.addStretch(1)
        bottom.addWidget(close_button)
        rows = QVBoxLayout(self.content)
        rows.addLayout(top)
        rows.addLayout(middle, 1)
        rows.addLayout(bottom)

    def _add_shortcuts(self) -> None:
        for keys, action in (
            (QKeySequence(QKeySequence.StandardKey.Find), self._go_to_search),
            (QKeySequence(QKeySequence.StandardKey.HelpContents), self._ask_help),
            (QKeySequence("Ctrl+PgDown"), lambda: self._turn(1)),
            (QKeySequence("Ctrl+PgUp"), lambda: self._turn(-1)),
        ):
            QShortcut(keys, self).activated.connect(action)

    # ---- for the tray ----

    def open_page(self, page: Page | None = None) -> None:
        """Show the window, at a page or where it was."""
        if page is not None:
            self.search.clear()
            self._list.setCurrentRow(list(Page).index(page))
        bring_to_front(self)
        self._list.setFocus()

    def show_misread(self) -> None:
        """On the page Pronunciation: offer the words of the sentence that was heard last."""
        page = self.pages[Page.WORDS]
        assert isinstance(page, WordsPage)
        page.show_misread()

    # ---- what happens ----

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        for page in self.pages.values():
            page.on_event(event)

    @Slot(int)
    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.search.clear()
            self._stack.setCurrentIndex(row)

    def _turn(self, by: int) -> None:
        """Go to the next or previous page, wrapping around."""
        self._list.setCurrentRow((self._list.currentRow() + by) % len(self.pages))
        self._list.setFocus()

    @Slot(str)
    def _on_search(self, text: str) -> None:
        found = find(text)
        self._results.clear()
        for setting in found:
            label = translate("settings", setting.label)
            told = translate("ui", "{name} – {page}").format(name=label, page=page_title(setting.page))
            item = QListWidgetItem(told)
            item.setData(Qt.ItemDataRole.UserRole, setting.key)
            self._results.addItem(item)
        if found:
            self._results.setCurrentRow(0)
        is_asked = bool(text.strip())
        self._stack.setCurrentIndex(len(self.pages) if is_asked else self._list.currentRow())
        told = translate("ui", "%n setting(s) found", None, len(found)) if found else translate("ui", "Nothing found")
        self.found.setText(told if is_asked else "")
        self.found.setVisible(is_asked)
        if is_asked:
            announce(self.search, told)

    @Slot(QListWidgetItem)
    def _on_result(self, item: QListWidgetItem) -> None:
        self.show_setting(str(item.data(Qt.ItemDataRole.UserRole)))

    def show_setting(self, key: str) -> None:
        """Go to a setting's field."""
        page = self.pages[SETTINGS[key].page]
        self.search.clear()
        self._list.setCurrentRow(list(self.pages).index(page.page))
        if field := page.fields.get(key):
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)  # selects the text in a text field
            page.ensureWidgetVisible(field)

    def _go_to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _ask_help(self) -> None:
        self.help_wanted.emit(list(self.pages)[self._list.currentRow()])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc closes the search, and then the window. From the search box, Down and Return go to the results."""
        is_in_search = self.focusWidget() is self.search and self._results.count() > 0
        match event.key():
            case Qt.Key.Key_Escape if self.search.text():
                self.search.clear()
                self.search.setFocus()
            case Qt.Key.Key_Escape:
                self.close()
            case Qt.Key.Key_Down if is_in_search:
                self._results.setFocus()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if is_in_search:
                self._on_result(self._results.currentItem())
            case _:
                super().keyPressEvent(event)

    # ---- its place ----

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember its position."""
        _places().setValue(_GEOMETRY, self.saveGeometry())
        event.accept()

    def _restore(self) -> None:
        if isinstance(saved := _places().value(_GEOMETRY), QByteArray):
            self.restoreGeometry(saved)
        self.resize_within_screen(self.size())


def _places() -> QSettings:
    """Window positions: not chosen by anyone, so they are not in the settings."""
    return QSettings(str(state_folder() / "windows.ini"), QSettings.Format.IniFormat)
