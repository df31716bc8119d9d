"""The tray app: starts Qt and the core, and shows what the core reports."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, QtMsgType, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from reader import log as core_log
from reader.errors import HarkenError
from reader.flow import Command, Notice, PlaybackEvent, SpeedChanged, State, StateChanged
from reader.settings.paths import log_file
from reader.settings.schema import SETTINGS, key_setting
from reader.settings.setting import Page
from ui import language
from ui.actions import Actions
from ui.bridge import Bridge
from ui.icons import icon
from ui.presenter import look
from ui.settings.window import SettingsWindow
from ui.window import SmallWindow

log = logging.getLogger(__name__)

# After login the panel may come up later than Harken: look for a tray this often, so many times.
_TRAY_RETRY_MS = 2000
_TRAY_RETRIES = 15
_MESSAGE_MS = 8000


def run() -> int:
    """Run the tray app until it is quit. Raises HarkenError where there is no display."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise HarkenError("There is no display here for the tray app. “harken speak” works without one.")
    core_log.start(log_file())
    qInstallMessageHandler(_log_qt)
    app = QApplication(["harken"])
    app.setApplicationName("harken")
    app.setDesktopFileName("harken")
    app.setQuitOnLastWindowClosed(False)
    language.install(app)
    shell = Shell(app)
    shell.start()
    return app.exec()


class Shell(QObject):
    """The tray icon or the window, and what they show. GUI thread."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        self._bridge = Bridge()
        self._bridge.happened.connect(self._on_event)
        self._bridge.failed.connect(self._on_failed)
        self._state = State.IDLE
        self._problem: Notice | None = None  # the last one, until something else is read
        self._window = SmallWindow()
        self._settings: SettingsWindow | None = None
        settings = self._bridge.settings
        self._keys = {
            command: settings.text(key_setting(command)) for command in Command if key_setting(command) in SETTINGS
        }
        self._actions = Actions(self._bridge, self._keys, self.open_settings, app.quit, self._window)
        self._window.set_actions(self._actions)
        self._menu = QMenu(self._window)
        self._actions.fill(self._menu)
        self._tray = QSystemTrayIcon(self)
        self._tray.setContextMenu(self._menu)
        self._tray.activated.connect(self._on_clicked)
        self._retries = 0
        self._signals = _Signals(app)
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

    def open_settings(self, page: Page | None = None) -> None:
        """Show the settings, at a page or where they were."""
        self._settings = self._settings or SettingsWindow(self._bridge)
        self._settings.open_page(page)

    def _show(self) -> None:
        now = look(self._state, self._problem.sentence if self._problem else "", self._keys)
        self._tray.setIcon(icon(now.icon))
        self._tray.setToolTip(now.tooltip)
        self._actions.show_look(now)
        self._window.show_look(now)

    @Slot(object)
    def _on_event(self, event: PlaybackEvent) -> None:
        match event:
            case StateChanged():
                self._state = event.state
                if event.state is State.SPEAKING and self._problem and event.utterance_id != self._problem.utterance_id:
                    self._problem = None
                self._show()
            case SpeedChanged():
                self._actions.show_speed(event.speed)
            case Notice():
                self._tell(event)

    def _tell(self, notice: Notice) -> None:
        """Show a sentence. One that is spoken, or that has something to do, stays until the next reading."""
        if notice.is_problem:
            self._problem = notice
        self._show()
        if not self._tray.isVisible() or not QSystemTrayIcon.isSystemTrayAvailable():
            if not notice.is_problem:
                self._window.show_sentence(notice.sentence)
            self._window.showNormal()
            self._window.raise_()
        elif not notice.is_spoken:
            self._tray.showMessage("Harken", notice.sentence, icon("harken"), _MESSAGE_MS)

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
    def _on_quit(self) -> None:
        self._tray.hide()
        self._bridge.stop()


class _Signals(QObject):
    """Quits when the system or a terminal asks to.

    Python handles signals only while it runs, so a signal writes to a socket that Qt watches.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        self._receiver, self._sender = socket.socketpair()
        self._receiver.setblocking(False)
        self._sender.setblocking(False)
        signal.set_wakeup_fd(self._sender.fileno())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, frame: None)
        self._notifier = QSocketNotifier(self._receiver.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)

    @Slot()
    def _on_signal(self) -> None:
        self._receiver.recv(64)
        self._app.quit()


def _log_qt(kind: QtMsgType, _context: object, message: str) -> None:
    """Qt's own messages belong into the log."""
    level = logging.DEBUG if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) else logging.WARNING
    logging.getLogger("qt").log(level, "%s", message)
