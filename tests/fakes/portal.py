"""xdg-desktop-portal's GlobalShortcuts on a bus, as strict as those of today, with a desktop behind it in memory.

What it refuses was seen of xdg-desktop-portal 1.20 and 1.22 with GNOME 48 and KDE 6.3 and 6.7: an app id without a dot
or without an installed entry, a second Register, a session without an app id, a second BindShortcuts in a session.
It runs on the test's loop.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, message_bus, new_error, new_method_return, new_signal

from reader import tasks
from reader.dbus import Bus, open_bus
from reader.desktop import desktop_entry

NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
_REGISTRY = "org.freedesktop.host.portal.Registry"


@dataclass(frozen=True)
class Kind:
    """What a desktop does in its own way."""

    version: int = 1
    asks: bool = True
    success: int = 0  # the code of a response when all went well
    calls: str = "{0}"  # what it says of a trigger
    has_registry: bool = True
    needs_id: bool = True  # to have a session


GNOME_48 = Kind(success=2, calls="Press {gtk}", needs_id=False)
GNOME_51 = Kind(version=2, calls="Press {gtk}")
KDE_63 = Kind(asks=False, calls="{qt}", needs_id=False)
KDE_67 = Kind(version=2, calls="{qt}")
OLD = Kind(asks=False, calls="{qt}", has_registry=False, needs_id=False)
KINDS = {"GNOME 48": GNOME_48, "GNOME 51": GNOME_51, "KDE 6.3": KDE_63, "KDE 6.7": KDE_67, "without a registry": OLD}


@dataclass
class Session:
    """Of one client."""

    owner: str
    path: str
    triggers: dict[str, str] = field(default_factory=dict)  # id -> trigger
    is_bound: bool = False


class Portal:
    """`triggers` are what the user has set for ids in the desktop, which win over what a program prefers."""

    def __init__(self, bus: Bus, kind: Kind) -> None:
        self.kind = kind
        self.triggers: dict[str, str] = {}
        self.sessions: dict[str, Session] = {}
        self.dialogs = 0
        self.has_dialog = asyncio.Event()
        self.in_front: list[str] = []  # triggers that went to the program in front
        self.is_silent = False  # it takes calls and answers none
        self.is_there = asyncio.Event()
        self._bus = bus
        self._ids: dict[str, str] = {}  # client -> its app id
        self._answer: bool | None = None
        self._asked: asyncio.Future[bool] | None = None
        self._dialog_of = ""  # the client that waits for the dialog
        self._requests: set[asyncio.Task[None]] = set()
        self._outgoing: asyncio.Queue[Message] = asyncio.Queue()
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()

    # ---- what the user and the desktop do ----

    def press(self, trigger: str, *, is_held: bool = False) -> None:
        """Press a key, and release it. Any thread."""
        if self._thread == threading.get_ident():
            self._press(trigger, is_held)
        else:
            self._loop.call_soon_threadsafe(self._press, trigger, is_held)

    def _press(self, trigger: str, is_held: bool) -> None:
        found = [(s, id_) for s in self.sessions.values() for id_, its in s.triggers.items() if its == trigger]
        for session, id_ in found:
            for member in ("Activated",) if is_held else ("Activated", "Deactivated"):
                self._tell(session, member, "osta{sv}", (session.path, id_, 1234, {}))
        if not found:
            self.in_front.append(trigger)

    def answer(self, is_allowed: bool) -> None:
        """The user answers the dialog, this one and those that come."""
        self._answer = is_allowed
        if self._asked and not self._asked.done():
            self._asked.set_result(is_allowed)

    def give(self, id_: str, trigger: str) -> None:
        """The user gives a shortcut another trigger in the desktop's settings; "" takes it away."""
        self.triggers[id_] = trigger
        for session in self.sessions.values():
            if id_ in session.triggers:
                session.triggers[id_] = trigger
                self._tell(session, "ShortcutsChanged", "oa(sa{sv})", (session.path, self._described(session)))

    def close_sessions(self) -> None:
        """The desktop ends them all, as when its part of the portal is restarted."""
        for session in [*self.sessions.values()]:
            self._end(session)

    # ---- being there ----

    async def serve(self) -> None:
        """Answer until this is cancelled."""
        rule = MatchRule(
            type="signal", sender=message_bus.bus_name, interface=message_bus.interface, member="NameOwnerChanged"
        )
        await self._bus.follow(rule)
        self._bus.listen(rule, self._on_owner)
        sending = tasks.start(self._send_all(), "portal")
        try:
            with self._bus.calls() as calls:
                (code,) = await self._bus.ask(message_bus.RequestName(NAME, 4))
                assert code == 1
                self.is_there.set()
                while True:
                    self._take(await calls.get())
        finally:
            sending.cancel()
            for request in self._requests:
                request.cancel()

    async def _send_all(self) -> None:
        while True:
            await self._bus.send(await self._outgoing.get())

    def _on_owner(self, message: Message) -> None:
        name, _, new = message.body
        if not new:
            for session in [s for s in self.sessions.values() if s.owner == name]:
                del self.sessions[session.path]
            if self._dialog_of == name and self._asked and not self._asked.done():
                self._asked.cancel()  # the dialog goes with who asked for it

    # ---- calls ----

    def _take(self, call: Message) -> None:
        if self.is_silent:
            return
        fields = call.header.fields
        client, interface, member = (
            fields[HeaderFields.sender], fields[HeaderFields.interface], fields[HeaderFields.member],
        )  # fmt: skip
        if interface == "org.freedesktop.DBus.Properties":
            assert call.body == (SHORTCUTS, "version")
            self._outgoing.put_nowait(new_method_return(call, "v", (("u", self.kind.version),)))
        elif interface == _REGISTRY and self.kind.has_registry:
            self._register(call, client)
        elif interface == "org.freedesktop.portal.Session" and member == "Close":
            session = self.sessions.get(fields[HeaderFields.path])
            if session and session.owner == client:
                del self.sessions[session.path]
                self._outgoing.put_nowait(new_method_return(call))
            else:
                self._refuse(call, "org.freedesktop.DBus.Error.AccessDenied", "not yours")
        elif interface == SHORTCUTS and member in ("CreateSession", "BindShortcuts"):
            self._ids.setdefault(client, "")  # who asks first is known as nobody
            {"CreateSession": self._create, "BindShortcuts": self._bind}[member](call, client)
        else:
            self._refuse(call, "org.freedesktop.DBus.Error.UnknownMethod", f"no {interface}.{member}")

    def _register(self, call: Message, client: str) -> None:
        assert call.header.fields[HeaderFields.signature] == "sa{sv}"
        app_id, _ = call.body
        if client in self._ids:
            why = "Connection already associated with an application ID"
            self._refuse(call, "org.freedesktop.portal.Error.Failed", why)
        elif not _is_installed(app_id):
            self._refuse(call, "org.freedesktop.portal.Error.Failed", "App info not found")
        else:
            self._ids[client] = app_id
            self._outgoing.put_nowait(new_method_return(call))

    def _create(self, call: Message, client: str) -> None:
        assert call.header.fields[HeaderFields.signature] == "a{sv}"
        (options,) = call.body
        if self.kind.needs_id and not self._ids[client]:
            self._refuse(call, "org.freedesktop.portal.Error.NotAllowed", "An app id is required")
            return
        sender = client[1:].replace(".", "_")
        path = f"{PATH}/session/{sender}/{options['session_handle_token'][1]}"
        assert path not in self.sessions
        self.sessions[path] = Session(client, path)
        self._begin(call, client, options)
        self._respond(client, options, 0, {"session_handle": ("s", path)})

    def _bind(self, call: Message, client: str) -> None:
        assert call.header.fields[HeaderFields.signature] == "oa(sa{sv})sa{sv}"
        path, shortcuts, _parent, options = call.body
        session = self.sessions.get(path)
        if session is None or session.owner != client or session.is_bound:
            self._refuse(call, "org.freedesktop.portal.Error.Failed", "Invalid session, or bound already")
            return
        session.is_bound = True
        for _id, about in shortcuts:
            assert about["description"][0] == about["preferred_trigger"][0] == "s"
        self._begin(call, client, options)
        if self.kind.success == 2 and "." not in self._ids[client]:  # GNOME, without a word to the user
            self._respond(client, options, 2, {})
            return
        wanted = {id_: about["preferred_trigger"][1] for id_, about in shortcuts}
        request = tasks.start(self._ask_user(session, options, wanted), "dialog")
        self._requests.add(request)
        request.add_done_callback(self._requests.discard)

    async def _ask_user(self, session: Session, options: Any, wanted: dict[str, str]) -> None:
        is_known = wanted.keys() <= self.triggers.keys()  # the user was asked of these before
        if self.kind.asks and not is_known:
            self.dialogs += 1
            self._dialog_of = session.owner
            self._asked = self._loop.create_future()
            if self._answer is not None:
                self._asked.set_result(self._answer)
            self.has_dialog.set()
            if not await self._asked:
                self._respond(session.owner, options, 1, {})
                return
        for id_, trigger in wanted.items():
            self.triggers.setdefault(id_, trigger)
        if self.kind.asks:
            session.triggers = {id_: self.triggers[id_] for id_ in wanted}
        else:
            session.triggers = wanted
        described = {"shortcuts": ("a(sa{sv})", self._described(session))}
        self._respond(session.owner, options, self.kind.success, described)

    # ---- answers ----

    def _described(self, session: Session) -> list[Any]:
        return [
            (id_, {"description": ("s", id_), "trigger_description": ("s", self._called(trigger))})
            for id_, trigger in session.triggers.items()
        ]

    def _called(self, trigger: str) -> str:
        if not trigger:
            return ""
        *modifiers, key = trigger.split("+")
        gtk = {"LOGO": "Super", "ALT": "Alt", "CTRL": "Control", "SHIFT": "Shift"}
        qt = {"LOGO": "Meta", "ALT": "Alt", "CTRL": "Ctrl", "SHIFT": "Shift"}
        return self.kind.calls.format(
            trigger,
            gtk="".join(f"<{gtk[m]}>" for m in modifiers) + key,
            qt="+".join([*(qt[m] for m in modifiers), key.upper() if len(key) == 1 else key]),
        )

    def _begin(self, call: Message, client: str, options: Any) -> None:
        self._outgoing.put_nowait(new_method_return(call, "o", (_request(client, options),)))

    def _respond(self, client: str, options: Any, code: int, results: Any) -> None:
        emitter = DBusAddress(_request(client, options), interface="org.freedesktop.portal.Request")
        self._emit(client, emitter, "Response", "ua{sv}", (code, results))

    def _tell(self, session: Session, member: str, signature: str, body: Any) -> None:
        self._emit(session.owner, DBusAddress(PATH, interface=SHORTCUTS), member, signature, body)

    def _end(self, session: Session) -> None:
        del self.sessions[session.path]
        emitter = DBusAddress(session.path, interface="org.freedesktop.portal.Session")
        self._emit(session.owner, emitter, "Closed", "a{sv}", ({},))

    def _emit(self, client: str, emitter: DBusAddress, member: str, signature: str, body: Any) -> None:
        signal = new_signal(emitter, member, signature, body)
        signal.header.fields[HeaderFields.destination] = client
        self._outgoing.put_nowait(signal)

    def _refuse(self, call: Message, name: str, why: str) -> None:
        self._outgoing.put_nowait(new_error(call, name, "s", (why,)))


@asynccontextmanager
async def portal(kind: Kind, address: str = "SESSION") -> AsyncIterator[Portal]:
    """One on a bus; it goes in the end, as when it is restarted."""
    bus = await open_bus(address)
    made = Portal(bus, kind)
    serving = tasks.start(made.serve(), "portal")
    try:
        waiting = tasks.start(made.is_there.wait(), "portal's name")
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        yield made
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await bus.close()


def _request(client: str, options: Any) -> str:
    return f"{PATH}/request/{client[1:].replace('.', '_')}/{options['handle_token'][1]}"


def _is_installed(app_id: str) -> bool:
    """As GLib has it: an entry of this name, whose program is there."""
    folders = [os.environ["XDG_DATA_HOME"], *os.environ.get("XDG_DATA_DIRS", "/usr/share").split(":")]
    for folder in folders:
        file = Path(folder) / "applications" / f"{app_id}.desktop"
        if file.is_file():
            return bool(shutil.which(desktop_entry.read(file).get("TryExec", "sh")))
    return False
