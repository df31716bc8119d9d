"""The keyboard of a session: presses for real what is written to it, a line each, such as `super+alt+r`.

    python3 -m tests.wayland.keys DESKTOP <FIFO

It stays for as long as the session does, because without it a seat has no keyboard and no window gets the focus.
Runs inside the root.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Protocol

from jeepney import DBusAddress, MessageType, new_method_call
from jeepney.io.blocking import open_dbus_connection

from tests.wayland.client import Client

# Linux's numbers (input-event-codes.h).
_ROWS = {2: "1234567890", 16: "qwertyuiop", 30: "asdfghjkl", 44: "zxcvbnm"}
CODES = {letter: first + i for first, row in _ROWS.items() for i, letter in enumerate(row)} | {
    "esc": 1, "tab": 15, "enter": 28, "ctrl": 29, "shift": 42, "alt": 56, "space": 57, "super": 125, "home": 102,
    "end": 107, "left": 105, "right": 106, "up": 103, "down": 108, "f5": 63, "f6": 64,
    "f7": 65, "f8": 66, "f9": 67,
}  # fmt: skip
_MODIFIERS = {"shift": 1, "ctrl": 4, "alt": 8, "super": 64}
_KEYMAP = (
    b'xkb_keymap { xkb_keycodes { include "evdev+aliases(qwerty)" }; xkb_types { include "complete" };\n'
    b'xkb_compat { include "complete" }; xkb_symbols { include "pc+us+inet(evdev)" }; };\0'
)
_HELD_S = 0.02  # a person holds a key for longer


class Keys(Protocol):
    """One desktop's way to press a key."""

    def press(self, name: str, *, down: bool) -> None:
        """Press or release a key. Returns when the compositor has it."""


class WlrKeys:
    """sway and labwc: zwp_virtual_keyboard_v1, with an ordinary keymap."""

    def __init__(self) -> None:
        self._client = client = Client()
        manager = client.bind("zwp_virtual_keyboard_manager_v1", 1)
        seat = client.bind("wl_seat", 1)
        self._keyboard = client.new()
        client.send(manager, 0, seat, self._keyboard)
        keymap = os.memfd_create("keymap")
        os.write(keymap, _KEYMAP)
        client.send(self._keyboard, 0, 1, len(_KEYMAP), fd=keymap)
        client.wait()
        self._held = 0

    def press(self, name: str, *, down: bool) -> None:
        """See Keys."""
        now_ms = int(time.monotonic() * 1000) & 0xFFFFFFFF
        self._client.send(self._keyboard, 1, now_ms, CODES[name], int(down))
        if mask := _MODIFIERS.get(name, 0):
            self._held = self._held | mask if down else self._held & ~mask
            self._client.send(self._keyboard, 2, self._held, 0, 0, 0)
        self._client.wait()


class KwinKeys:
    """KWin: org_kde_kwin_fake_input, which session.sh has it offer to everybody."""

    def __init__(self) -> None:
        self._client = Client()
        self._input = self._client.bind("org_kde_kwin_fake_input", 4)
        self._client.send(self._input, 0, "tests", "tests")
        self._client.wait()

    def press(self, name: str, *, down: bool) -> None:
        """See Keys."""
        self._client.send(self._input, 10, CODES[name], int(down))
        self._client.wait()


class GnomeKeys:
    """GNOME: a remote desktop of one's own session."""

    _NAME = "org.gnome.Mutter.RemoteDesktop"

    def __init__(self) -> None:
        self._bus = open_dbus_connection("SESSION")
        (self._session,) = self._call("/org/gnome/Mutter/RemoteDesktop", self._NAME, "CreateSession")
        self._call(self._session, f"{self._NAME}.Session", "Start")

    def press(self, name: str, *, down: bool) -> None:
        """See Keys."""
        self._call(self._session, f"{self._NAME}.Session", "NotifyKeyboardKeycode", "ub", (CODES[name], down))

    def _call(self, path: str, interface: str, method: str, *more: object) -> tuple[str, ...]:
        message = new_method_call(DBusAddress(path, self._NAME, interface), method, *more)
        answer = self._bus.send_and_get_reply(message, timeout=10)
        if answer.header.message_type is MessageType.error:
            raise RuntimeError(f"{method}: {answer.body}")
        return tuple(answer.body)


DESKTOPS: dict[str, type[Keys]] = {"sway": WlrKeys, "labwc": WlrKeys, "kwin": KwinKeys, "gnome": GnomeKeys}


def main() -> None:
    """Press what standard input says, until it ends."""
    keys = DESKTOPS[sys.argv[1]]()
    # The first modifier of a new keyboard is lost: it is what tells the seat that there is one.
    keys.press("shift", down=True)
    keys.press("shift", down=False)
    print("ready", flush=True)
    for line in sys.stdin:
        names = line.strip().split("+")
        for name in names:
            pressed_s = time.monotonic()
            keys.press(name, down=True)
            time.sleep(_HELD_S)
        for name in reversed(names):
            keys.press(name, down=False)
        print(f"{pressed_s:.4f} {line.strip()}", flush=True)  # when the last of them went down


if __name__ == "__main__":
    main()
