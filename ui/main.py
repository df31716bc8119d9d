"""Starts the tray app: Qt, its log, and handling of the system's signals."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from contextlib import ExitStack
from functools import partial

from PySide6.QtCore import QObject, QSocketNotifier, QtMsgType, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from reader.core import first_time
from reader.core.early_keys import EarlyKeys
from reader.core.loop import CoreLoop
from reader.desktop.choose import menu_entry
from reader.desktop.launch import DISPLAY_LOST, FOR_COMMAND, command
from reader.errors import HarkenError
from reader.ipc.choose import socket_address
from reader.settings.paths import crash_folder, log_file, settings_file
from reader.settings.store import Settings
from reader.support import core_dumps, display
from reader.support import log as core_log
from reader.support.app_id import APP_ID
from reader.support.crashes import CrashWatch
from reader.support.i18n import translate
from reader.support.numerics import one_thread
from ui import language, responding
from ui.display_loss import DisplayLoss

# The keys are taken before the rest is loaded, but nothing waits longer than this for a desktop that asks the user
# about them. On macOS the main thread's loop takes them, which runs later.
_KEYS_FIRST_S = 0.5 if sys.platform != "darwin" else 0.0
_NO_SHARED_MEMORY = "QT_XCB_NO_MITSHM"
# The desktops on which Qt looks for its GTK plugin: qgenericunixthemes.cpp.
_GTK_DESKTOPS = {"GNOME", "X-CINNAMON", "PANTHEON", "UNITY", "MATE", "XFCE", "LXDE"}


def run() -> int:
    """Run the tray app until it is quit. Raises HarkenError if there is no display."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        sentence = translate("ui", "There is no display here for the tray app. “harken speak” works without one.")
        raise HarkenError(sentence)
    # Not to be inherited by programs started from here.
    is_for_command, is_back = (bool(os.environ.pop(name, "")) for name in (FOR_COMMAND, DISPLAY_LOST))
    core_dumps.open_to_portals()
    core_log.start(log_file())
    qInstallMessageHandler(_log_qt)
    responding.ensure()
    if display.is_wayland():  # it gives keys and icons to known programs only; Qt names this one on connecting
        menu_entry().make()
    app = _application()
    app.setApplicationName("harken")
    app.setDesktopFileName(APP_ID)
    app.setQuitOnLastWindowClosed(False)
    language.install(app)
    crashes, _signals = CrashWatch(crash_folder()), _Signals(app)
    is_new = first_time.is_new_user()
    keys = EarlyKeys(CoreLoop(), Settings(settings_file()), socket_address())
    keys.wait(_KEYS_FIRST_S)
    with one_thread():
        from ui.bridge import Bridge  # this also imports the core

    bridge = Bridge(keys)
    ending = ExitStack()
    ending.callback(crashes.stop)
    ending.callback(bridge.stop)
    loss = DisplayLoss(ending.close)
    qInstallMessageHandler(partial(_log_and_look, loss))
    bridge.start()
    from ui.shell import Shell  # this also imports all windows

    shell = Shell(app, bridge, is_new=is_new, news=_news(is_for_command=is_for_command, is_back=is_back))
    ending.callback(shell.stop)
    shell.start()
    crashes.start(command())  # after the windows, so that it only restarts if they came up
    code = app.exec()
    qInstallMessageHandler(_log_qt)
    crashes.stop()
    return code


def _application() -> QApplication:
    """Make Qt draw on X without memory that it shares with the server.

    The server passes such memory as an open file. On a busy connection libxcb may miss that file, and it then gives up
    the connection (its error 7), which is the end of Harken: 5 of 132 floods of events ended so, and none without.
    Drawing the whole player takes 0.6 ms longer, or 9 ms on a screen of 3840 by 2160.
    """
    os.environ[_NO_SHARED_MEMORY] = "1"
    app = QApplication(["harken", *_look()])
    del os.environ[_NO_SHARED_MEMORY]  # Qt has read it, and it is not to be inherited by programs started from here
    return app


def _look() -> list[str]:
    """Make Qt look the same on GTK desktops as in Harken's packages, which leave out its plugin that loads GTK.

    GTK would end the process on the spot when the display is lost, before Harken can react, and takes some 30 MB.
    """
    names = os.environ.get("XDG_CURRENT_DESKTOP", "").upper().split(":")
    is_chosen = "QT_QPA_PLATFORMTHEME" in os.environ or sys.platform != "linux"
    return [] if is_chosen or not _GTK_DESKTOPS.intersection(names) else ["-platformtheme", "gnome"]


def _news(*, is_for_command: bool, is_back: bool) -> str:
    """What to tell the user as soon as possible, "" for nothing."""
    if is_back:
        return translate("ui", "Your desktop stopped responding but is back. Harken has restarted.")
    return translate("ui", "Harken was not running and has been started.") if is_for_command else ""


class _Signals(QObject):
    """Quits when the system or a terminal asks for it.

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
            if number and signal.getsignal(number) is not signal.SIG_IGN:  # ignored under nohup
                signal.signal(number, lambda number, frame: None)
        self._notifier = QSocketNotifier(self._receiver.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)

    @Slot()
    def _on_signal(self) -> None:
        self._receiver.recv(64)
        self._app.quit()


def _log_and_look(loss: DisplayLoss, kind: QtMsgType, context: object, message: str) -> None:
    _log_qt(kind, context, message)
    loss.look(message)


def _log_qt(kind: QtMsgType, _context: object, message: str) -> None:
    """Write Qt's own messages to the log."""
    level = logging.DEBUG if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) else logging.WARNING
    logging.getLogger("qt").log(level, "%s", message)
