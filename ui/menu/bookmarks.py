"""The bookmarks, as a menu: set one, and go to one."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QMenu, QWidget

from reader.core.app import App
from reader.errors import HarkenError
from reader.flow import Command
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.menu.choices import plain


class BookmarkMenu(QMenu):
    """GUI thread. Filled whenever it is opened."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "&Bookmarks"), parent)
        self._bridge = bridge
        self.addAction(translate("ui", "&Set a bookmark")).triggered.connect(
            lambda checked=False: bridge.handle(Command.ADD_BOOKMARK)
        )
        self._first = len(self.actions())
        self.aboutToShow.connect(lambda: bridge.ask(_bookmarks, self._show))

    def _show(self, rows: list[dict[str, Any]] | HarkenError) -> None:
        for action in self.actions()[self._first :]:
            self.removeAction(action)
        for row in [] if isinstance(rows, HarkenError) else rows:
            name = row["path"].rpartition("/")[2] or row["first_words"] or translate("ui", "A text that was not kept")
            percent = "" if row["percent"] is None else f"{row['percent']}%"
            label = translate("ui", "{number}. {name} {percent}")
            label = label.format(number=row["number"], name=name, percent=percent).rstrip()
            action = self.addAction(plain(label))
            action.setEnabled(row["can_go_on"])
            action.triggered.connect(lambda checked=False, number=row["number"]: self._go(number))

    def _go(self, number: int) -> None:
        async def go(app: App) -> None:
            app.controller.reopen(app.library.numbered_bookmark(number))

        self._bridge.ask(go, self._bridge.tell_refusal)


async def _bookmarks(app: App) -> list[dict[str, Any]]:
    return await app.library.listed_bookmarks()
