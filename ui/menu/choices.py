"""Menu entries of which the one that holds is marked, in one menu or spread over several."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from reader.settings.schema import Value


def plain(label: str) -> str:
    """A label from outside: its `&` is a letter, not a mnemonic, and a tab would begin a key."""
    return label.replace("&", "&&").replace("\t", " ")


class Choices:
    """The entries for one setting. The same value may stand in several places, and is marked in all. GUI thread."""

    def __init__(self, choose: Callable[[Value], None]) -> None:
        """`choose` is called with the value of the entry that was chosen."""
        self._choose = choose
        self._groups: dict[QMenu, QActionGroup] = {}
        self._actions: list[QAction] = []
        self._marked: Value = ""

    def add(self, menu: QMenu, label: str, value: Value, before: QAction | None = None) -> QAction:
        """Add an entry to a menu. `label` may have a mnemonic: see `plain`."""
        action = QAction(label, menu)
        menu.insertAction(before, action) if before else menu.addAction(action)
        # Grouped, so that they are shown and told as one choice out of several; optional, as the one that holds may
        # stand in another menu.
        if menu not in self._groups:
            self._groups[menu] = QActionGroup(menu)
            self._groups[menu].setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self._groups[menu].addAction(action)
        action.setCheckable(True)
        action.setData(value)
        action.setChecked(value == self._marked)
        action.triggered.connect(lambda checked=False: self._on_chosen(value))
        self._actions.append(action)
        return action

    def _on_chosen(self, value: Value) -> None:
        self._choose(value)
        self.mark(self._marked)  # a click on the one that holds must not unmark it

    def mark(self, value: Value) -> None:
        """Show which one holds."""
        self._marked = value
        for action in self._actions:
            action.setChecked(action.data() == value)

    def forget(self, *actions: QAction) -> None:
        """These entries are about to be deleted; without any: all are."""
        self._actions = [action for action in self._actions if actions and action not in actions]
        if not actions:
            self._groups.clear()
