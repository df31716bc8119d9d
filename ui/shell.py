"""The tray icon, or the small window where there is no tray, and what they show of what the core reports."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from reader.flow import (
    Command,
    Notice,
    PlaybackEvent,
    QuitWanted,
    SettingChanged,
    SettingsWanted,
    SpeedChanged,
    State,
    StateChanged,
    WindowWanted,
)
from reader.settings.setting import Page
from reader.words import translate
from ui import first_run
from ui.announce import Announcer
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.closing import ClosingQuestion
from ui.front import bring_to_front
from ui.icons import icon
from ui.menu.commands import chords
from ui.menu.menu import Doors, Menu
from ui.own_text import OwnText
from ui.presenter import look
from ui.updates import Updates
from ui.window import SmallWindow
from ui.windows import Windows

# After login the panel may come up later than Harken: look for a tray this often, so many times.
_TRAY_RETRY_MS = 2000
_TRAY_RETRIES = 15
_MESSAGE_MS = 8000


class Shell(QObject):
    """GUI thread."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        self._bridge = Bridge()
        Appearance(app, self._bridge)
        self._bridge.happened.connect(self._on_event)
        self._bridge.started.connect(self._on_started)
        self._bridge.failed.connect(self._on_failed)
        self._state = State.IDLE
        self._problem: Notice | None = None  # the last one, until something else is read
        self._window = SmallWindow()
        self._announcer = Announcer(self._bridge, self._window)
        self._own_text = OwnText(self._bridge, app)
        self._windows = Windows(self._bridge, self._announcer.say)
        self._windows.offer_help(self._window, "control")
        self._is_new = first_run.is_due()
        doors = Doors(
            voices=lambda: self._windows.open_settings(Page.VOICE),
            settings=self._windows.open_settings,
            privacy=self._windows.open_privacy,
            first_steps=self._windows.open_first_steps,
            help=self._windows.open_help,
            quit=app.quit,
        )
        self._menu = Menu(self._bridge, doors, self._window)
        self._window.set_menu(self._menu)
        self._window.close_wanted.connect(self._on_close_wanted)
        self._tray = QSystemTrayIcon(self)
        self._tray.setContextMenu(self._menu)
        self._tray.activated.connect(self._on_clicked)
        self._updates = Updates(self._bridge, self)
        self._retries = 0
        app.aboutToQuit.connect(self._on_quit)

    def start(self) -> None:
        """Show something, and start the core."""
        self._show()
        self._bridge.start()
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._tray.show()
        else:
            self._window.show()
            QTimer.singleShot(_TRAY_RETRY_MS, self._look_for_tray)

    @Slot()
    def _look_for_tray(self) -> None:
        """Move into the tray when there is one after all."""
        self._retries += 1
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._tray.show()
            self._window.hide()
        elif self._retries < _TRAY_RETRIES:
            QTimer.singleShot(_TRAY_RETRY_MS, self._look_for_tray)

    @property
    def _has_tray(self) -> bool:
        """Whether the icon can be seen."""
        return self._tray.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def _show(self) -> None:
        now = look(self._state, self._problem.sentence if self._problem else "", chords(self._bridge.settings))
        self._tray.setIcon(icon(now.icon))
        self._tray.setToolTip(now.tooltip)
        self._menu.show_look(now)
        self._window.show_look(now)

    @Slot()
    def _on_started(self) -> None:
        self._menu.show_settings()
        self._updates.follow()
        self._menu.crash_report.tell()
        if self._is_new:
            self._windows.open_first_steps()

    @Slot(object)
    def _on_event(self, event: PlaybackEvent) -> None:
        match event:
            case StateChanged():
                self._state = event.state
                if event.state is State.SPEAKING and self._problem and event.utterance_id != self._problem.utterance_id:
                    self._problem = None
                self._show()
            case SpeedChanged():
                self._menu.show_speed(event.speed)
            case SettingChanged():
                self._menu.show_setting(event.key)
                self._show()
                self._updates.follow()
            case SettingsWanted():
                self._windows.open_settings()
            case WindowWanted():
                bring_to_front(self._window)
            case QuitWanted():
                self._app.quit()
            case Notice():
                self._menu.switches.show()  # it may be why a setting was not changed
                self._tell(event)

    def _tell(self, notice: Notice) -> None:
        """Show a sentence. One that is spoken, or that has something to do, stays until the next reading.

        The desktop's message is for who has not heard it: a screen reader would say that one too.
        """
        if notice.is_problem:
            self._problem = notice
        self._show()
        if not self._has_tray:
            if not notice.is_problem:
                self._window.show_sentence(notice.sentence)
            self._window.showNormal()
            self._window.raise_()
        elif not (notice.is_spoken or self._announcer.is_heard):
            self._tray.showMessage(translate("ui", "Harken"), notice.sentence, icon("harken"), _MESSAGE_MS)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        print(f"harken: {sentence}", file=sys.stderr)
        self._app.exit(1)

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            is_idle = self._state is State.IDLE
            self._bridge.handle(Command.READ_SELECTION if is_idle else Command.PAUSE_RESUME)

    @Slot()
    def _on_close_wanted(self) -> None:
        """The small window is closed: without an icon in a panel nothing would be left to see of Harken."""
        if self._has_tray:
            self._window.hide()
        else:
            key = chords(self._bridge.settings).get(Command.SHOW, "")
            ClosingQuestion(self._window, key, self._app.quit).open()

    @Slot()
    def _on_quit(self) -> None:
        self._tray.hide()
        self._bridge.stop()
