"""A connection to a D-Bus bus, which limits every wait and what others can do to it.

What others send is untrusted: the bus only ensures that messages follow D-Bus's own rules. A message that can't be
parsed is dropped, a very large one is not kept, and a flood of them blocks nothing, because they are handled a few at a
time. Messages themselves are jeepney's (MIT, pure Python); its own connection fails at the first one it does not
understand.

When a connection closes, the bus or the service undoes what was requested on it, so each purpose has its own connection
and closes it when done. Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import struct
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.auth import BEGIN, Authenticator
from jeepney.bus import get_bus
from jeepney.low_level import calc_msg_size
from jeepney.wrappers import DBusErrorResponse

from reader import tasks
from reader.errors import DesktopError, NoAnswerError
from reader.support import unix
from reader.support.display import NO_BUS

log = logging.getLogger(__name__)

LIMIT_S = 3.0
# For a service that the bus has to start first: at login, everything else is starting, too.
STARTING_LIMIT_S = 15.0
# Calls from others that are not answered yet.
_WAITING_CALLS = 64
# A message's length is in its first bytes.
_HEAD_BYTES = 16
# More than the longest text that is read; the specification allows 128 MB.
_MAX_BYTES = 64_000_000
# Parsing more than this would hold up the loop for too long, so it is done elsewhere.
_LARGE_BYTES = 50_000
# How many messages are handled before other tasks get a turn, some 2 ms.
_AT_A_TIME = 20

# What jeepney and the standard library raise for a bus that is missing or goes away, and for a number from an answer
# that does not fit into a request.
_FOREIGN = (OSError, EOFError, KeyError, RuntimeError, ValueError, TimeoutError, DBusErrorResponse, struct.error)


class Bus:
    """Use `open_bus` or `connect`. `unique_name` is what the bus calls this connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.unique_name = ""
        self._reader, self._writer = reader, writer
        self._serials = count(1)
        self._replies: dict[int, asyncio.Future[Message]] = {}
        self._listeners: dict[int, tuple[MatchRule, Callable[[Message], None]]] = {}
        self._receiving = tasks.start(self._receive(), "d-bus")

    # ---- calling ----

    async def call(
        self,
        name: str,
        path: str,
        interface: str,
        method: str,
        signature: str = "",
        *values: object,
        limit_s: float = LIMIT_S,
    ) -> tuple[Any, ...]:
        """What a method returns: untrusted, of any types. Raises DesktopError, also for an invalid path."""
        try:
            address = DBusAddress(path, name, interface)
        except ValueError as error:
            raise DesktopError(f"{method}: {error}") from error
        return await self.ask(new_method_call(address, method, signature or None, values), limit_s)

    async def ask(self, message: Message, limit_s: float = LIMIT_S) -> tuple[Any, ...]:
        """The answer to a method call. Raises DesktopError, NoAnswerError after the limit."""
        what = f"{message.header.fields.get(HeaderFields.destination)} {message.header.fields[HeaderFields.member]}"
        if self.is_gone:
            raise DesktopError(f"{what}: the bus has gone")
        serial = next(self._serials)
        self._replies[serial] = reply = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(limit_s):
                await self._write(message, serial)
                answer = await reply
        except TimeoutError as error:
            raise NoAnswerError(what) from error
        except _FOREIGN as error:
            raise DesktopError(f"{what}: {type(error).__name__}") from error
        finally:
            self._replies.pop(serial, None)
        if answer.header.message_type is MessageType.error:
            raise DesktopError(f"{what}: {answer.header.fields.get(HeaderFields.error_name)}")
        return tuple(answer.body)

    async def send(self, message: Message) -> None:
        """Send a signal or an answer. Raises DesktopError."""
        try:
            async with asyncio.timeout(LIMIT_S):
                await self._write(message, next(self._serials))
        except _FOREIGN as error:
            raise DesktopError(f"the bus: {type(error).__name__}") from error

    async def _write(self, message: Message, serial: int) -> None:
        self._writer.write(message.serialise(serial))
        await self._writer.drain()

    # ---- listening ----

    async def follow(self, rule: MatchRule) -> None:
        """Have the bus send messages that match a rule. Raises DesktopError."""
        await self.ask(message_bus.AddMatch(rule))

    async def leave(self, rule: MatchRule) -> None:
        """Have the bus stop sending them. Raises DesktopError."""
        await self.ask(message_bus.RemoveMatch(rule))

    def listen(self, rule: MatchRule, on_message: Callable[[Message], None]) -> Callable[[], None]:
        """Call `on_message`, which returns at once, with each message that matches. Returns a function that ends it."""
        number = next(self._serials)
        self._listeners[number] = (rule, on_message)
        return lambda: self._listeners.pop(number, None) and None

    @contextlib.contextmanager
    def calls(self) -> Iterator[asyncio.Queue[Message]]:
        """A queue of method calls from others. Calls beyond its size get no answer."""
        queue: asyncio.Queue[Message] = asyncio.Queue(_WAITING_CALLS)

        def take(message: Message) -> None:
            with contextlib.suppress(asyncio.QueueFull):
                queue.put_nowait(message)

        end = self.listen(MatchRule(type="method_call"), take)
        try:
            yield queue
        finally:
            end()

    @property
    def is_gone(self) -> bool:
        """Whether the bus has closed the connection."""
        return self._receiving.done()

    async def wait_until_gone(self) -> None:
        """Wait until the bus closes the connection."""
        await asyncio.wait([self._receiving])

    async def close(self) -> None:
        """Close the connection."""
        self._receiving.cancel()
        await asyncio.wait([self._receiving])
        self._writer.close()
        with contextlib.suppress(*_FOREIGN):
            await self._writer.wait_closed()

    async def _receive(self) -> None:
        try:
            while True:
                for _ in range(_AT_A_TIME):
                    if message := await self._next():
                        self._hand_over(message)
                await asyncio.sleep(0)
        except (OSError, EOFError) as error:
            log.debug("a bus has gone: %s", type(error).__name__)
        finally:
            for reply in self._replies.values():
                if not reply.done():
                    reply.set_exception(EOFError("the bus has gone"))

    async def _next(self) -> Message | None:
        """The next message, None if it can't be used."""
        head = await self._reader.readexactly(_HEAD_BYTES)
        left = calc_msg_size(head) - _HEAD_BYTES
        if left > _MAX_BYTES:
            while left:
                left -= len(await self._reader.readexactly(min(left, _LARGE_BYTES)))
            return None
        data = head + await self._reader.readexactly(left)
        try:
            if left > _LARGE_BYTES:
                return await asyncio.to_thread(Message.from_buffer, data)
            return Message.from_buffer(data)
        except Exception as error:  # jeepney may raise anything
            log.debug("a message on a bus can't be used: %s", type(error).__name__)
            return None

    def _hand_over(self, message: Message) -> None:
        reply = self._replies.get(message.header.fields.get(HeaderFields.reply_serial, 0))
        if reply and message.header.message_type in (MessageType.method_return, MessageType.error):
            if not reply.done():
                reply.set_result(message)
            return
        for rule, on_message in list(self._listeners.values()):
            try:
                if rule.matches(message):
                    on_message(message)
            except Exception as error:  # one peer's message must not block the others
                log.warning("a message on a bus can't be used: %s", type(error).__name__)


