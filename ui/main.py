"""Starts the tray app: Qt, its log, and signals from the system."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys

from PySide6.QtCore import QObject, QSocketNotifier, QtMsgType, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from reader.desktop.choose import menu_entry
from reader.desktop.launch import FOR_COMMAND, command
from reader.errors import HarkenError
from reader.settings.paths import crash_folder, log_file
from reader.support import core_dumps, display
from reader.support import log as core_log
from reader.support.app_id import APP_ID
from reader.support.crashes import CrashWatch
from reader.support.i18n import translate
from ui import language, responding
from ui.shell import Shell


def run() -> int:
    """Run the tray app until it is quit. Raises HarkenError where there is no display."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        sentence = translate("ui", "There is no display here for the tray app. “harken speak” works without one.")
        raise HarkenError(sentence)
    is_for_command = bool(os.environ.pop(FOR_COMMAND, ""))  # not for those that are started from here
    core_dumps.open_to_portals()
    core_log.start(log_file())
    qInstallMessageHandler(_log_qt)
    responding.ensure()
    if display.is_wayland():  # where keys and icons are given to known programs only; Qt says at once which one it is
        menu_entry().make()
    app = QApplication(["harken"])
    app.setApplicationName("harken")
    app.setDesktopFileName(APP_ID)
    app.setQuitOnLastWindowClosed(False)
    language.install(app)
    crashes = CrashWatch(crash_folder())
    shell, _signals = Shell(app, is_for_command=is_for_command), _Signals(app)
    shell.start()
    crashes.start(command())  # behind the windows, which have come this far
    code = app.exec()
    crashes.stop()
    return code


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
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number and signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
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
