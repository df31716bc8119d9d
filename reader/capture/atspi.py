"""The focused text through AT-SPI, the Linux desktop's accessibility bus.

Programs report what has the focus; that is remembered, and on a key press two or three calls (1 to 5 ms)
fetch its text: what is selected in it, else everything from the caret's paragraph on, else what the
control is called and shows. Every call has a time limit, for programs hang. Plain D-Bus through `jeepney`
(MIT, pure Python): pyatspi needs a compiled GObject stack.

Core thread only. AT-SPI's interfaces: org.a11y.atspi.{Accessible,Text,Value,Hypertext,Hyperlink}, numbers
of roles and states from atspi-constants.h.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Coroutine
from typing import Any, NamedTuple

from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, message_bus, new_method_call
from jeepney.io.asyncio import DBusConnection, DBusRouter, open_dbus_connection
from jeepney.io.common import RouterClosed
from jeepney.wrappers import DBusErrorResponse

from reader import tasks
from reader.capture.base import LIMIT_CHARS
from reader.errors import CaptureError, CaptureTimeoutError, NothingToReadError
from reader.flow import CapturedText, Source
from reader.words import QT_TRANSLATE_NOOP, translate

log = logging.getLogger(__name__)

# What jeepney and the standard library raise when a bus is not there, or goes.
_FOREIGN = (OSError, EOFError, KeyError, RuntimeError, ValueError, TimeoutError, DBusErrorResponse, RouterClosed)
_IFACE = "org.a11y.atspi."
_CALL_LIMIT_S = 0.5
_READ_LIMIT_S = 1.0
_WALK_OBJECTS = 600
_EMBEDDED_OBJECTS = 300
_EMBEDDED = "\ufffc"
# Longer selections come quicker through the X server.
_SHORT_CHARS = 4000

# AtspiStateType and AtspiRole.
_ACTIVE, _CHECKED, _FOCUSED = 1, 4, 12
_PASSWORD, _TEXT, _ENTRY = 40, 61, 79

_SLOW = QT_TRANSLATE_NOOP("reader", "The program in front does not answer. Wait a moment and press the key again.")
_NOTHING = QT_TRANSLATE_NOOP("reader", "There is no text here to read.")


class _Object(NamedTuple):
    """An accessible object: whose it is and where."""

    owner: str
    path: str


class AtspiFocus:
    """See FocusSource."""

    name = "at-spi focus"

    def __init__(self) -> None:
        self._router: DBusRouter | None = None
        self._connections: list[tuple[DBusConnection, DBusRouter]] = []
        self._session: DBusRouter | None = None  # to the session's bus
        self._has_enabled = False  # accessibility was off before
        self._focus: _Object | None = None
        self._role = 0  # of the focus, 0 while not known
        self._own: dict[str, bool] = {}  # whether a name on the bus is Harken's own
        self._following: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect and follow the focus.

        Raises CaptureError saying why it can't be used.
        """
        try:
            async with asyncio.timeout(3.0):
                address = await self._find_bus()
                connection = await open_dbus_connection(address)
                self._router = self._routed(connection)
                await self._follow()
        except asyncio.CancelledError:  # Harken is quit while it starts
            await self.close()
            raise
        except _FOREIGN as error:
            await self.close()
            raise CaptureError(f"no accessibility bus: {type(error).__name__} {error}") from error

    async def _find_bus(self) -> str:
        """Ask the session bus where the accessibility bus is."""
        connection = await open_dbus_connection("SESSION")
        self._session = router = self._routed(connection)
        bus = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
        reply = await router.send_and_get_reply(new_method_call(bus, "GetAddress"))
        if reply.header.message_type is MessageType.error:
            raise DBusErrorResponse(reply)
        return str(reply.body[0])

    def _routed(self, connection: DBusConnection) -> DBusRouter:
        router = DBusRouter(connection)
        self._connections.append((connection, router))
        return router

    async def enable(self, is_wanted: bool) -> None:
        """Switch the desktop's accessibility on for all programs, or off again if it was Harken that switched it on."""
        if self._session is None or is_wanted is self._has_enabled:
            return
        properties = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.freedesktop.DBus.Properties")
        name = ("org.a11y.Status", "IsEnabled")
        try:
            async with asyncio.timeout(1.0):
                reply = await self._session.send_and_get_reply(new_method_call(properties, "Get", "ss", name))
                if reply.body[0] == ("b", is_wanted):
                    return
                values = (*name, ("b", is_wanted))
                await self._session.send_and_get_reply(new_method_call(properties, "Set", "ssv", values))
        except (OSError, EOFError, TimeoutError, RouterClosed) as error:
            log.warning("accessibility could not be switched: %s", error)
        else:
            self._has_enabled = is_wanted

    async def _follow(self) -> None:
        """Ask to be told of every change of focus."""
        assert self._router is not None
        registry = DBusAddress("/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry")
        event = "object:state-changed:focused"
        await self._router.send_and_get_reply(new_method_call(registry, "RegisterEvent", "s", (event,)))
        rule = MatchRule(type="signal", interface=_IFACE + "Event.Object", member="StateChanged")
        rule.add_arg_condition(0, "focused")
        await self._router.send_and_get_reply(message_bus.AddMatch(rule))
        news: asyncio.Queue[Any] = asyncio.Queue(64)
        handle = self._router.filter(rule, queue=news)

        async def listen() -> None:
            with handle:
                while True:
                    message = await news.get()
                    fields = message.header.fields
                    await self._note(_Object(fields[HeaderFields.sender], fields[HeaderFields.path]), message.body[1])

        self._following = tasks.start(listen(), "at-spi focus")

    async def _note(self, changed: _Object, has_focus: int) -> None:
        if await self._is_own(changed):
            return  # what is meant is in the window before it
        if has_focus:
            self._focus, self._role = changed, 0
            with contextlib.suppress(CaptureError):  # asked now, so that a key press need not wait for it
                self._role = await self._call(changed, "Accessible", "GetRole")
        elif changed == self._focus:
            self._focus = None

    async def _is_own(self, item: _Object) -> bool:
        """Whether an object is one of Harken's own windows."""
        if self._router is None:
            return False  # the bus has gone, and this is what it said last
        if item.owner not in self._own:
            try:
                ask = message_bus.GetConnectionUnixProcessID(item.owner)
                (pid,) = (await self._router.send_and_get_reply(ask)).body
            except (OSError, EOFError, RuntimeError, ValueError, RouterClosed):
                return False
            self._own[item.owner] = pid == os.getpid()
        return self._own[item.owner]

    # ---- FocusSource ----

    async def selection(self) -> str | None:
        """See FocusSource. Only plain text fields are believed: a page may be selected around its focus."""
        focus = self._focus
        if focus is None or self._role not in (_TEXT, _ENTRY):
            return None
        try:
            start, end = await self._call(focus, "Text", "GetSelection", "i", 0)
            if end <= start:
                return ""
            if end - start > _SHORT_CHARS:
                return None
            text: str = await self._call(focus, "Text", "GetText", "ii", start, end)
        except CaptureError:
            return None
        return None if _EMBEDDED in text else text

    async def read(self) -> CapturedText:
        """See TextSource."""
        try:
            async with asyncio.timeout(_READ_LIMIT_S):
                focus = await self._living_focus() or await self._find_focus()
                if focus is None:
                    raise NothingToReadError(translate("reader", _NOTHING))
                text = await self._text(focus)
        except TimeoutError as error:
            raise CaptureTimeoutError(translate("reader", _SLOW)) from error
        if not text.strip():
            raise NothingToReadError(translate("reader", _NOTHING))
        return CapturedText(text[:LIMIT_CHARS], Source.FOCUS, is_cut=len(text) > LIMIT_CHARS)

    async def close(self) -> None:
        """See TextSource."""
        await self.enable(False)
        if self._following:
            self._following.cancel()
        self._router = self._session = None
        for connection, router in self._connections:
            with contextlib.suppress(*_FOREIGN):
                await router.__aexit__(None, None, None)  # else its task would complain of the closed connection
            with contextlib.suppress(*_FOREIGN):
                await connection.close()
        self._connections = []

    # ---- what an object says ----

    async def _text(self, focus: _Object) -> str:
        """The text of an object as the user means it."""
        role = await self._call(focus, "Accessible", "GetRole")
        if role == _PASSWORD:
            raise CaptureError(translate("reader", "This is a password field. Harken does not read passwords aloud."))
        try:
            caret = await self._property(focus, "Text", "CaretOffset")
            selections = await self._call(focus, "Text", "GetNSelections")
            start, end = await self._call(focus, "Text", "GetSelection", "i", 0) if selections else (0, -1)
        except CaptureError:
            return await self._describe(focus)
        text = await self._expand(focus, start, end, [_EMBEDDED_OBJECTS])
        if not selections and caret > 0:
            paragraph = text.rfind("\n", 0, caret) + 1
            text = text[paragraph:] if text[paragraph:].strip() else text
        return text if text.strip() else await self._describe(focus)

    async def _expand(self, item: _Object, start: int, end: int, left: list[int]) -> str:
        """The text of an object with the objects embedded in it (links, paragraphs of a page) spelled out."""
        text: str = await self._call(item, "Text", "GetText", "ii", start, end)
        if _EMBEDDED not in text:
            return text
        places = [i for i, char in enumerate(text) if char == _EMBEDDED]
        found = await asyncio.gather(*(self._embedded(item, start + i, left) for i in places))
        for i, inner in sorted(zip(places, found, strict=True), reverse=True):
            text = text[:i] + inner + text[i + 1 :]
        return text

    async def _embedded(self, item: _Object, offset: int, left: list[int]) -> str:
        left[0] -= 1
        if left[0] < 0:
            return ""
        try:
            link = await self._call(item, "Hypertext", "GetLinkIndex", "i", offset)
            hyperlink = _Object(*await self._call(item, "Hypertext", "GetLink", "i", link))
            inner = _Object(*await self._call(hyperlink, "Hyperlink", "GetObject", "i", 0))
            text = await self._expand(inner, 0, -1, left)
            role = await self._call(inner, "Accessible", "GetRoleName")
        except (CaptureError, TypeError):
            return ""
        return text if role in ("link", "text", "static", "image", "entry") else text + "\n"

    async def _describe(self, item: _Object) -> str:
        """A control's name, kind and value, as a screen reader would say them."""
        name = await self._property(item, "Accessible", "Name")
        role = await self._call(item, "Accessible", "GetRoleName")
        parts = [name, role if name else ""]
        with contextlib.suppress(CaptureError):
            value = await self._property(item, "Value", "CurrentValue")
            parts.append(f"{value:g}")
        if (await self._states(item)) >> _CHECKED & 1:
            parts.append(translate("reader", "checked"))
        return ", ".join(filter(None, parts))

    async def _living_focus(self) -> _Object | None:
        """The focus last told of, unless its program is gone: not every one says that it ends."""
        if self._focus is not None:
            try:
                await self._states(self._focus)
            except CaptureTimeoutError:
                raise
            except CaptureError:
                self._focus = None
        return self._focus

    async def _find_focus(self) -> _Object | None:
        """What has the focus in the active window, when no program has said so since we began."""
        root = _Object("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
        left = [_WALK_OBJECTS]
        for app in await self._children(root):
            if await self._is_own(app):
                continue
            for window in await self._children(app):
                if await self._states_or_none(window) >> _ACTIVE & 1 and (found := await self._walk(window, left)):
                    return found
        return None

    async def _walk(self, item: _Object, left: list[int]) -> _Object | None:
        left[0] -= 1
        if left[0] < 0:
            return None
        if await self._states_or_none(item) >> _FOCUSED & 1:
            return item
        for child in await self._children(item):
            if found := await self._walk(child, left):
                return found
        return None

    async def _children(self, item: _Object) -> list[_Object]:
        try:
            return [_Object(*child) for child in await self._call(item, "Accessible", "GetChildren")]
        except CaptureError:
            return []

    async def _states_or_none(self, item: _Object) -> int:
        try:
            return await self._states(item)
        except CaptureError:
            return 0

    async def _states(self, item: _Object) -> int:
        low, high = await self._call(item, "Accessible", "GetState")
        return int(low | high << 32)

    # ---- calls ----

    async def _property(self, item: _Object, interface: str, name: str) -> Any:
        address = DBusAddress(item.path, item.owner, "org.freedesktop.DBus.Properties")
        return (await self._ask(new_method_call(address, "Get", "ss", (_IFACE + interface, name))))[1]

    def _call(
        self, item: _Object, interface: str, method: str, signature: str = "", *arguments: object
    ) -> Coroutine[Any, Any, Any]:
        address = DBusAddress(item.path, item.owner, _IFACE + interface)
        return self._ask(new_method_call(address, method, signature or None, arguments))

    async def _ask(self, message: Any) -> Any:
        """Send a call. Raises CaptureError when it fails, CaptureTimeoutError when nobody answers."""
        if self._router is None:
            raise NothingToReadError(translate("reader", "The accessibility bus is gone. Start Harken again."))
        try:
            async with asyncio.timeout(_CALL_LIMIT_S):
                reply = await self._router.send_and_get_reply(message)
        except TimeoutError as error:
            raise CaptureTimeoutError(translate("reader", _SLOW)) from error
        except (OSError, EOFError, RuntimeError, RouterClosed) as error:
            self._router = None  # the bus has gone; the other places still work
            raise NothingToReadError(translate("reader", _NOTHING)) from error
        if reply.header.message_type is MessageType.error:
            raise NothingToReadError(translate("reader", _NOTHING))
        return reply.body[0] if len(reply.body) == 1 else reply.body
