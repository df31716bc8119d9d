"""Menu entries of which the current one is marked, in one menu or spread over several."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from reader.settings.schema import Value


def plain(label: str) -> str:
    """Escape a label from outside, so that `&` is no mnemonic and a tab no key."""
    return label.replace("&", "&&").replace("\t", " ")


class Choices:
    """The entries for one setting. A value may appear in several places, and is marked in all. GUI thread."""

    def __init__(self, choose: Callable[[Value], None]) -> None:
        """`choose` is called with the value of the chosen entry."""
        self._choose = choose
        self._groups: dict[QMenu, QActionGroup] = {}
        self._actions: list[QAction] = []
        self._marked: Value = ""

    def add(self, menu: QMenu, label: str, value: Value, before: QAction | None = None) -> QAction:
        """Add an entry to a menu. `label` may have a mnemonic: see `plain`."""
        action = QAction(label, menu)
        menu.insertAction(before, action) if before else menu.addAction(action)
        # In a group, so that they are shown and announced as one choice out of several; exclusive but optional, as the
        # current one may be in another menu.
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
        self.mark(self._marked)  # clicking the current entry must not unmark it

    def mark(self, value: Value) -> None:
        """Mark the current value."""
        self._marked = value
        for action in self._actions:
            action.setChecked(action.data() == value)

    def forget(self, *actions: QAction) -> None:
        """Drop these entries, which are about to be deleted; without any, all."""
        self._actions = [action for action in self._actions if actions and action not in actions]
        if not actions:
            self._groups.clear()
