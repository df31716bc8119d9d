"""Looks at the desktop as an assistive program from outside does: what has the focus, and where its caret is."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

from tests.desktop.desk import Desk, wait_for

_ACTIVE, _FOCUSED = 1, 12
Item = tuple[str, str]


class Watcher:
    """A connection to the desktop's accessibility bus."""

    def __init__(self, desk: Desk | None = None) -> None:
        """Of the session that this program is in itself, without a desk."""
        with open_dbus_connection(desk.env["DBUS_SESSION_BUS_ADDRESS"] if desk else "SESSION") as session:
            bus = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            (address,) = unwrap_msg(session.send_and_get_reply(new_method_call(bus, "GetAddress"), timeout=5))
        self._bus: DBusConnection = open_dbus_connection(address)

    def close(self) -> None:
        self._bus.close()

    def call(self, item: Item, interface: str, method: str, signature: str | None = None, *arguments: object) -> Any:
        address = DBusAddress(item[1], item[0], "org.a11y.atspi." + interface)
        reply = self._bus.send_and_get_reply(new_method_call(address, method, signature, arguments), timeout=2)
        body = unwrap_msg(reply)
        return body[0] if len(body) == 1 else body

    def read(self, item: Item, interface: str, name: str) -> Any:
        """A property."""
        address = DBusAddress(item[1], item[0], "org.freedesktop.DBus.Properties")
        message = new_method_call(address, "Get", "ss", ("org.a11y.atspi." + interface, name))
        return unwrap_msg(self._bus.send_and_get_reply(message, timeout=2))[0][1]

    def children(self, item: Item) -> list[Item]:
        return [tuple(child) for child in self.call(item, "Accessible", "GetChildren")]

    def windows(self) -> list[Item]:
        """Every top-level window of every program."""
        found = []
        for app in self.children(("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")):
            try:
                found += self.children(app)
            except (DBusErrorResponse, TimeoutError):
                continue  # a program that is going
        return found

    def application(self, item: Item) -> str:
        """The name of the program something belongs to."""
        return str(self.read(self.call(item, "Accessible", "GetApplication"), "Accessible", "Name"))

    def has_state(self, item: Item, state: int) -> bool:
        low, high = self.call(item, "Accessible", "GetState")
        return bool((low | high << 32) >> state & 1)

    def focused(self) -> Item | None:
        """What has the focus in the active window."""
        for window in self.windows():
            try:
                if self.has_state(window, _ACTIVE) and (found := self._walk(window)):
                    return found
            except (DBusErrorResponse, TimeoutError):
                continue
        return None

    def follow_focus(self) -> None:
        """Begin to listen to what gets the focus."""
        rule = MatchRule(type="signal", interface="org.a11y.atspi.Event.Object", member="StateChanged")
        rule.add_arg_condition(0, "focused")
        self._news = self._follow("object:state-changed:focused", rule)

    def follow_announcements(self) -> None:
        """Begin to listen to what programs would have said."""
        rule = MatchRule(type="signal", interface="org.a11y.atspi.Event.Object", member="Announcement")
        self._announcements = self._follow("object:announcement", rule)

    def _follow(self, event: str, rule: MatchRule) -> deque[Message]:
        registry = DBusAddress("/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry")
        register = new_method_call(registry, "RegisterEvent", "s", (event,))
        for message in (register, message_bus.AddMatch(rule)):
            self._bus.send_and_get_reply(message, timeout=2)
        news: deque[Message] = self._bus.filter(rule, bufsize=1000).queue
        return news

    def next_announcement(self, limit_s: float = 10.0) -> str:
        """What is announced next."""
        return str(self._bus.recv_until_filtered(self._announcements, timeout=limit_s).body[3][1])

    def next_focus(self, limit_s: float = 10.0) -> tuple[str, str]:
        """(role, name) of what gets the focus next."""
        return self.role_and_name(self.next_focused(limit_s))

    def role_and_name(self, item: Item) -> tuple[str, str]:
        """What an item is, and what it is called."""
        return self.call(item, "Accessible", "GetRoleName"), self.read(item, "Accessible", "Name")

    def next_focused(self, limit_s: float = 10.0) -> Item:
        """What gets the focus next."""
        while True:
            message = self._bus.recv_until_filtered(self._news, timeout=limit_s)
            if message.body[1]:
                fields = message.header.fields
                return fields[HeaderFields.sender], fields[HeaderFields.path]

    def _walk(self, item: Item) -> Item | None:
        if self.has_state(item, _FOCUSED):
            return item
        for child in self.children(item):
            if found := self._walk(child):
                return found
        return None

    def caret(self) -> int | None:
        """The caret's offset in the focused text."""
        focused = self.focused()
        try:
            return int(self.read(focused, "Text", "CaretOffset")) if focused else None
        except (DBusErrorResponse, TimeoutError):
            return None

    def named(self, window: Item) -> list[tuple[str, str]]:
        """(role, name) of everything in a window, in order."""
        found = [self.role_and_name(window)]
        for child in self.children(window):
            found += self.named(child)
        return found


class Carets:
    """Notes where carets go, and when (time.monotonic) that is told, until it is closed."""

    def __init__(self, desk: Desk) -> None:
        self._watcher = Watcher(desk)
        rule = MatchRule(type="signal", interface="org.a11y.atspi.Event.Object", member="TextCaretMoved")
        self._news = self._watcher._follow("object:text-caret-moved", rule)
        self.moves: list[tuple[float, int]] = []
        self._is_over = False
        self._thread = threading.Thread(target=self._listen, name="carets", daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._is_over:
            try:
                message = self._watcher._bus.recv_until_filtered(self._news, timeout=0.2)
            except TimeoutError:
                continue
            self.moves.append((time.monotonic(), int(message.body[1])))

    def close(self) -> None:
        self._is_over = True
        self._thread.join()
        self._watcher.close()


def wait_for_caret(desk: Desk, offset: int) -> None:
    """Wait until the caret is there: keys take their time."""
    watcher = Watcher(desk)
    try:
        wait_for(lambda: watcher.caret() == offset, f"the caret at {offset}")
    finally:
        watcher.close()


def wait_for_focused_text(desk: Desk, text: str) -> None:
    """Wait until what has the focus says this text: a program learns of its window being in front after the others."""
    watcher = Watcher(desk)

    def is_there() -> bool:
        item = watcher.focused()
        try:
            return item is not None and watcher.call(item, "Text", "GetText", "ii", 0, -1) == text
        except (DBusErrorResponse, TimeoutError):
            return False  # it is no text, or it is changing

    try:
        wait_for(is_there, f"the focus in “{text}”")
    finally:
        watcher.close()


def wait_for_focus(desk: Desk) -> None:
    """Wait until something in the active window has the focus."""
    watcher = Watcher(desk)
    try:
        wait_for(watcher.focused, "a focus")
    finally:
        watcher.close()