async def open_bus(address: str = "SESSION", limit_s: float = LIMIT_S) -> Bus:
    """Connect to the session's bus, or to one at an address. Raises DesktopError if there is none."""
    writer: asyncio.StreamWriter | None = None
    bus: Bus | None = None
    try:
        async with asyncio.timeout(limit_s):
            reader, writer = await unix.connect(get_bus(address))
            login = Authenticator()
            for line in login:
                writer.write(line)
                await writer.drain()
                if not (answer := await reader.read(1024)):
                    raise EOFError
                login.feed(answer)
            writer.write(BEGIN)
            bus = Bus(reader, writer)
            (bus.unique_name,) = await bus.ask(message_bus.Hello(), limit_s)
    except BaseException as error:
        if bus:
            await bus.close()
        elif writer:
            writer.close()
        if isinstance(error, DesktopError) or not isinstance(error, Exception):
            raise
        which = "session bus" if address == "SESSION" else "bus"
        raise DesktopError(f"no {which}: {_why(error)}") from error
    return bus


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):  # of the environment
        return f"{error.args[0]} is not set"
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS") == NO_BUS:
        return "it does not answer"
    return unix.why_not(error)


@contextlib.asynccontextmanager
async def connect() -> AsyncIterator[Bus]:
    """Connect to the session's bus, and close the connection at the end. Raises DesktopError if there is none."""
    bus = await open_bus()
    try:
        yield bus
    finally:
        await bus.close()
