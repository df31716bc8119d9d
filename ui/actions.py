"""What a person can choose, once, for the tray's menu and for the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from reader.flow import Command
from ui.bridge import Bridge
from ui.presenter import SPEEDS, VOICES, Look, nearest_speed, speed_label

_LABELS = {
    Command.READ_SELECTION: "&Read selection",
    Command.PAUSE_RESUME: "&Pause",
    Command.STOP: "&Stop",
    Command.NEXT: "&Next sentence",
    Command.PREVIOUS: "Pre&vious sentence",
    Command.REPEAT: "Say &again",
}


class Actions:
    """The actions and the menus made of them. GUI thread."""

    def __init__(
        self,
        bridge: Bridge,
        keys: dict[Command, str],
        on_settings: Callable[[], None],
        on_quit: Callable[[], None],
        parent: QWidget,
    ) -> None:
        self._bridge = bridge
        self.by_command: dict[Command, QAction] = {}
        for command, label in _LABELS.items():
            # The chord is part of the text: as a shortcut of the action Qt would take the key itself.
            chord = keys.get(command)
            action = QAction(f"{label}\t{chord}" if chord else label, parent)
            action.triggered.connect(lambda checked=False, command=command: bridge.handle(command))
            self.by_command[command] = action
        self.speed_menu = self._choices("Spee&d", [(speed_label(s), s) for s in SPEEDS], "voice.speed", parent)
        self.voice_menu = self._choices("V&oice", list(VOICES), "voice.id", parent)
        self.settings = QAction("Se&ttings…", parent)
        self.settings.triggered.connect(lambda: on_settings())
        self.quit = QAction("&Quit Harken", parent)
        self.quit.triggered.connect(on_quit)
        self._pause_chord = keys.get(Command.PAUSE_RESUME, "")
        self.show_speed(bridge.settings.number("voice.speed"))
        self._check(self.voice_menu, bridge.settings.text("voice.id"))

    def _choices(self, title: str, choices: list[tuple[str, object]], key: str, parent: QWidget) -> QMenu:
        """A menu of which one entry holds; choosing one changes a setting."""
        menu = QMenu(title, parent)
        group = QActionGroup(menu)
        for label, value in choices:
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setData(value)
            action.triggered.connect(lambda checked=False, value=value: self._bridge.change(key, value))
            group.addAction(action)
        return menu

    def fill(self, menu: QMenu) -> None:
        """Put everything into a menu."""
        commands = list(self.by_command.values())
        menu.addActions(commands[:3])
        menu.addSeparator()
        menu.addActions(commands[3:])
        menu.addSeparator()
        menu.addMenu(self.speed_menu)
        menu.addMenu(self.voice_menu)
        menu.addSeparator()
        menu.addAction(self.settings)
        menu.addAction(self.quit)

    def show_look(self, look: Look) -> None:
        """Follow the state."""
        for command, action in self.by_command.items():
            action.setEnabled(command in look.enabled)
        label = look.pause_label
        pause = self.by_command[Command.PAUSE_RESUME]
        pause.setText(f"{label}\t{self._pause_chord}" if self._pause_chord else label)

    def show_speed(self, speed: float) -> None:
        """Mark the step nearest to the speed in force."""
        self._check(self.speed_menu, nearest_speed(speed))

    def _check(self, menu: QMenu, value: object) -> None:
        for action in menu.actions():
            action.setChecked(action.data() == value)
