"""A dialog to find one of many things by typing part of its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from reader.support.i18n import translate
from ui.announce import announce

_VALUE = Qt.ItemDataRole.UserRole
_MOVES = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


@dataclass(frozen=True, slots=True)
class ChooserEntry:
    """One of the things. `also` is searched too, but not shown."""

    value: str
    name: str
    group: str = ""
    also: str = ""


class Chooser(QDialog):
    """Opened with `open()`; `accepted` follows, or not. GUI thread."""

    def __init__(self, title: str, entries: Sequence[ChooserEntry], chosen: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._entries = entries
        self._chosen = chosen
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        label = QLabel(translate("ui", "&Find:"), self)
        label.setBuddy(self.search)
        self.search.setAccessibleName(translate("ui", "Find by part of the name"))
        self.found = QLabel(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(title)
        self.list.setSpacing(2)
        self.list.itemActivated.connect(self.accept)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.rows = QVBoxLayout(self)
        for widget in (label, self.search, self.found, self.list, self.buttons):
            self.rows.addWidget(widget)
        self._fill("")
        self.resize(460, 420)

    @property
    def value(self) -> str:
        """The current choice."""
        item = self.list.currentItem()
        return str(item.data(_VALUE)) if item else self._chosen

    def add_button(self, label: str, pressed: Callable[[], None]) -> None:
        """Add a button that does something with the current entry."""
        button = self.buttons.addButton(label, QDialogButtonBox.ButtonRole.ActionRole)
        button.setAutoDefault(False)
        button.clicked.connect(pressed)

    @Slot(str)
    def _fill(self, text: str) -> None:
        """List the entries that contain all the words typed."""
        chosen = self.value
        words = text.casefold().split()
        shown = [entry for entry in self._entries if _has_all(entry, words)]
        self.list.clear()
        group = ""
        for entry in shown:
            if entry.group != group:
                group = entry.group
                self.list.addItem(_heading(group))
            item = QListWidgetItem(entry.name)
            item.setData(_VALUE, entry.value)
            if group:  # keys skip the heading
                told = translate("ui", "{name}, {group}").format(name=entry.name, group=group)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, told)
            self.list.addItem(item)
            if entry.value == chosen or self.list.currentItem() is None:
                self.list.setCurrentItem(item)
        told = translate("ui", "%n found", None, len(shown)) if shown else translate("ui", "Nothing found")
        self.found.setText(told)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(shown))
        if text:
            announce(self.search, told)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Up and Down move in the list while typing."""
        is_press = watched is self.search and event.type() == QEvent.Type.KeyPress
        if is_press and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            self.list.setFocus()
            return True
        return super().eventFilter(watched, event)


def _heading(text: str) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)  # can't be selected or reached with keys
    font = QFont(item.font())
    font.setWeight(QFont.Weight.DemiBold)
    item.setFont(font)
    return item


def _has_all(entry: ChooserEntry, words: list[str]) -> bool:
    text = f"{entry.name} {entry.group} {entry.also}".casefold()
    return all(word in text for word in words)
