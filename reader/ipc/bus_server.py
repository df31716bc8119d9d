"""The running instance's end of D-Bus: an object on the session bus that programs, scripts and keys call.

`bus_interface.py` says what it offers; calls go to the same handler as from the socket. The bus admits only programs of
this user, and sandboxed ones only with permission. If another program owns the name, Harken waits in the bus's queue
for it; if the bus is lost or not there yet, Harken keeps looking for it. Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageFlag,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)

from reader import tasks
from reader.dbus import Bus, connect
from reader.errors import DesktopError, HarkenError
from reader.ipc import bus_interface
from reader.ipc.bus_interface import INTERFACE, NAME, PATH, Properties
from reader.ipc.protocol import BadMessageError
from reader.support.i18n import translate

log = logging.getLogger(__name__)

_QUEUE, _OWNER = 0, 1  # for RequestName: wait if it is taken; and its answer once it is ours
# Calls being answered. A program that makes more is misbehaving.
_MAX_CALLS = 64
# Signals that wait for the bus, which takes them at once unless it hangs.
_MAX_SIGNALS = 256
# How much later programs hear of a key press, in seconds: by then, what the user waits for is done.
_LATER_S = 0.03
_ERROR = "org.freedesktop.DBus.Error."

Handler = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]


class BusServer:
    """Implements BusListener."""

    def __init__(self, handler: Handler, properties: Callable[[], Properties]) -> None:
        """`handler` answers method calls; `properties` returns the current ones."""
        self.problem = translate("reader", "Harken has not connected to the session bus yet.")
        self.is_activatable = False
        self._handler = handler
        self._properties = properties
        self._shown: Properties = {}  # what was last sent
        self._outgoing: asyncio.Queue[Message] = asyncio.Queue(_MAX_SIGNALS)
        self._answering: set[asyncio.Task[None]] = set()
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            self._keeping = tasks.keep(self._be_there, "d-bus interface")
        else:
            self.problem = translate("reader", "There is no session bus: DBUS_SESSION_BUS_ADDRESS is not set.")

    async def close(self) -> None:
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    def tell(self, signal: str, *values: object) -> None:
        signature = bus_interface.signature(bus_interface.SIGNALS[signal])
        self._send(new_signal(DBusAddress(PATH, interface=INTERFACE), signal, signature, values))

    def tell_changes(self) -> None:
        now = self._properties()
        changed = {name: value for name, value in now.items() if self._shown.get(name) != value}
        self._shown = now
        if changed:
            emitter = DBusAddress(PATH, interface=bus_interface.PROPERTIES)
            self._send(new_signal(emitter, "PropertiesChanged", "sa{sv}as", (INTERFACE, changed, [])))

    def _send(self, message: Message) -> None:
        if self.is_there and not self._outgoing.full():
            self._outgoing.put_nowait(message)

    @property
    def is_there(self) -> bool:
        """Whether Harken owns the name now."""
        return not self.problem

    # ---- being there ----

    async def _be_there(self) -> None:
        try:
            async with connect() as bus:
                await self._serve(bus)
            self.problem = translate("reader", "The session bus is gone. Harken keeps trying to reach it.")
        except DesktopError as error:
            sentence = translate("reader", "The session bus can't be used ({why}). Harken keeps trying.")
            self.problem = sentence.format(why=error)
        log.info("not on the session bus: %s", self.problem)

    async def _serve(self, bus: Bus) -> None:
        """Answer until the bus is lost. Raises DesktopError."""
        end = bus.listen(MatchRule(type="signal", interface=message_bus.interface), self._on_name)
        running: list[asyncio.Task[None]] = []
        try:
            with bus.calls() as calls:
                await self._ask_for_name(bus)
                running = [
                    tasks.start(self._send_all(bus), "d-bus signals"),
                    tasks.start(self._answer_all(bus, calls), "d-bus calls"),
                    tasks.start(bus.wait_until_gone(), "the bus's end"),
                ]
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        finally:
            end()
            running += self._answering
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _ask_for_name(self, bus: Bus) -> None:
        (code,) = await bus.ask(message_bus.RequestName(NAME, _QUEUE))
        self.is_activatable = await _is_activatable(bus)
        if not self.is_activatable:  # the bus misses service files in a folder created after it started
            with contextlib.suppress(DesktopError):
                await bus.ask(message_bus.ReloadConfig())
            self.is_activatable = await _is_activatable(bus)
        self._follow_name(is_ours=code == _OWNER)

    def _on_name(self, message: Message) -> None:
        """The bus gives us the name, or takes it away."""
        is_from_bus = message.header.fields.get(HeaderFields.sender) == message_bus.bus_name
        member = message.header.fields.get(HeaderFields.member)
        if is_from_bus and member in ("NameAcquired", "NameLost") and message.body[0] == NAME:
            self._follow_name(is_ours=member == "NameAcquired")

    def _follow_name(self, *, is_ours: bool) -> None:
        sentence = translate("reader", "Another program is using the name {name} on the session bus.").format(name=NAME)
        problem = "" if is_ours else sentence
        if problem != self.problem:
            log.info("on the session bus: %s", problem or NAME)
        self.problem = problem
        self._shown = self._properties()

    async def _send_all(self, bus: Bus) -> None:
        while not self._outgoing.empty():
            self._outgoing.get_nowait()  # meant for a bus that is gone
        while True:
            message = await self._outgoing.get()
            await asyncio.sleep(_LATER_S)
            await bus.send(message)
            while not self._outgoing.empty():
                await bus.send(self._outgoing.get_nowait())

    # ---- being asked ----

    async def _answer_all(self, bus: Bus, calls: asyncio.Queue[Message]) -> None:
        while True:
            call = await calls.get()
            if len(self._answering) >= _MAX_CALLS:
                await bus.send(_error(call, "LimitsExceeded", "Too many calls at once. Try again in a moment."))
                continue
            task = tasks.start(self._answer(bus, call), "a d-bus call")  # each begins before the next one
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, bus: Bus, call: Message) -> None:
        answer = await self._answer_to(call)
        if not call.header.flags & MessageFlag.no_reply_expected:
            await bus.send(answer)

    async def _answer_to(self, call: Message) -> Message:
        fields = call.header.fields
        path = str(fields.get(HeaderFields.path, ""))
        interface, member = fields.get(HeaderFields.interface, ""), str(fields.get(HeaderFields.member, ""))
        if interface == bus_interface.PEER and member == "Ping":
            return new_method_return(call)
        if member == "Introspect" and interface in (bus_interface.INTROSPECTABLE, ""):
            if text := bus_interface.introspection() if path == PATH else bus_interface.node_above(path):
                return new_method_return(call, "s", (text,))
        elif path == PATH and interface == bus_interface.PROPERTIES:
            return self._answer_properties(call, member)
        elif path == PATH and interface in (INTERFACE, "") and member in bus_interface.METHODS:
            return await self._obey(call, member)
        return _error(call, "UnknownMethod", f"There is no {member} at {path}.")

    async def _obey(self, call: Message, method: str) -> Message:
        arguments, results = bus_interface.METHODS[method]
        if call.header.fields.get(HeaderFields.signature, "") != bus_interface.signature(arguments):
            wanted = ", ".join(f"{name} ({kind})" for name, kind in arguments) or "none"
            return _error(call, "InvalidArgs", f"The arguments of {method} are: {wanted}.")
        try:
            answer = await self._handler(bus_interface.message(method, call.body))
        except HarkenError as error:
            return new_error(call, bus_interface.REFUSED, "s", (error.sentence,))
        except BadMessageError as error:
            return _error(call, "InvalidArgs", f"Harken did not understand the call: {error}.")
        if not results:
            return new_method_return(call)
        return new_method_return(call, bus_interface.signature(results), bus_interface.returned(method, answer))

    def _answer_properties(self, call: Message, member: str) -> Message:
        if call.header.fields.get(HeaderFields.signature, "") != _PROPERTY_CALLS.get(member):
            return _error(call, "InvalidArgs", f"{member} does not take these arguments.")
        if call.body[0] not in (INTERFACE, ""):
            return _error(call, "UnknownInterface", f"There is no interface {call.body[0]} here.")
        now = self._properties()
        if member == "GetAll":
            return new_method_return(call, "a{sv}", (now,))
        name = call.body[1]
        if name not in now:
            return _error(call, "UnknownProperty", f"There is no property {name} here.")
        if member == "Set":
            return _error(call, "PropertyReadOnly", f"{name} can only be read. “harken settings set” changes settings.")
        return new_method_return(call, "v", (now[name],))


async def _is_activatable(bus: Bus) -> bool:
    (names,) = await bus.ask(message_bus.ListActivatableNames())
    return NAME in names


_PROPERTY_CALLS = {"GetAll": "s", "Get": "ss", "Set": "ssv"}


def _error(call: Message, name: str, sentence: str) -> Message:
    return new_error(call, _ERROR + name, "s", (sentence,))
