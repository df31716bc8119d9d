"""The whole menu: everything that can be done with Harken, for the tray and for the player.

It fits into 640 x 400 points, which is what 1280 x 800 pixels are at 200 %: what is needed only now and then is in
submenus. If one is taller than the screen anyway, as a list of voices may be, it scrolls; Qt would break it into
columns that cover the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from reader.flow import Command
from reader.settings.paths import state_folder
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.crash_report import CrashReport
from ui.menu.bookmarks import BookmarkMenu
from ui.menu.commands import Commands
from ui.menu.devices import DeviceMenu
from ui.menu.history import HistoryMenu
from ui.menu.misread import Misread
from ui.menu.sleep import SleepMenu
from ui.menu.speed import SpeedMenu
from ui.menu.switches import Switches
from ui.menu.voices import VoiceMenu
from ui.presenter import Look
from ui.recent import RecentVoices


@dataclass(frozen=True, slots=True)
class MenuActions:
    """What the last entries open."""

    voices: Callable[[], None]
    get_voices: Callable[[], None]
    player: Callable[[], None]
    file: Callable[[], None]
    save: Callable[[], None]
    misread: Callable[[], None]
    settings: Callable[[], None]
    privacy: Callable[[], None]
    first_steps: Callable[[], None]
    help: Callable[[], None]
    quit: Callable[[], None]


class Menu(QMenu):
    """GUI thread."""

    def __init__(self, bridge: Bridge, actions: MenuActions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setStyleSheet("QMenu { menu-scrollable: 1; }")  # also applies to submenus
        self._bridge = bridge
        self.commands = Commands(bridge, self)
        self.speed = SpeedMenu(bridge, self)
        self.voice = VoiceMenu(bridge, RecentVoices(state_folder()), actions.voices, actions.get_voices, self)
        self.switches = Switches(bridge, self)
        self.device = DeviceMenu(bridge, self)
        self.sleep = SleepMenu(bridge, self)
        self.bookmarks = BookmarkMenu(bridge, self)
        self.history = HistoryMenu(bridge, self)
        self.misread = Misread(bridge, actions.misread, self)
        self.crash_report = CrashReport(bridge, self)
        self.moving = QMenu(translate("ui", "Move &around"), self)
        self.more = QMenu(translate("ui", "&More"), self)
        self._fill(actions)
        self.show_keys()

    def _entry(self, label: str, do: Callable[[], None]) -> QAction:
        action = QAction(label, self)
        action.triggered.connect(lambda: do())
        return action

    def _fill(self, actions: MenuActions) -> None:
        commands, later = self.commands.by_command, self._bridge.handle
        self.addActions([commands[c] for c in _READING])
        self.moving.addActions([commands[c] for c in _MOVING])
        self.addMenu(self.moving)
        self.addSeparator()
        self.addAction(self._entry(translate("ui", "Open the pla&yer"), actions.player))
        self.addAction(self._entry(translate("ui", "Ope&n a document…"), actions.file))
        for menu in (self.history, self.speed, self.voice, self.more):
            self.addMenu(menu)
        self.addSeparator()
        self.addAction(self._entry(translate("ui", "S&ettings…"), actions.settings))
        self.addAction(self._entry(translate("ui", "&Quit Harken"), actions.quit))
        self.more.addAction(self._entry(translate("ui", "&Read selection later"), lambda: later(Command.READ_LATER)))
        self.more.addAction(self._entry(translate("ui", "Read the &queue"), lambda: later(Command.READ_QUEUED)))
        self.more.addAction(self._entry(translate("ui", "&Save as sound…"), actions.save))
        self.more.addAction(self.misread)
        self.more.addMenu(self.device)
        self.more.addMenu(self.sleep)
        self.more.addMenu(self.bookmarks)
        self.more.addSeparator()
        self.more.addActions(list(self.switches.by_key.values()))
        self.more.addSeparator()
        self.more.addActions(
            [
                self._entry(translate("ui", "&What Harken reads and where it goes…"), actions.privacy),
                self._entry(translate("ui", "&First steps…"), actions.first_steps),
                self._entry(translate("ui", "&Help"), actions.help),
                self.crash_report,
            ]
        )

    # ---- what it follows ----

    def show_look(self, look: Look) -> None:
        """Follow the state."""
        self.commands.show_look(look)

    def show_speed(self, speed: float) -> None:
        """Follow the speed."""
        self.speed.show_speed(speed)

    def show_setting(self, key: str) -> None:
        """Follow a setting."""
        if key == "voice.id":
            self.voice.show_setting()
        elif key == "voice.speed":
            self.show_speed(self._bridge.settings.number(key))
        elif key == "sound.device":
            self.device.show_setting()
        self.switches.show()

    def show_settings(self) -> None:
        """Follow all settings."""
        self.show_speed(self._bridge.settings.number("voice.speed"))
        self.voice.show_setting()
        self.device.show_setting()
        self.show_keys()
        self.switches.show()

    def show_keys(self) -> None:
        """Follow the keys that work now."""
        self.commands.show_keys(self._bridge.keys.names)


_READING = (Command.READ_SELECTION, Command.READ_CLIPBOARD, Command.PAUSE_RESUME, Command.STOP)
_MOVING = (
    Command.PREVIOUS,
    Command.NEXT,
    Command.REPEAT,
    Command.PREVIOUS_PARAGRAPH,
    Command.NEXT_PARAGRAPH,
)
