"""A desktop with keys, in memory, as strict as the strictest there is: what a back end must do, and its one row."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from reader.errors import HotkeyError
from reader.flow import BoundKeys, Command
from reader.hotkeys.base import HotkeyBackend, OnChange, OnCommand
from reader.hotkeys.choose import HotkeyEntry
from reader.hotkeys.chord import ESCAPE, Chord


class ToyHotkeys:
    """See HotkeyBackend. `rivals` have keys of other programs, `calls` what the desktop calls a chord."""

    name = "toy keys"

    def __init__(
        self, *, swallows: bool = True, asks_user: bool = False, sees_conflicts: bool = True, has_escape: bool = True
    ) -> None:
        self.swallows, self.asks_user = swallows, asks_user
        self.sees_conflicts, self.has_escape = sees_conflicts, has_escape
        self.on_change: OnChange = lambda _: None
        self.on_command: OnCommand = lambda _: None
        self.rivals: set[Chord] = set()
        self.calls: dict[Chord, str] = {}
        self.why_never = ""  # why no key can be had here after all
        self.bound: dict[Chord, Command] = {}
        self.escape: Command | None = None
        self.spares_focus = False
        self.in_front: list[Chord] = []  # what the program in front got
        self.binds = 0
        self.has_bound = asyncio.Event()
        self.dialogs = 0
        self.is_closed = False
        self._is_binding = False
        self._allowed: asyncio.Future[bool] | None = None
        self._answer: bool | None = None

    # ---- what the user and the desktop do ----

    def press(self, chord: Chord) -> None:
        """The user presses it."""
        command = self.escape if chord == ESCAPE else self.bound.get(chord)
        if command and not self.is_closed:
            self.on_command(command)
        if not command or self.is_closed or not self.swallows:
            self.in_front.append(chord)

    def answer(self, is_allowed: bool) -> None:
        """The user answers the dialog, this one and those that come."""
        self._answer = is_allowed
        if self._allowed and not self._allowed.done():
            self._allowed.set_result(is_allowed)

    def give(self, command: Command, chord: Chord, name: str) -> None:
        """The user gives the command another key, in the desktop's settings."""
        self.bound = {old: of for old, of in self.bound.items() if of is not command} | {chord: command}
        self.calls[chord] = name
        self.on_change(self._keys(self.bound, {}))

    # ---- HotkeyBackend ----

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        """See HotkeyBackend."""
        assert not self.is_closed
        assert not self._is_binding, "one wish after the other"
        assert self.swallows or not [chord for chord in wanted.values() if chord.types], "a key that types"
        self._is_binding = True
        try:
            if self.why_never:
                raise HotkeyError(self.why_never)
            if self.asks_user and wanted and not await self._ask():
                self.bound = {}
                return BoundKeys(refused=dict.fromkeys(wanted, "You refused these keys."))
            await asyncio.sleep(0)  # no desktop answers in no time
        finally:
            self._is_binding = False
        self.bound = {chord: command for command, chord in wanted.items() if chord not in self.rivals}
        self.binds += 1
        self.has_bound.set()
        return self._keys(self.bound, {c: f"{chord} is taken." for c, chord in wanted.items() if chord in self.rivals})

    def bind_escape(self, command: Command | None) -> None:
        """See HotkeyBackend."""
        if self.has_escape:
            self.escape = command

    def spare_focus(self, is_wanted: bool) -> None:
        """See HotkeyBackend."""
        self.spares_focus = is_wanted

    async def close(self) -> None:
        """See HotkeyBackend."""
        self.is_closed, self.bound, self.escape = True, {}, None

    async def _ask(self) -> bool:
        self.dialogs += 1
        if self._answer is not None:
            return self._answer
        self._allowed = asyncio.get_running_loop().create_future()
        return await self._allowed

    def _keys(self, bound: Mapping[Chord, Command], refused: Mapping[Command, str]) -> BoundKeys:
        return BoundKeys({command: self.calls.get(chord, str(chord)) for chord, command in bound.items()}, refused)


@dataclass(frozen=True)
class ToyEntry(HotkeyEntry):
    """Its row, for a toy that a test has in its hands."""

    toy: ToyHotkeys = field(default_factory=ToyHotkeys)

    async def open(self, on_command: OnCommand) -> HotkeyBackend:
        self.toy.on_command = on_command
        return self.toy


def row(toy: ToyHotkeys, why_not: str = "") -> HotkeyEntry:
    """The one row that a back end is."""
    return ToyEntry(toy.name, __name__, (sys.platform,), lambda: why_not, toy)


async def open_hotkeys(on_command: OnCommand) -> ToyHotkeys:
    """See HotkeyEntry in choose.py."""
    toy = ToyHotkeys()
    toy.on_command = on_command
    return toy
