"""The tray icon, or the player if there is no tray, and what they show of the core's events."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from reader.flow import (
    Event,
    KeysChanged,
    Notice,
    QuitWanted,
    SettingChanged,
    SettingsWanted,
    SpeedChanged,
    State,
    StateChanged,
    WindowWanted,
)
from reader.settings.setting import Page
from ui.announce import Announcer
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.closing import ClosingQuestion
from ui.get_voices.offer import offer_voices
from ui.icons import panel_icon
from ui.menu.menu import Menu, MenuActions
from ui.own_selection import OwnSelection
from ui.player.window import PlayerWindow
from ui.presenter import look
from ui.tray import MESSAGE_MS, Tray
from ui.updates import Updates
from ui.window_registry import Windows

# A restarted panel is back by then.
_PANEL_BACK_MS = 10_000


class Shell(QObject):
    """GUI thread."""

    def __init__(self, app: QApplication, bridge: Bridge, *, is_new: bool = False, news: str = "") -> None:
        """The core may be running already: its events wait until everything is shown.

        `is_new`: the user has never seen Harken; `news` is what to tell the user as soon as the core has started.
        """
        super().__init__()
        self._app = app
        self._news = news
        self._is_new = is_new
        self._bridge = bridge
        Appearance(app, self._bridge)
        self._bridge.happened.connect(self._on_event)
        self._bridge.started.connect(self._on_started)
        self._bridge.failed.connect(self._on_failed)
        self._state = State.IDLE
        self._can_resume = False
        self._problem: Notice | None = None  # the last one, until it is over or something else is read
        self._told: Notice | None = None  # the latest message that is not a problem, for a moment
        self._forgetting = QTimer(self)
        self._forgetting.setSingleShot(True)
        self._forgetting.setInterval(MESSAGE_MS)
        self._forgetting.timeout.connect(self._on_forgotten)
        self._window = PlayerWindow(self._bridge)
        self._announcer = Announcer(self._bridge, self._window)
        self._own_text = OwnSelection(self._bridge, app)
        self._windows = Windows(self._bridge, lambda: self._announcer.is_used)
        self._windows.offer_help(self._window, "control")
        actions = MenuActions(
            voices=lambda: self._windows.open_settings(Page.VOICE),
            get_voices=self._windows.open_get_voices,
            player=self._window.open,
            file=self._window.files.open,
            save=self._window.save,
            misread=self._windows.open_misread,
            settings=self._windows.open_settings,
            privacy=self._windows.open_privacy,
            first_steps=self._windows.open_first_steps,
            help=self._windows.open_help,
            quit=app.quit,
        )
        self._menu = Menu(self._bridge, actions, self._window)
        self._window.set_menu(self._menu)
        self._window.close_wanted.connect(self._on_close_wanted)
        self._tray = Tray(self._menu, self)
        self._tray.clicked.connect(self._bridge.click)
        self._tray.changed.connect(self._on_tray_changed)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(_PANEL_BACK_MS)
        self._leaving.timeout.connect(self._on_tray_lost)
        self._updates = Updates(self._bridge, self)
        offer_voices(self._bridge)
        app.aboutToQuit.connect(self._on_quit)

    def start(self) -> None:
        """Show the icon or the player."""
        self._show()
        self._tray.start()
        if not self._tray.is_seen:
            self._window.show()
        self._bridge.tell_shown()

    @Slot()
    def _on_tray_changed(self) -> None:
        """Move into a panel that has appeared, or out of one that does not come back."""
        if self._tray.is_seen:
            self._leaving.stop()
            self._window.hide()
        else:
            self._leaving.start()

    @Slot()
    def _on_tray_lost(self) -> None:
        if not self._tray.is_seen:
            self._window.show()

    def _show(self) -> None:
        told, problem = (notice.sentence if notice else "" for notice in (self._told, self._problem))
        now = look(self._state, problem, self._bridge.keys.names, told=told, can_resume=self._can_resume)
        self._tray.show_look(panel_icon(now.icon), now.tooltip)
        self._menu.show_look(now)
        self._window.show_look(now)

    @Slot()
    def _on_started(self) -> None:
        self._menu.show_settings()
        self._updates.follow()
        self._menu.crash_report.tell()
        if self._news:
            self._bridge.tell(Notice(0, self._news, is_problem=False, is_answer=True))
        if self._is_new:
            self._windows.open_first_steps()

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        match event:
            case StateChanged():
                self._state, self._can_resume = event.state, event.can_resume
                if event.state is State.SPEAKING:
                    self._problem, self._told = (
                        notice if notice and notice.utterance_id == event.utterance_id else None
                        for notice in (self._problem, self._told)
                    )
                self._show()
            case SpeedChanged():
                self._menu.show_speed(event.speed)
            case SettingChanged():
                self._menu.show_setting(event.key)
                self._show()
                self._updates.follow()
            case KeysChanged():
                self._menu.show_keys()
                self._show()
            case SettingsWanted():
                self._windows.open_settings()
            case WindowWanted():
                self._window.open()
            case QuitWanted():
                self._app.quit()
            case Notice():
                self._menu.switches.show()  # it may be why a setting was not changed
                self._tell(event)

    def _tell(self, notice: Notice) -> None:
        """Show a sentence. A problem stays until the next reading, or until it is over; the rest for a moment.

        The desktop's message is for people who have not heard it: a screen reader would speak that one too.
        """
        if notice.is_problem and not notice.is_passing:
            self._problem = notice
        else:
            if self._problem and notice.cause and notice.cause == self._problem.cause:
                self._problem = None
            self._told = notice
            if self._tray.is_seen:  # else the player shows it, for as long as needed
                self._forgetting.start()
        self._show()
        if not self._tray.is_seen:
            self._window.show_above()
        elif not (notice.is_spoken or self._announcer.is_used):
            self._tray.show_message(notice.sentence)

    @Slot()
    def _on_forgotten(self) -> None:
        self._told = None
        self._show()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        print(f"harken: {sentence}", file=sys.stderr)
        self._app.exit(1)

    @Slot()
    def _on_close_wanted(self) -> None:
        """The player is closed: without an icon in a panel nothing of Harken would be visible."""
        if self._tray.is_seen:
            self._window.hide()
        else:
            ClosingQuestion(self._window, self._bridge.keys.names, self._app.quit).open()

    @Slot()
    def _on_quit(self) -> None:
        self._tray.hide()
        self.stop()
        self._bridge.stop()

    def stop(self) -> None:
        """Clean up before quitting."""
        self._window.stop()
