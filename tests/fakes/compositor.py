"""A Wayland compositor, as far as Harken uses it to see selections, with programs and their windows in memory.

It has data control in one of its two protocols and tells which window is active, as sway and labwc do. It is as strict
as libwayland: an object that is not there, a number that is not the next one, an argument too many or a file descriptor
that nobody asked for ends the connection with an error, and is kept in `faults`. It runs on the test's loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reader.capture.data_control import EXT, TOPLEVELS, WLR
from reader.wayland.wire import Arguments, Event, Parser, WireError, request

_DISPLAY = 1
_SERVER_OBJECTS = 0xFF000000
_ACTIVATED = 2
# What a client may ask of each kind of object: by opcode, u for a number or an object, n for a new one, s for a text,
# h for a file descriptor.
_REQUESTS = {
    "wl_display": ("n", "n"), "wl_registry": ("usun",), "wl_seat": (), "manager": ("n", "nu", ""),
    "device": ("u", "", "u"), "offer": ("sh", ""), "toplevels": ("",), "toplevel": ("",) * 8,
}  # fmt: skip
_NAMES = {"wl_seat": "wl_seat", EXT: "manager", WLR: "manager", TOPLEVELS: "toplevels"}


@dataclass(eq=False)
class Text:
    """What a program has selected; while it hangs, what asks for it waits in `waiting`."""

    data: bytes
    kinds: tuple[str, ...] = ("text/plain;charset=utf-8", "UTF8_STRING")
    is_hung: bool = False
    waiting: list[int] = field(default_factory=list)

    def hand_over(self, fd: int) -> None:
        """Write it, or nothing yet."""
        if self.is_hung:
            self.waiting.append(fd)
            return
        with contextlib.suppress(BrokenPipeError):  # it is not waited for any more
            os.write(fd, self.data)
        os.close(fd)

    def wake(self) -> None:
        """Its program goes on."""
        self.is_hung = False
        waiting, self.waiting = self.waiting, []
        for fd in waiting:
            self.hand_over(fd)


class Compositor:
    """`protocol` is the one of data control that it has."""

    def __init__(self, path: Path, protocol: str = EXT) -> None:
        self.path = path
        self.globals = {3: ("wl_seat", 9), 8: (protocol, 1 if protocol == EXT else 2), 21: (TOPLEVELS, 3)}
        self.windows: list[str] = []  # by their app ids; the one in front comes last
        self.primary: Text | None = None
        self.clipboard: Text | None = None
        self.faults: list[str] = []
        self._clients: list[_Client] = []
        self._listener = socket.socket(socket.AF_UNIX)

    def start(self) -> None:
        """Be there for clients."""
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._listener.setblocking(False)
        asyncio.get_running_loop().add_reader(self._listener, self._accept)

    def stop(self) -> None:
        """Be gone."""
        asyncio.get_running_loop().remove_reader(self._listener)
        self._listener.close()
        self.path.unlink()
        for client in self._clients:
            client.close()

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        self._clients.append(_Client(self, client))

    # ---- what the user does ----

    def focus(self, app: str) -> None:
        """A program's window comes to the front, or is opened there."""
        self.windows = [*(other for other in self.windows if other != app), app]
        for client in self._clients:
            client.tell_windows()

    def select(self, text: Text | None) -> None:
        """Something is selected in the window in front, or nothing is any more."""
        self.primary = text
        for client in self._clients:
            client.tell_selection(is_primary=True)

    def copy(self, text: Text | None) -> None:
        """Something is copied to the clipboard."""
        self.clipboard = text
        for client in self._clients:
            client.tell_selection(is_primary=False)


