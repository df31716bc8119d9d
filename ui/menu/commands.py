"""The commands for reading: read, pause, stop, move. For the menu and the player."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from reader.flow import Command
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from ui.bridge import Bridge
from ui.presenter import Look

LABELS = {
    Command.READ_SELECTION: QT_TRANSLATE_NOOP("ui", "&Read selection"),
    Command.READ_CLIPBOARD: QT_TRANSLATE_NOOP("ui", "Read &clipboard"),
    Command.PAUSE_RESUME: QT_TRANSLATE_NOOP("ui", "&Pause"),
    Command.STOP: QT_TRANSLATE_NOOP("ui", "&Stop"),
    Command.PREVIOUS: QT_TRANSLATE_NOOP("ui", "Pre&vious sentence"),
    Command.NEXT: QT_TRANSLATE_NOOP("ui", "&Next sentence"),
    Command.PREVIOUS_PARAGRAPH: QT_TRANSLATE_NOOP("ui", "Previous para&graph"),
    Command.NEXT_PARAGRAPH: QT_TRANSLATE_NOOP("ui", "Next paragrap&h"),
    Command.REPEAT: QT_TRANSLATE_NOOP("ui", "Repe&at sentence"),
}


class Commands:
    """The actions, in order. GUI thread."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        self.by_command: dict[Command, QAction] = {}
        self._labels = {command: translate("ui", label) for command, label in LABELS.items()}
        self._keys: Mapping[Command, str] = {}
        for command in LABELS:
            action = QAction(parent)
            action.triggered.connect(lambda checked=False, command=command: bridge.handle(command))
            self.by_command[command] = action
        self._label()

    def show_look(self, look: Look) -> None:
        """Follow the state."""
        for command, action in self.by_command.items():
            action.setEnabled(command in look.enabled)
        self._labels[Command.PAUSE_RESUME] = look.pause_label
        self._label()

    def show_keys(self, keys: Mapping[Command, str]) -> None:
        """Follow the keys that work now."""
        self._keys = keys
        self._label()

    def _label(self) -> None:
        for command, action in self.by_command.items():
            # The key is part of the text: if it were the action's shortcut, Qt would grab it itself.
            key = self._keys.get(command)
            action.setText(f"{self._labels[command]}\t{key}" if key else self._labels[command])
