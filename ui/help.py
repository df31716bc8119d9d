"""The guide in a window: F1, and the menu's Help. Its pages are HTML under resources/help/<language>."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QTextBrowser, QVBoxLayout

from reader.settings.setting import Page
from reader.support import i18n
from reader.support.i18n import translate
from ui.announce import announce
from ui.icons import icon
from ui.plain_window import PlainWindow
from ui.raise_window import bring_to_front

_SIZE = QSize(720, 640)
# The guide's page about each page of the settings.
_ABOUT = {
    Page.VOICE: "voices",
    Page.READING: "reading",
    Page.TEXT: "text",
    Page.WORDS: "words",
    Page.PLAYER: "player",
    Page.KEYS: "keys",
    Page.SOUND: "sound",
    Page.POLLY: "polly",
    Page.SERVER: "server",
    Page.SYSTEM: "privacy",
}


def page_about(page: Page | None) -> str:
    """The guide's page about a page of the settings."""
    return _ABOUT.get(page, "index") if page else "index"


def find_page(name: str) -> Path | None:
    """A page in the user's language, else in English; None if Harken was packaged without a guide."""
    folder = Path(str(importlib.resources.files("resources").joinpath("help")))
    found = (folder / language / f"{name}.html" for language in (i18n.language(), "en"))
    return next((path for path in found if path.is_file()), None)


class HelpWindow(PlainWindow):
    """GUI thread. Closing it hides it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowIcon(icon("harken"))
        self.text = QTextBrowser(self)
        self.text.setAccessibleName(translate("ui", "Guide"))
        self.text.setOpenExternalLinks(True)
        self.text.sourceChanged.connect(self._on_page)
        # Tab reaches links, and a caret lets people move through the text and select it with keys.
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._back = self._button(translate("ui", "&Back"), self.text.backward)
        self.text.backwardAvailable.connect(self._back.setEnabled)
        self._back.setEnabled(False)
        self._first = self._button(translate("ui", "&Contents"), lambda: self.open_page("index"))
        self._browser = self._button(translate("ui", "&Open in the browser"), self._open_outside)
        close = self._button(translate("ui", "C&lose"), self.close)
        self.search = QLineEdit(self)
        self.search.returnPressed.connect(self._find_next)
        label = QLabel(translate("ui", "&Find:"), self)
        label.setBuddy(self.search)
        top, bottom, rows = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self.content)
        for widget in (self._back, self._first, label, self.search):
            top.addWidget(widget)
        bottom.addWidget(self._browser)
        bottom.addStretch(1)
        bottom.addWidget(close)
        rows.addLayout(top)
        rows.addWidget(self.text, 1)
        rows.addLayout(bottom)
        for keys, action in (
            (QKeySequence.StandardKey.Find, self._begin_find),
            (QKeySequence.StandardKey.FindNext, self._find_next),
            (QKeySequence.StandardKey.Back, self.text.backward),
            (QKeySequence.StandardKey.HelpContents, lambda: self.open_page("index")),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(action)
        self.resize_within_screen(_SIZE)

    def _button(self, label: str, do: object) -> QPushButton:
        button = QPushButton(label, self)
        button.clicked.connect(do)
        return button

    def open_page(self, name: str = "index") -> None:
        """Show the window at a page of the guide."""
        path = find_page(name) or find_page("index")
        self._browser.setEnabled(path is not None)
        if path:
            self.text.setSource(QUrl.fromLocalFile(str(path)))
        else:
            self.setWindowTitle(translate("ui", "Help for Harken"))
            self.text.setPlainText(translate("ui", "The guide is missing. Reinstall Harken to get it."))
        bring_to_front(self)
        self.text.setFocus()

    @Slot()
    def _on_page(self) -> None:
        self.setWindowTitle(self.text.documentTitle() or translate("ui", "Help for Harken"))

    @Slot()
    def _open_outside(self) -> None:
        QDesktopServices.openUrl(self.text.source())

    @Slot()
    def _begin_find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    @Slot()
    def _find_next(self) -> None:
        """Go to the next match, continuing from the start after the last."""
        wanted = self.search.text()
        if not wanted:
            self._begin_find()
        elif not self.text.find(wanted):
            cursor = self.text.textCursor()
            self.text.moveCursor(cursor.MoveOperation.Start)
            if not self.text.find(wanted):
                self.text.setTextCursor(cursor)
                announce(self.search, translate("ui", "“{text}” is not on this page.").format(text=wanted))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc closes the search, and then the window."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.search.hasFocus():
            self.text.setFocus()
        else:
            self.close()