class _Client:
    """A connection."""

    def __init__(self, compositor: Compositor, sock: socket.socket) -> None:
        self._compositor = compositor
        self._socket = sock
        sock.setblocking(False)
        self._parser = Parser()
        self._kinds = {_DISPLAY: "wl_display"}  # of the objects that there are
        self._newest = _DISPLAY
        self._newest_own = _SERVER_OBJECTS - 1
        self._free_own: list[int] = []
        self._fds: list[int] = []
        self._offers: dict[int, Text] = {}
        self._device = self._toplevels = 0
        self._windows: dict[str, int] = {}
        asyncio.get_running_loop().add_reader(sock, self._receive)

    def close(self) -> None:
        """End it. May be called twice."""
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            for fd in self._fds:
                os.close(fd)

    # ---- events ----

    def _tell(self, number: int, opcode: int, *arguments: int | str) -> None:
        if self._socket.fileno() >= 0:
            self._socket.send(request(number, opcode, *arguments))

    def _make(self, kind: str) -> int:
        """The number of an object of the compositor's: one that is free again first, as libwayland's."""
        if self._free_own:
            number = self._free_own.pop()
        else:
            self._newest_own = number = self._newest_own + 1
        self._kinds[number] = kind
        return number

    def tell_selection(self, *, is_primary: bool) -> None:
        """Say what is selected or copied now."""
        if not self._device:
            return
        text = self._compositor.primary if is_primary else self._compositor.clipboard
        number = 0
        if text:
            number = self._make("offer")
            self._offers[number] = text
            self._tell(self._device, 0, number)
            for kind in text.kinds:
                self._tell(number, 0, kind)
        self._tell(self._device, 3 if is_primary else 1, number)

    def tell_windows(self) -> None:
        """Say which windows there are, and which one is active."""
        if not self._toplevels:
            return
        for app in self._compositor.windows:
            if app not in self._windows:
                self._windows[app] = number = self._make("toplevel")
                self._tell(self._toplevels, 0, number)
                self._tell(number, 0, "A title")
                self._tell(number, 1, app)
            states = [_ACTIVATED] if app == self._compositor.windows[-1] else []
            self._tell(self._windows[app], 4, 4 * len(states), *states)  # an array: its bytes, then its numbers
            self._tell(self._windows[app], 5)

    # ---- requests ----

    def _receive(self) -> None:
        try:
            data, fds, _, _ = socket.recv_fds(self._socket, 4096, 28)
        except ConnectionError:
            data, fds = b"", []
        self._fds += fds
        if not data:
            self.close()
            return
        try:
            for event in self._parser.feed(data):
                self._do(event)
        except (WireError, _FaultError) as fault:
            self._compositor.faults.append(str(fault))
            self._tell(_DISPLAY, 0, _DISPLAY, 1, str(fault))
            self.close()

    def _do(self, event: Event) -> None:
        kind = self._kinds.get(event.object, "")
        _require(bool(kind), f"there is no object {event.object}")
        _require(event.opcode < len(_REQUESTS[kind]), f"{kind} has no request {event.opcode}")
        values = list(self._take(_REQUESTS[kind][event.opcode], event.arguments))
        match kind, event.opcode, values:
            case "wl_display", 0, [int(number)]:
                self._tell(number, 0, 0)
                self._tell(_DISPLAY, 1, number)
            case "wl_display", 1, [int(number)]:
                self._kinds[number] = "wl_registry"
                for name, (interface, version) in self._compositor.globals.items():
                    self._tell(number, 0, name, interface, version)
            case "wl_registry", 0, [int(name), str(interface), int(version), int(number)]:
                offered = self._compositor.globals.get(name, ("", 0))
                _require(offered[0] == interface and 1 <= version <= offered[1], f"{interface} was not offered so")
                self._kinds[number] = _NAMES[interface]
                if interface == TOPLEVELS:
                    self._toplevels = number
                    self.tell_windows()
            case "manager", 1, [int(number), int(seat)]:
                _require(self._kinds.get(seat) == "wl_seat", "that is no seat")
                self._kinds[number] = "device"
                self._device = number
                self.tell_selection(is_primary=False)
                self.tell_selection(is_primary=True)
            case "offer", 0, [str(wanted), int(fd)]:
                _require(wanted in self._offers[event.object].kinds, f"{wanted} was not offered")
                self._offers[event.object].hand_over(fd)
            case ("offer", 1, []) | ("toplevel", 7, []):
                self._offers.pop(event.object, None)
                del self._kinds[event.object]
                self._free_own.append(event.object)
            case _:
                raise _FaultError(f"Harken has no need of {kind}'s request {event.opcode}")

    def _take(self, signature: str, raw: bytes) -> Iterator[int | str]:
        arguments = Arguments(raw)
        for letter in signature:
            if letter == "s":
                yield arguments.text()
            elif letter == "h":
                _require(bool(self._fds), "a file descriptor is missing")
                yield self._fds.pop(0)
            else:
                number = arguments.number()
                if letter == "n":
                    self._expect_new(number)
                yield number
        try:
            arguments.number()
        except WireError:
            return
        raise _FaultError("an argument too many")

    def _expect_new(self, number: int) -> None:
        """libwayland takes a number that is free again, or the next one."""
        _require(number not in self._kinds and number <= self._newest + 1, f"{number} is no new object")
        self._newest = max(self._newest, number)


class _FaultError(Exception):
    """What libwayland would refuse."""


def _require(is_so: bool, fault: str) -> None:
    if not is_so:
        raise _FaultError(fault)


@contextlib.contextmanager
def compositor(path: Path, protocol: str = EXT) -> Iterator[Compositor]:
    """One that runs, and found no fault in the end."""
    made = Compositor(path, protocol)
    made.start()
    try:
        yield made
    finally:
        made.stop()
    assert made.faults == []
