"""A client of a compositor that waits for its answers, with which tests press keys."""

from __future__ import annotations

import array
import os
import socket
from collections.abc import Callable

from reader.wayland.wire import Arguments, Parser, request

DISPLAY = 1
Handler = Callable[[int, Arguments], None]


class Client:
    """A connection; `globals` are the compositor's, by interface: (name, version)."""

    def __init__(self) -> None:
        path = os.path.join(os.environ["XDG_RUNTIME_DIR"], os.environ["WAYLAND_DISPLAY"])
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(10.0)
        self._socket.connect(path)
        self._parser = Parser()
        self._newest = DISPLAY
        self.handlers: dict[int, Handler] = {DISPLAY: self._display}
        self.globals: dict[str, tuple[int, int]] = {}
        self._registry = self.new(self._global)
        self.send(DISPLAY, 1, self._registry)
        self.wait()

    def new(self, handler: Handler = lambda _opcode, _arguments: None) -> int:
        """The number of a new object."""
        self._newest += 1
        self.handlers[self._newest] = handler
        return self._newest

    def bind(self, interface: str, version: int) -> int:
        """An object of one of the globals."""
        name, _ = self.globals[interface]
        number = self.new()
        self.send(self._registry, 0, name, interface, version, number)
        return number

    def send(self, number: int, opcode: int, *arguments: int | str, fd: int | None = None) -> None:
        """Send a request."""
        extra = [] if fd is None else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))]
        self._socket.sendmsg([request(number, opcode, *arguments)], extra)

    def wait(self) -> None:
        """Until the compositor has done what was asked."""
        done: list[bool] = []
        self.send(DISPLAY, 0, self.new(lambda _opcode, _arguments: done.append(True)))
        while not done:
            self.receive()

    def receive(self) -> None:
        """Wait for some events, and handle them."""
        data, fds, _, _ = socket.recv_fds(self._socket, 65536, 8)
        for fd in fds:
            os.close(fd)
        if not data:
            raise EOFError("the compositor has gone")
        for event in self._parser.feed(data):
            if handler := self.handlers.get(event.object):
                handler(event.opcode, Arguments(event.arguments))

    def _display(self, opcode: int, arguments: Arguments) -> None:
        if opcode == 0:
            number, code = arguments.number(), arguments.number()
            raise RuntimeError(f"object {number}, error {code}: {arguments.text()}")

    def _global(self, opcode: int, arguments: Arguments) -> None:
        if opcode == 0:
            name, interface = arguments.number(), arguments.text()
            self.globals[interface] = name, arguments.number()
