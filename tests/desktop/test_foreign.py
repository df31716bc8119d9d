"""What other programs send to Harken, wrong or far too much of it: it goes on following, in the same memory."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jeepney import DBusAddress, HeaderFields, Message, new_signal

from tests.desktop.accessible import Watcher, wait_for_focus
from tests.desktop.desk import Desk, wait_for

READ = "super+alt+r"
_EVENT = DBusAddress("/org/a11y/atspi/accessible/root", interface="org.a11y.atspi.Event.Object")
_END = (0, 0, ("i", 0), ("", "/"))
# (signature, values), each of which the bus passes on as a change of focus.
_WRONG: list[tuple[str, tuple[object, ...]]] = [
    ("s", ("focused",)),
    ("ss", ("focused", "yes")),
    ("sas", ("focused", ["a", "b"])),
    ("sv", ("focused", ("s", "1"))),
    ("sd", ("focused", float("nan"))),
    ("s(ss)", ("focused", ("a", "b"))),
    ("sa{sv}", ("focused", {"a": ("s", "b")})),
    ("sss", ("focused", "x" * 2_000_000, "")),
    ("siiv(so)", ("focused", -1, *_END[1:3], ("", "/"))),
]
_WITHOUT_FD = ("sh", b"\x07\x00\x00\x00focused\x00\x00\x00\x00\x00")  # it names a file that did not come with it


class _Raw:
    """A signal with a body that jeepney can't write."""

    def __init__(self, message: Message, body: bytes) -> None:
        self._message, self._body = message, body
        self.header = message.header

    def serialise(self, serial: int | None = None, fds: object = None) -> bytes:
        header = self.header
        header.body_length = len(self._body)
        return bytes(header.serialise(serial)) + self._body


def _signal(signature: str, values: tuple[object, ...]) -> Message:
    return new_signal(_EVENT, "StateChanged", signature, values)


@contextmanager
def flood(desk: Desk, code: str) -> Iterator[None]:
    """A program that does one thing as fast as it can."""
    path = desk.home / "flood.py"
    path.write_text(code, encoding="utf-8")
    process = desk.start_program([sys.executable, str(path)], "flood")
    try:
        wait_for(lambda: "begun" in (desk.folder / "flood.log").read_text(), "the flood")
        yield
    finally:
        desk.end(process)
        (desk.folder / "flood.log").write_text("")


