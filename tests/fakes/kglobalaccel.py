"""KDE's register of keys on a bus, as kglobalacceld 6.3 answers. It runs on the test's loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from jeepney import HeaderFields, Message, message_bus, new_error, new_method_return

from reader import tasks
from reader.dbus import Bus, open_bus
from reader.support.app_id import APP_ID

NAME = "org.kde.kglobalaccel"
# What no kglobalacceld answers, each with its signature.
NONSENSE: tuple[tuple[str, Any], ...] = (
    ("s", "no"), ("as", ["", "stop"]), ("aas", [[], ["stop"]]), ("i", -1), ("a(ai)", [([],)]), ("aas", []),
    ("a(sasss)", [("", ["stop"], "", "")]), ("", None),
)  # fmt: skip


class Register:
    """`nonsense`, a signature and a value, is answered to everything."""

    def __init__(self, bus: Bus) -> None:
        self.nonsense: tuple[str, Any] | None = None
        self._bus = bus
        self._harken: dict[str, int] = {}
        self._others: dict[int, tuple[str, str, str, str]] = {}

    def harken(self, keys: dict[str, int]) -> None:
        """Harken's actions, and the key of each; 0 where another program had it."""
        self._harken = keys

    def give(self, key: int, program: str, program_name: str, action: str, action_name: str) -> None:
        """A key of somebody else's."""
        self._others[key] = (action, action_name, program, program_name)

    async def serve(self, calls: asyncio.Queue[Message]) -> None:
        """Answer until this is cancelled."""
        while True:
            call = await calls.get()
            assert call.header.fields[HeaderFields.path] == "/kglobalaccel"
            await self._bus.send(self._answer(call))

    def _answer(self, call: Message) -> Message:
        if self.nonsense:
            signature, value = self.nonsense
            return new_method_return(call, signature, (value,)) if signature else new_method_return(call)
        match call.header.fields[HeaderFields.member], call.body:
            case "allActionsForComponent", ([component, "", "", ""],):
                actions = [[APP_ID, action, APP_ID, action] for action in self._harken if component == APP_ID]
                return new_method_return(call, "aas", (actions,))
            case "shortcutKeys", ([component, action, "", ""],):
                known = component == APP_ID and action in self._harken
                keys = [([self._harken[action], 0, 0, 0],)] if known else []
                return new_method_return(call, "a(ai)", (keys,))
            case "globalShortcutsByKey", (([key, 0, 0, 0],), (0,)):
                mine = [(a, a, APP_ID, APP_ID) for a, its in self._harken.items() if its == key]
                found = [*mine, *(other for its, other in self._others.items() if its == key)]
                rows = [(*row, "default", "Default Context", [key], [key]) for row in found]
                return new_method_return(call, "a(ssssssaiai)", (rows,))
        return new_error(call, "org.freedesktop.DBus.Error.UnknownMethod", "s", ("no such method",))


@asynccontextmanager
async def register() -> AsyncIterator[Register]:
    """One on the session's bus."""
    bus = await open_bus()
    made = Register(bus)
    with bus.calls() as calls:
        (code,) = await bus.ask(message_bus.RequestName(NAME, 4))
        assert code == 1
        serving = tasks.start(made.serve(calls), "kglobalaccel")
        try:
            yield made
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            await bus.close()
