"""What is given to the player: a chosen file, or a dropped file or text. GUI thread.

The core opens files, in their own process, and says in a sentence what it can't read.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QDir, QMimeData, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from reader.core.app import App
from reader.flow import CapturedText, Source
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.file_dialog import make_room
from ui.raise_window import bring_to_front

# The usual extensions of readable files. The actual type is detected from the contents.
_NAMES = "*.pdf *.epub *.docx *.odt *.rtf *.html *.htm *.xhtml *.eml *.md *.txt *.srt *.vtt"


class FileChooser:
    """“Open…”: asks for a file, and has it read."""

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        self._bridge = bridge
        self._window = window
        self._dialog: QFileDialog | None = None
        self._folder = ""  # that of the last file

    def open(self) -> None:
        """Ask; the answer comes whenever the user gives it."""
        if self._dialog is None:
            self._dialog = QFileDialog(self._window, translate("ui", "Open a document"), self._begin_in())
            self._dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            documents = translate("ui", "Documents and texts ({names})").format(names=_NAMES)
            self._dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
            self._dialog.setNameFilters([documents, translate("ui", "All files (*)")])
            self._dialog.fileSelected.connect(self._read)
            make_room(self._dialog)
            self._dialog.finished.connect(self._forget)
        bring_to_front(self._dialog)

    def _begin_in(self) -> str:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return self._folder or (documents if QDir(documents).exists() else QDir.homePath())

    def _read(self, path: str) -> None:
        read_file(self._bridge, path)

    def _forget(self) -> None:
        if self._dialog:
            self._folder = self._dialog.directory().absolutePath()
            self._dialog.deleteLater()
            self._dialog = None


def can_take(dropped: QMimeData) -> bool:
    """Whether it can be read."""
    return bool(_path(dropped)) or dropped.hasText()


def take(dropped: QMimeData, bridge: Bridge) -> None:
    """Have it read: the first of several files, else the text."""
    if path := _path(dropped):
        read_file(bridge, path)
    elif text := dropped.text().strip():

        async def read(app: App) -> None:
            app.speak(CapturedText(text, Source.SELECTION))

        bridge.ask(read, bridge.tell_refusal)


def read_file(bridge: Bridge, path: str) -> None:
    """Have a file read."""
    bridge.ask(partial(_read_file, path), bridge.tell_refusal)


async def _read_file(path: str, app: App) -> None:
    from reader.core import file_reading

    file_reading.read_file(app, path)


def _path(dropped: QMimeData) -> str:
    return next((url.toLocalFile() for url in dropped.urls() if url.isLocalFile()), "")
