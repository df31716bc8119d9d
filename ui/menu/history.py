"""The latest readings, to read one again."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtWidgets import QMenu, QWidget

from reader.core.app import App
from reader.errors import HarkenError
from reader.session.history import HistoryEntry
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.menu.choices import plain


class HistoryMenu(QMenu):
    """GUI thread. Filled each time it is opened: what was read is stored nowhere else."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "Recent te&xts"), parent)
        self._bridge = bridge
        self._entries: list[HistoryEntry] | None = None
        self._show([])
        self.aboutToShow.connect(self.refresh)

    def refresh(self) -> None:
        """Ask what was read, and show it when the answer comes."""
        self._bridge.ask(_history, self._show)

    def _show(self, entries: list[HistoryEntry] | HarkenError) -> None:
        if isinstance(entries, HarkenError) or entries == self._entries:
            return
        self._entries = entries
        self.clear()
        for entry in entries:
            when = QDateTime.fromSecsSinceEpoch(int(entry.when_s)).time()
            label = translate("ui", "{time}  {words}").format(
                time=QLocale().toString(when, QLocale.FormatType.ShortFormat), words=entry.first_words
            )
            self.addAction(plain(label)).triggered.connect(lambda checked=False, entry=entry: self._read(entry))
        if not entries:
            nothing = translate("ui", "Remembering texts is off")
            if self._bridge.settings.switch("reading.history"):
                nothing = translate("ui", "Nothing has been read yet")
            self.addAction(nothing).setEnabled(False)

    def _read(self, entry: HistoryEntry) -> None:
        async def read(app: App) -> None:
            app.read_again(entry.id)

        self._bridge.ask(read, self._bridge.tell_refusal)


async def _history(app: App) -> list[HistoryEntry]:
    return app.history()
