"""A connection to a Wayland compositor, on an asyncio loop.

Every wait has a limit, and nothing is trusted: malformed data ends the connection, unrequested file descriptors are
closed, and so is a connection that reports more than a person could cause. Its owner reconnects after a pause.
"""

from __future__ import annotations

import array
import asyncio
import logging
import os
import socket
import sys
import time
from collections import deque
from collections.abc import Callable

from reader.errors import DesktopError
from reader.support import unix
from reader.wayland.wire import Arguments, Parser, WireError, request

log = logging.getLogger(__name__)

Handler = Callable[[int, Arguments], None]

LIMIT_S = 2.0  # for the compositor to answer, which takes less than 10 ms
# Some 500 events at most: what is read in one turn of the loop.
_TURN_BYTES = 4096
_FDS = 28  # the most that libwayland sends with a message
# Window titles change up to a few hundred times a second; a person causes far fewer events.
_MOST_A_SECOND = 4000
# Requests that the compositor has not accepted yet. Harken sends a few for each key press.
_MOST_WAITING = 1000

_DISPLAY = 1
_SYNC, _GET_REGISTRY = 0, 1
_BIND = 0
# Objects created by the compositor have numbers from here on.
_SERVER_OBJECTS = 0xFF000000


class Connection:
    """Use `connect`. `globals` has what the compositor offers: (number, version) by interface; the first of each."""

    def __init__(self, sock: socket.socket) -> None:
        self.globals: dict[str, tuple[int, int]] = {}
        self._socket = sock
        self._loop = asyncio.get_running_loop()
        self._parser = Parser()
        self._handlers: dict[int, Handler] = {_DISPLAY: self._on_display}
        self._free: list[int] = []  # numbers that may be reused
        self._newest = _DISPLAY
        self._unsent: deque[tuple[bytes, int | None]] = deque()
        self._gone: asyncio.Future[str] = self._loop.create_future()
        self._stamp_s = 0.0
        self._second_s, self._count = 0.0, 0
        self._loop.add_reader(sock.fileno(), self._on_readable)
        self._registry = self.new(self._on_global)
        self.send(_DISPLAY, _GET_REGISTRY, self._registry)

    # ---- objects ----

    def new(self, handler: Handler) -> int:
        """The number for a new object. `handler` gets its events; a WireError it raises ends the connection."""
        if self._free:
            number = self._free.pop()
        else:
            self._newest += 1
            number = self._newest
        self._handlers[number] = handler
        return number

    def adopt(self, number: int, handler: Handler) -> None:
        """Handle an object created by the compositor. Raises WireError for a number not in its range."""
        if number < _SERVER_OBJECTS:
            raise WireError("the compositor made an object with a number of ours")
        self._handlers[number] = handler

    def forget(self, number: int) -> None:
        """An object created by the compositor is destroyed: ignore its events from now on."""
        self._handlers.pop(number, None)

    def bind(self, interface: str, version: int, handler: Handler) -> int:
        """Bind something the compositor offers, in a version that it has. Returns the object's number."""
        name, _ = self.globals[interface]
        number = self.new(handler)
        self.send(self._registry, _BIND, name, interface, version, number)
        return number

    def version(self, interface: str) -> int:
        """The newest version the compositor has of an interface, 0 for none."""
        return self.globals.get(interface, (0, 0))[1]

    # ---- requests ----

    def send(self, number: int, opcode: int, *arguments: int | str, fd: int | None = None) -> None:
        """Send a request, now or as soon as the compositor accepts it. `fd` is closed once it is sent.

        If the connection is gone, nothing is sent, and `fd` is closed at once.
        """
        if self.is_gone:
            if fd is not None:
                os.close(fd)
            return
        self._unsent.append((request(number, opcode, *arguments), fd))
        self._flush()

    async def roundtrip(self) -> None:
        """Wait until the compositor has processed all requests. Raises DesktopError."""
        done: asyncio.Future[str] = self._loop.create_future()

        def on_done(_opcode: int, _arguments: Arguments) -> None:
            if not done.done():
                done.set_result("")

        self.send(_DISPLAY, _SYNC, self.new(on_done))
        try:
            async with asyncio.timeout(LIMIT_S):
                await asyncio.wait({done, self._gone}, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError as error:
            raise DesktopError(f"the compositor did not answer within {LIMIT_S:g} s") from error
        if self.is_gone:
            raise DesktopError(self._gone.result())

    def _flush(self) -> None:
        if sys.platform != "linux":
            return
        while self._unsent:
            data, fd = self._unsent[0]
            extra = [] if fd is None else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))]
            try:
                sent = self._socket.sendmsg([data], extra)
            except BlockingIOError:
                break
            except OSError as error:
                self._end(f"the compositor has gone ({type(error).__name__})")
                return
            if fd is not None:
                os.close(fd)
            if sent < len(data):
                self._unsent[0] = data[sent:], None
            else:
                self._unsent.popleft()
        if len(self._unsent) > _MOST_WAITING:
            self._end("the compositor takes no requests")
        elif self._unsent:
            self._loop.add_writer(self._socket.fileno(), self._flush)
        else:
            self._loop.remove_writer(self._socket.fileno())

    # ---- events ----

    def stamp(self) -> float:
        """When the event being handled arrived (time.monotonic()). Later events always have later times."""
        self._stamp_s = max(time.monotonic(), self._stamp_s + 1e-6)
        return self._stamp_s

    def _on_readable(self) -> None:
        if sys.platform != "linux":
            return
        try:
            data, fds, _, _ = socket.recv_fds(self._socket, _TURN_BYTES, _FDS, socket.MSG_CMSG_CLOEXEC)
        except BlockingIOError:
            return
        except OSError as error:
            self._end(f"the compositor has gone ({type(error).__name__})")
            return
        for fd in fds:
            os.close(fd)
        if not data:
            self._end("the compositor has gone")
            return
        try:
            self._handle(data)
        except WireError as error:
            self._end(f"the compositor can't be understood: {error}")
        self._mind()

    def _handle(self, data: bytes) -> None:
        for event in self._parser.feed(data):
            self._count += 1
            if handler := self._handlers.get(event.object):
                handler(event.opcode, Arguments(event.arguments))
            if self.is_gone:
                return

    def _mind(self) -> None:
        """End the connection if more events arrive than a person could cause."""
        now_s = time.monotonic()
        if now_s - self._second_s > 1.0:
            self._second_s, self._count = now_s, 0
        elif self._count > _MOST_A_SECOND:
            self._end("some program changes its windows or the selection all the time")

    def _on_display(self, opcode: int, arguments: Arguments) -> None:
        if opcode == 0:  # error
            number, code = arguments.number(), arguments.number()
            log.debug("the compositor reports error %d of object %d", code, number)
            self._end("the compositor refused a request")
        elif opcode == 1:  # delete_id
            number = arguments.number()
            if number in self._handlers and _DISPLAY < number < _SERVER_OBJECTS:
                del self._handlers[number]
                self._free.append(number)

    def _on_global(self, opcode: int, arguments: Arguments) -> None:
        if opcode == 0:
            name, interface = arguments.number(), arguments.text()
            self.globals.setdefault(interface, (name, arguments.number()))
        elif opcode == 1:
            name = arguments.number()
            self.globals = {key: value for key, value in self.globals.items() if value[0] != name}

    # ---- the end ----

    @property
    def is_gone(self) -> bool:
        """Whether the connection has ended."""
        return self._gone.done()

    async def wait_until_gone(self) -> str:
        """Wait until the connection has ended. Returns why."""
        await asyncio.wait([self._gone])
        return self._gone.result()

    def close(self) -> None:
        """End the connection. May be called twice."""
        self._end("closed")

    def _end(self, why: str) -> None:
        if self.is_gone:
            return
        self._gone.set_result(why)
        self._loop.remove_reader(self._socket.fileno())
        self._loop.remove_writer(self._socket.fileno())
        for _, fd in self._unsent:
            if fd is not None:
                os.close(fd)
        self._unsent.clear()
        self._socket.close()


async def connect() -> Connection:
    """Connect to the session's compositor, and learn what it offers. Raises DesktopError if that fails."""
    if sys.platform != "linux":
        raise DesktopError("Wayland is on Linux only")
    name = os.environ.get("WAYLAND_DISPLAY", "")
    if not name:
        raise DesktopError("WAYLAND_DISPLAY is not set")
    path = name if os.path.isabs(name) else os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), name)
    if not os.path.isabs(path):
        raise DesktopError("XDG_RUNTIME_DIR is not set")
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.setblocking(False)
    try:
        async with asyncio.timeout(LIMIT_S):
            await asyncio.get_running_loop().sock_connect(sock, path)
    except (OSError, TimeoutError, ValueError) as error:
        sock.close()
        raise DesktopError(f"no compositor answers at WAYLAND_DISPLAY: {unix.why_not(error)}") from error
    except BaseException:
        sock.close()
        raise
    connection = Connection(sock)
    try:
        await connection.roundtrip()
    except BaseException:
        connection.close()
        raise
    return connection
