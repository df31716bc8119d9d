"""Linux: org.a11y.Status on the session bus, which desktops and Orca set. Never waits for an answer."""

from __future__ import annotations

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

from ui.screen_reader.base import ScreenReader

_SERVICE, _PATH, _PROPERTIES = "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties"


class BusStatus(ScreenReader):
    """GUI thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._bus = QDBusConnection.sessionBus()
        slot = SLOT("_on_news(QDBusMessage)")  # a str, whatever PySide6's types say
        self._bus.connect(_SERVICE, _PATH, _PROPERTIES, "PropertiesChanged", self, slot)  # type: ignore[call-overload]
        self._ask()

    @Slot("QDBusMessage")
    def _on_news(self, _message: QDBusMessage) -> None:
        self._ask()

    def _ask(self) -> None:
        question = QDBusMessage.createMethodCall(_SERVICE, _PATH, _PROPERTIES, "Get")
        question.setArguments(["org.a11y.Status", "ScreenReaderEnabled"])
        QDBusPendingCallWatcher(self._bus.asyncCall(question), self).finished.connect(self._on_answer)

    @Slot("QDBusPendingCallWatcher*")
    def _on_answer(self, call: QDBusPendingCallWatcher) -> None:
        answer = call.reply().arguments()
        call.deleteLater()
        # An error has a text for its argument: there is no accessibility bus, and so nobody on it.
        self._found(not call.isError() and bool(answer[0].variant()))