def memory_mb(desk: Desk) -> float:
    """What Harken's main process holds."""
    assert desk.harken
    status = Path(f"/proc/{desk.harken.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def reads_the_focus(desk: Desk, text: str) -> None:
    desk.begin()
    assert desk.harken_call("read", "focus") == 0
    assert desk.wait_for_record("segment")["text"] in text
    desk.stop_reading()


def test_wrong_events_do_not_end_following_the_focus(desk: Desk) -> None:
    desk.open_text("The focus of the first window.")
    wait_for_focus(desk)
    reads_the_focus(desk, "The focus of the first window.")
    watcher = Watcher(desk)
    try:
        for signature, values in _WRONG:
            watcher._bus.send(_signal(signature, values))
        raw = _signal("s", ("focused",))
        raw.header.fields[HeaderFields.signature] = _WITHOUT_FD[0]
        watcher._bus.send(_Raw(raw, _WITHOUT_FD[1]))
        watcher.windows()  # the bus has passed on what came before
    finally:
        watcher.close()
    reads_the_focus(desk, "The focus of the first window.")
    desk.open_text("The focus of the second window.")
    wait_for_focus(desk)
    reads_the_focus(desk, "The focus of the second window.")


_FLOODS = {
    "active window": (
        "from Xlib import X, Xatom\n"
        "from Xlib.display import Display\n"
        "d = Display(); root = d.screen().root; atom = d.get_atom('_NET_ACTIVE_WINDOW')\n"
        "now = root.get_full_property(atom, X.AnyPropertyType).value[0]\n"
        "print('begun', flush=True)\n"
        "while True:\n"
        "    for _ in range(500):\n"
        "        root.change_property(atom, Xatom.WINDOW, 32, [now])\n"
        "    d.sync()\n"
    ),
    "some property": (
        "from Xlib import Xatom\n"
        "from Xlib.display import Display\n"
        "d = Display(); root = d.screen().root\n"
        "atoms = [d.get_atom(f'FLOOD_{i}') for i in range(100)]\n"
        "print('begun', flush=True)\n"
        "while True:\n"
        "    for atom in atoms:\n"
        "        root.change_property(atom, Xatom.STRING, 8, b'x')\n"
        "    d.sync()\n"
    ),
    "focus": (
        "import os\n"
        "from jeepney import DBusAddress, new_method_call, new_signal\n"
        "from jeepney.io.blocking import open_dbus_connection\n"
        "s = open_dbus_connection('SESSION')\n"
        "bus = DBusAddress('/org/a11y/bus', 'org.a11y.Bus', 'org.a11y.Bus')\n"
        "a = s.send_and_get_reply(new_method_call(bus, 'GetAddress')).body[0]\n"
        "b = open_dbus_connection(a)\n"
        "e = DBusAddress('/org/a11y/atspi/accessible/1', interface='org.a11y.atspi.Event.Object')\n"
        "print('begun', flush=True)\n"
        "while True:\n"
        "    b.send(new_signal(e, 'StateChanged', 'siiv(so)', ('focused', 1, 0, ('i', 0), ('', '/'))))\n"
    ),
}

_CLIENT = "from Xlib import X, Xatom\nfrom Xlib.display import Display\nd = Display(); root = d.screen().root\n"
_TAKING = (
    "windows = [root.create_window(0, 0, 1, 1, 0, 0) for _ in range(2)]\n"
    "print('begun', flush=True)\n"
    "while True:\n"
    "    for window in windows:\n"
    "        window.set_selection_owner(taken, X.CurrentTime)\n"
    "    d.sync()\n"
)
_FLOODS["clipboard's owner"] = _CLIENT + "taken = d.get_atom('CLIPBOARD')\n" + _TAKING
_FLOODS["selection's owner"] = _CLIENT + "taken = Xatom.PRIMARY\n" + _TAKING  # the text field still says what it has

# What only the windows hear of.
_FLOODS_OF_PANELS = {
    "a panel on the bus": (
        "from jeepney import message_bus\n"
        "from jeepney.io.blocking import open_dbus_connection\n"
        "b = open_dbus_connection('SESSION')\n"
        "print('begun', flush=True)\n"
        "while True:\n"
        "    b.send(message_bus.RequestName('org.kde.StatusNotifierWatcher'))\n"
        "    b.send(message_bus.ReleaseName('org.kde.StatusNotifierWatcher'))\n"
        "    b.send_and_get_reply(message_bus.GetId())\n"
    ),
    "a panel's end": (
        _CLIENT + "from Xlib.protocol.event import DestroyNotify\n"
        "made_up = DestroyNotify(event=root, window=root)\n"
        # To Harken alone: tint2 does not survive one such flood in fifty.
        "windows = root.query_tree().children\n"
        "harken = next(one for one in windows if one.get_wm_name() == 'Qt Selection Owner for harken')\n"
        "print('begun', flush=True)\n"
        "while True:\n"
        "    for _ in range(500):\n"
        "        harken.send_event(made_up)\n"
        "    d.sync()\n"
    ),
}
_MAPPING = (
    _CLIENT + "(keysyms,) = d.get_keyboard_mapping(200, 1)\n"
    "print('begun', flush=True)\n"
    "while True:\n"
    "    d.change_keyboard_mapping(200, [list(keysyms)])\n"
    "    d.sync()\n"
)


def active(desk: Desk) -> int:
    """The window in front."""
    return int(desk.output(["xdotool", "getactivewindow"]) or 0)


@pytest.mark.parametrize("name", list(_FLOODS_OF_PANELS))
def test_a_flood_about_panels_keeps_no_window_waiting(desk: Desk, name: str) -> None:
    before_mb = memory_mb(desk)
    with flood(desk, _FLOODS_OF_PANELS[name]):
        until_s = time.monotonic() + 5.0
        wait_for(lambda: time.monotonic() > until_s, "some of the flood")
        assert desk.harken_call("show") == 0
        wait_for(lambda: active(desk) in desk.find_windows("harken"), "the window")
        assert memory_mb(desk) < before_mb + 60
    window = active(desk)
    desk.keyboard.press("alt+F4")
    wait_for(lambda: window not in desk.find_windows("harken"), "its end")
    assert desk.tray_window()  # the icon is where it was


def test_no_memory_is_shared_with_the_x_server(desk: Desk) -> None:
    """In a flood it may not arrive, and Harken would lose its display."""
    assert desk.harken
    assert desk.harken_call("show") == 0
    wait_for(lambda: active(desk) in desk.find_windows("harken"), "the window")
    window = active(desk)
    assert "memfd:xorg" not in Path(f"/proc/{desk.harken.pid}/maps").read_text()
    desk.keyboard.press("alt+F4")
    wait_for(lambda: window not in desk.find_windows("harken"), "its end")


def test_a_flood_of_keyboard_mappings_takes_no_memory_and_a_key_in_it_is_answered() -> None:
    """On a desktop of its own: window managers take minutes to get over it."""
    with Desk(sound=False) as desk:
        desk.start_harken(HARKEN_AUDIO="none")
        text = "What is selected while others are noisy."
        desk.open_text(text)
        desk.select_all(text)
        before_mb = memory_mb(desk)
        with flood(desk, _MAPPING):
            until_s = time.monotonic() + 5.0
            wait_for(lambda: time.monotonic() > until_s, "some of the flood")
            desk.begin()
            desk.keyboard.press(READ)
            assert desk.wait_for_record("state")["state"] == "preparing"  # the key; programs may be too busy to answer
            assert memory_mb(desk) < before_mb + 60
        desk.wait_for_record("state", state="idle")
        desk.begin()
        desk.harken_call("speak", "--text", "All is well.")
        assert " ".join(desk.spoken()) == "All is well."


@pytest.mark.parametrize("name", list(_FLOODS))
def test_a_flood_takes_no_memory_and_a_key_in_it_is_answered(desk: Desk, name: str) -> None:
    text = "What is selected while others are noisy."
    desk.open_text(text)
    desk.select_all(text)
    before_mb = memory_mb(desk)
    with flood(desk, _FLOODS[name]):
        until_s = time.monotonic() + 5.0  # long enough for 435 MB
        while time.monotonic() < until_s:
            assert memory_mb(desk) < before_mb + 60
            os.sched_yield()
            time.sleep(0.2)
        desk.begin()
        desk.keyboard.press(READ)
        assert desk.wait_for_record("segment")["text"] in text
        desk.stop_reading()
    assert memory_mb(desk) < before_mb + 60
    desk.begin()
    desk.keyboard.press(READ)
    assert desk.wait_for_record("segment", limit_s=10.0)["text"] in text
