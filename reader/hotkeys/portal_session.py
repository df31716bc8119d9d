"""One session with the GlobalShortcuts portal, on its own bus connection. Core thread only.

The portal undoes everything when the connection ends: it closes the dialog and releases the keys. So each session has
its own connection, and is ended by closing it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, message_bus, new_method_call

from reader import tasks
from reader.dbus import Bus, open_bus
from reader.errors import DesktopError, NoAnswerError
from reader.support.app_id import APP_ID

PORTAL = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
_REQUEST = "org.freedesktop.portal.Request"
_SESSION = "org.freedesktop.portal.Session"
_REGISTRY = "org.freedesktop.host.portal.Registry"
# Allows for a portal that the bus has to start, while the user logs in. The bus itself gives up after 25 s.
_LIMIT_S = 20.0
_CLOSE_LIMIT_S = 1.0
_GONE = "the portal has gone"

Options = dict[str, tuple[str, Any]]
OnSignal = Callable[[str, tuple[Any, ...]], None]


class UnknownProgramError(DesktopError):
    """The desktop knows no program by Harken's name, and gives keys to known ones only. It may have to look again."""


class PortalSession:
    """Use `open_session`. `unregistered` says why the portal did not accept Harken's name, or is ""."""

    def __init__(self, bus: Bus, owner: str, on_signal: OnSignal) -> None:
        """`owner` is the portal's unique name; `on_signal` gets the names and bodies of its signals about keys."""
        self.path = ""
        self.unregistered = ""
        self.bus = bus
        self._owner = owner
        self._on_signal = on_signal
        self._lost = asyncio.Event()
        self._answers: dict[str, asyncio.Future[tuple[Any, ...]]] = {}
        self._count = 0
        self._watching = tasks.start(self._watch_bus(), "the portal's bus")

    async def start(self) -> None:
        """Identify Harken and create a session. Raises DesktopError."""
        for interface, member, take in (
            (_REQUEST, "Response", self._take_answer),
            (_SESSION, "Closed", self._take_closed),
            (SHORTCUTS, None, self._take_signal),
        ):
            rule = MatchRule(type="signal", sender=PORTAL, interface=interface, member=member)
            await self.bus.follow(rule)
            # Signals arrive with the portal's unique name as sender.
            self.bus.listen(MatchRule(type="signal", sender=self._owner, interface=interface, member=member), take)
        gone = MatchRule(
            type="signal", sender=message_bus.bus_name, interface=message_bus.interface, member="NameOwnerChanged"
        )
        gone.add_arg_condition(0, PORTAL)
        await self.bus.follow(gone)
        self.bus.listen(gone, lambda _: self._lost.set())
        await self._register()
        try:
            code, results = await self._ask("CreateSession", "a{sv}", {"session_handle_token": ("s", _token())})
        except NoAnswerError:
            raise
        except DesktopError as error:
            raise (UnknownProgramError(self.unregistered) if self.unregistered else error) from error
        kind, path = results.get("session_handle", ("", ""))
        if code or kind not in ("s", "o"):
            raise DesktopError(f"CreateSession: {code}")
        self.path = path

    async def _register(self) -> None:
        """Register Harken's name. Portals before 1.19 have no Registry, and identify the caller by themselves."""
        try:
            await self._call(_REGISTRY, "Register", "sa{sv}", APP_ID, {})
        except NoAnswerError:
            raise
        except DesktopError as error:
            self.unregistered = str(error)

    async def bind(self, shortcuts: list[Any]) -> tuple[int, Mapping[str, Any]]:
        """Call BindShortcuts and return its code and results: waits for the user. Raises DesktopError."""
        return await self._ask("BindShortcuts", "oa(sa{sv})sa{sv}", self.path, shortcuts, "", {}, waits=True)

    async def wait_until_lost(self) -> None:
        """Wait until the portal exits or is replaced, or ends the session, or the bus goes."""
        await self._lost.wait()

    async def _watch_bus(self) -> None:
        await self.bus.wait_until_gone()
        self._lost.set()

    async def close(self) -> None:
        """End the session, and with it the dialog and the keys."""
        self._watching.cancel()
        if self.path and not self._lost.is_set():
            with contextlib.suppress(DesktopError):  # so that the keys are free on return
                closing = new_method_call(DBusAddress(self.path, PORTAL, _SESSION), "Close")
                await self.bus.ask(closing, _CLOSE_LIMIT_S)
        await self.bus.close()

    # ---- asking ----

    async def _ask(self, method: str, signature: str, *values: Any, waits: bool = False) -> tuple[int, Any]:
        """Make a request, whose last value is its options, and return the response's code and results."""
        self._count += 1
        token = f"harken{self._count}"
        *before, options = values
        path = f"{_PATH}/request/{self.bus.unique_name[1:].replace('.', '_')}/{token}"
        self._answers[path] = answer = asyncio.get_running_loop().create_future()
        try:
            (handle,) = await self._call(
                SHORTCUTS, method, signature, *before, {**options, "handle_token": ("s", token)}
            )
            self._answers[handle] = answer  # before 0.9, portals chose the handle
            async with asyncio.timeout(None if waits else _LIMIT_S):
                await self._first(answer)
        except TimeoutError as error:
            raise NoAnswerError(method) from error
        finally:
            self._answers.clear()
        code, results = answer.result()
        return code, results

    async def _first(self, answer: asyncio.Future[tuple[Any, ...]]) -> None:
        """Wait for the response. Raises DesktopError if the portal goes first."""
        lost = tasks.start(self._lost.wait(), "losing the portal")
        either: set[asyncio.Future[Any]] = {answer, lost}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            lost.cancel()
        if not answer.done():
            raise NoAnswerError(_GONE)

    async def _call(self, interface: str, method: str, signature: str, *values: Any) -> tuple[Any, ...]:
        address = DBusAddress(_PATH, PORTAL, interface)
        return await self.bus.ask(new_method_call(address, method, signature, values), _LIMIT_S)

    # ---- what comes ----

    def _take_answer(self, message: Message) -> None:
        answer = self._answers.get(message.header.fields[HeaderFields.path])
        if answer and not answer.done() and message.header.fields.get(HeaderFields.signature) == "ua{sv}":
            answer.set_result(message.body)

    def _take_closed(self, message: Message) -> None:
        if message.header.fields[HeaderFields.path] == self.path:
            self._lost.set()

    def _take_signal(self, message: Message) -> None:
        self._on_signal(message.header.fields[HeaderFields.member], message.body)


