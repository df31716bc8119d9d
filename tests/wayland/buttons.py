"""Presses a button by its name in any window, through AT-SPI: `python3 -m tests.wayland.buttons NAME`, in the root."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

from jeepney import DBusAddress, MessageType, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

Object = tuple[str, str]  # its program on the bus, and its path
_ROOT: Object = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
_LIMIT_S = 30.0


class Windows:
    """What programs tell of their windows."""

    def __init__(self) -> None:
        session = open_dbus_connection("SESSION")
        bus = new_method_call(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
        self._bus: DBusConnection = open_dbus_connection(session.send_and_get_reply(bus, timeout=5).body[0])
        session.close()

    def buttons(self, name: str, of: Object = _ROOT) -> Iterator[Object]:
        """All that are called so."""
        for child in self._call(of, "Accessible", "GetChildren")[0]:
            try:
                role = self._call(child, "Accessible", "GetRoleName")[0]
                if "button" in role and self._name(child) == name:
                    yield child
                yield from self.buttons(name, child)
            except (LookupError, TimeoutError):
                continue

    def press(self, button: Object) -> None:
        """Press it."""
        self._call(button, "Action", "DoAction", "i", 0)

    def _name(self, of: Object) -> str:
        asking = Properties(DBusAddress(of[1], of[0], "org.a11y.atspi.Accessible")).get("Name")
        return str(self._answer(asking)[0][1])

    def _call(self, of: Object, interface: str, method: str, signature: str = "", *values: object) -> Any:
        address = DBusAddress(of[1], of[0], f"org.a11y.atspi.{interface}")
        return self._answer(new_method_call(address, method, signature or None, values))

    def _answer(self, message: Any) -> Any:
        answer = self._bus.send_and_get_reply(message, timeout=2)
        if answer.header.message_type is MessageType.error:
            raise LookupError(answer.body)
        return answer.body


def main(name: str) -> int:
    """Wait for the button and press it."""
    windows, until_s = Windows(), time.monotonic() + _LIMIT_S
    while time.monotonic() < until_s:
        for button in windows.buttons(name):
            windows.press(button)
            return 0
        time.sleep(0.1)  # windows come by themselves, and nobody tells
    print(f"there is no button {name}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
