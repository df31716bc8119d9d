"""GNOME Shell with Harken's extension on a bus, as strict as GNOME 48.7, with keys, windows and selections in memory.

What it refuses was seen of the real one: methods of an extension that is off, keys that somebody types, keys that GNOME
uses, other signatures. Its keys go with the client's connection. It runs on the test's loop.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, message_bus, new_error, new_method_return, new_signal

from reader import tasks
from reader.dbus import Bus, open_bus

SHELL, SHELL_PATH = "org.gnome.Shell", "/org/gnome/Shell"
NAME, PATH = "example.harken.Shell", "/example/harken/Shell"
UUID = "harken@harken.example"
_EXTENSIONS = "org.gnome.Shell.Extensions"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_SIGNATURES = {
    "Hello": "",
    "Bind": "a(ssb)",
    "BindEscape": "b",
    "Watch": "b",
    "Look": "",
    "Read": "s",
    "ReadBeginning": "",
}
_TYPED = re.compile(r"(<Shift>)?(?!F\d|Pause$|Print$|Menu$)\w+")
_ACTIVE, _INACTIVE, _ERROR, _OUT_OF_DATE = 1.0, 2.0, 3.0, 4.0

Window = tuple[int, int, str]  # its number, process and application
NOBODY: Window = (0, 0, "")


@dataclass
class Text:
    """What is selected or copied. `kinds` are the ones in which its program hands it over."""

    data: bytes = b""
    kinds: tuple[str, ...] = ("text/plain;charset=utf-8",)
    is_hung: bool = False


@dataclass
class Client:
    """What a program has asked for: keys as (accelerator -> id), Escape, news of selections."""

    keys: dict[str, str] = field(default_factory=dict)
    has_escape: bool = False
    watches: bool = False


class Shell:
    """`taken` are the keys that GNOME uses itself, with what for; `in_front` those that the window in front got."""

    def __init__(self, bus: Bus) -> None:
        self.version = "48.7"
        self.protocol = 1
        self.extension_version = "1"
        self.is_known = True
        self.state = _INACTIVE
        self.is_enabled: bool | None = False  # None: GNOME 45, which does not say it
        self.are_all_off = False
        self.is_locked = False
        self.taken: dict[str, str] = {}
        self.clients: dict[str, Client] = {}
        self.in_front: list[str] = []
        self.fronts: list[Window] = [NOBODY]
        self.texts: dict[str, Text] = {}
        self.maker, self.made_us = 0, 0
        self.is_held = False
        self.calls: list[str] = []
        self._bus = bus
        self._outgoing: asyncio.Queue[Message] = asyncio.Queue()
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()

    # ---- what the user does ----

    async def enable(self) -> None:
        """Switch the extension on."""
        self.is_known, self.is_enabled = True, True
        await self._begin()

    async def disable(self) -> None:
        """Switch it off."""
        self.is_enabled = False
        await self._end(_INACTIVE)

    async def lock(self) -> None:
        """GNOME switches all extensions off while the screen is locked."""
        self.is_locked = True
        await self._end(_INACTIVE)

    async def unlock(self) -> None:
        """And on again."""
        self.is_locked = False
        await self._begin()

    async def fail(self) -> None:
        """It raises something GNOME has no answer to."""
        await self._end(_ERROR)

    def press(self, accelerator: str, *, is_held: bool = False) -> None:
        """Press a key, and release it. Any thread."""
        if self._thread == threading.get_ident():
            self._press(accelerator, is_held)
        else:
            self._loop.call_soon_threadsafe(self._press, accelerator, is_held)

    def _press(self, accelerator: str, is_held: bool) -> None:
        for name, client in self.clients.items():
            if accelerator == "Escape" and client.has_escape:
                self._tell(name, "Escape")
                return
            if accelerator in client.keys:
                for signal in ("Pressed",) if is_held else ("Pressed", "Released"):
                    self._tell(name, signal, client.keys[accelerator])
                return
        self.in_front.append(accelerator)

    def focus(self, window: Window) -> None:
        """A window comes to the front."""
        if window not in (NOBODY, self.fronts[0]):
            self._tell_watching("Left")
        self.fronts = [window, *(other for other in self.fronts if other != window and other != NOBODY)]

    def select(self, text: Text | None) -> None:
        """Select something in the window in front, or nothing."""
        self.maker, self.made_us = self.fronts[0][0], time.monotonic_ns() // 1000
        self.texts.pop("selection", None)
        if text:
            self.texts["selection"] = text
        self._tell_watching("Selected" if text else "Left")

    def _tell_watching(self, signal: str) -> None:
        for name, client in self.clients.items():
            if client.watches:
                self._tell(name, signal)

    # ---- being there ----

    async def serve(self) -> None:
        """Answer until this is cancelled."""
        rule = MatchRule(
            type="signal", sender=message_bus.bus_name, interface=message_bus.interface, member="NameOwnerChanged"
        )
        await self._bus.follow(rule)
        self._bus.listen(rule, self._on_owner)
        sending = tasks.start(self._send_all(), "gnome shell")
        try:
            with self._bus.calls() as calls:
                for name in (SHELL, "org.gnome.ScreenSaver"):
                    assert await self._bus.ask(message_bus.RequestName(name, 4)) == (1,)
                while True:
                    self._take(await calls.get())
        finally:
            sending.cancel()

    async def _send_all(self) -> None:
        while True:
            await self._bus.send(await self._outgoing.get())

    def _on_owner(self, message: Message) -> None:
        name, _, new = message.body
        if not new:
            self.clients.pop(name, None)

    async def _begin(self) -> None:
        assert await self._bus.ask(message_bus.RequestName(NAME, 4)) == (1,)
        self._change(_ACTIVE)

    async def _end(self, state: float) -> None:
        await self._bus.ask(message_bus.ReleaseName(NAME))
        self.clients.clear()
        self.maker = self.made_us = 0
        self._change(state)

    def _change(self, state: float) -> None:
        self.state = state
        emitter = DBusAddress(SHELL_PATH, interface=_EXTENSIONS)
        self._outgoing.put_nowait(new_signal(emitter, "ExtensionStateChanged", "sa{sv}", (UUID, self._info())))

    def _tell(self, client: str, member: str, *body: str) -> None:
        signal = new_signal(DBusAddress(PATH, interface=NAME), member, "s" * len(body) or None, body)
        signal.header.fields[HeaderFields.destination] = client
        self._outgoing.put_nowait(signal)

    # ---- calls ----

    def _take(self, call: Message) -> None:
        fields = call.header.fields
        interface, member, path = (fields[f] for f in (HeaderFields.interface, HeaderFields.member, HeaderFields.path))
        self.calls.append(member)
        if path == PATH and interface == NAME and self.state == _ACTIVE and member in _SIGNATURES:
            if fields.get(HeaderFields.signature, "") != _SIGNATURES[member]:
                self._refuse(call, "org.freedesktop.DBus.Error.InvalidArgs")
            else:
                getattr(self, f"_{member.lower()}")(call, fields[HeaderFields.sender])
        elif interface == "org.gnome.ScreenSaver" and member == "GetActive":
            self._return(call, "b", self.is_locked)
        elif path == SHELL_PATH and interface == _EXTENSIONS and member == "GetExtensionInfo":
            self._return(call, "a{sv}", self._info() if self.is_known and call.body == (UUID,) else {})
        elif path == SHELL_PATH and interface == _PROPERTIES and call.body[0] == _EXTENSIONS:
            values = {"ShellVersion": ("s", self.version), "UserExtensionsEnabled": ("b", not self.are_all_off)}
            self._return(call, "v", values[call.body[1]])
        else:
            self._refuse(call, "org.freedesktop.DBus.Error.UnknownMethod")

    def _info(self) -> dict[str, tuple[str, Any]]:
        info: dict[str, tuple[str, Any]] = {
            "uuid": ("s", UUID), "state": ("d", self.state), "version-name": ("s", self.extension_version),
            "error": ("s", "Error: no" if self.state == _ERROR else ""),
        }  # fmt: skip
        return info if self.is_enabled is None else {**info, "enabled": ("b", self.is_enabled)}

    def _client(self, name: str) -> Client:
        return self.clients.setdefault(name, Client())

    def _hello(self, call: Message, _client: str) -> None:
        self._return(call, "us", self.protocol, self.extension_version)

    def _bind(self, call: Message, client: str) -> None:
        others = {key for name, other in self.clients.items() if name != client for key in other.keys}
        bound, refused = {}, []
        for id_, accelerator, _repeats in call.body[0]:
            if _TYPED.fullmatch(accelerator):
                refused.append((id_, "invalid", ""))
            elif accelerator in self.taken:
                refused.append((id_, "taken", self.taken[accelerator]))
            elif accelerator in others or accelerator in bound:
                refused.append((id_, "other", ""))
            else:
                bound[accelerator] = id_
        self._client(client).keys = bound
        self._return(call, "a(sss)", refused)

    def _bindescape(self, call: Message, client: str) -> None:
        self._client(client).has_escape = call.body[0]
        self._return(call, "b", call.body[0])

    def _watch(self, call: Message, client: str) -> None:
        self._client(client).watches = call.body[0]
        self._return(call, "")

    def _look(self, call: Message, _client: str) -> None:
        is_there = "selection" in self.texts
        self._return(call, "btxba(tus)", is_there, self.maker, self.made_us, self.is_held, self.fronts)

    def _read(self, call: Message, _client: str) -> None:
        self._hand_over(call, self.texts.get(call.body[0]), 40_000_000)

    def _readbeginning(self, call: Message, _client: str) -> None:
        self._hand_over(call, self.texts.get("selection"), 8_000)

    def _hand_over(self, call: Message, text: Text | None, most_bytes: int) -> None:
        how, kind, data = "nothing", "", b""
        if text:
            kind = next((kind for kind in text.kinds if kind.startswith("text/plain") or kind == "STRING"), "")
            how, data = "text" if kind else "not-text", text.data
            if text.is_hung:
                how, data = "hung", b""
            if "x-kde-passwordManagerHint" in text.kinds:
                how, kind, data = "secret", "", b""
        data = data[:most_bytes] if how == "text" else b""
        self._return(call, "ssbay", how, kind, len(data) == most_bytes, data)

    def _return(self, call: Message, signature: str, *values: Any) -> None:
        self._outgoing.put_nowait(new_method_return(call, signature or None, values))

    def _refuse(self, call: Message, name: str) -> None:
        self._outgoing.put_nowait(new_error(call, name, "s", ("refused",)))


@asynccontextmanager
async def gnome_shell(address: str = "SESSION", *, is_on: bool = True) -> AsyncIterator[Shell]:
    """One on a bus, with the extension on or off; it goes in the end."""
    bus = await open_bus(address)
    shell = Shell(bus)
    serving = tasks.start(shell.serve(), "gnome shell")
    try:
        if is_on:
            await shell.enable()
        yield shell
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await bus.close()