async def look() -> None:
    """Check that there is one. Raises DesktopError if there is no bus, portal or such interface, or NoAnswerError."""
    bus = await open_bus()
    try:
        properties = DBusAddress(_PATH, PORTAL, "org.freedesktop.DBus.Properties")
        await bus.ask(new_method_call(properties, "Get", "ss", (SHORTCUTS, "version")))
    except NoAnswerError:
        raise
    except DesktopError as error:
        raise DesktopError(f"this desktop has no portal with global shortcuts ({error})") from error
    finally:
        await bus.close()


async def open_session(on_signal: OnSignal) -> PortalSession:
    """Open a session. Raises DesktopError."""
    bus = await open_bus()
    try:
        owner = await _owner(bus)
    except BaseException:
        await bus.close()
        raise
    session = PortalSession(bus, owner, on_signal)
    try:
        await session.start()
    except BaseException:
        await session.close()
        raise
    return session


async def _owner(bus: Bus) -> str:
    """The portal's unique name; the bus starts the portal if needed. Raises DesktopError."""
    try:
        (owner,) = await bus.ask(message_bus.GetNameOwner(PORTAL))
    except NoAnswerError:
        raise
    except DesktopError:
        await bus.ask(message_bus.StartServiceByName(PORTAL), _LIMIT_S)
        (owner,) = await bus.ask(message_bus.GetNameOwner(PORTAL))
    return str(owner)


def _token() -> str:
    return f"harken{os.getpid()}"
