"""Desktops with a program in front on which whatever takes keys is tried. Here are those in memory; the others are in
linux_hotkey_stands.py and windows_hotkey_stand.py, because what they import is of their system alone.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable

from reader.flow import Command
from reader.hotkeys.base import HotkeyBackend
from reader.hotkeys.chord import Chord
from reader.hotkeys.none import NoHotkeys
from tests.desktop.desk import wait_for
from tests.fakes.toy_hotkeys import ToyHotkeys

# Keys that change no text: one that only listens may be asked for them, too.
READ, OTHER, LAST, SENTINEL = (Chord(key) for key in ("F9", "F7", "F6", "F8"))


class Stand(ABC):
    """A back end on a desktop. `heard` are the commands that came."""

    backend: HotkeyBackend

    def __init__(self) -> None:
        self.heard: list[Command] = []

    @abstractmethod
    async def open(self) -> None:
        """Make the back end."""

    @abstractmethod
    def press(self, chord: Chord) -> None:
        """Press keys as a person does."""

    @abstractmethod
    def in_front(self) -> list[Chord]:
        """What the program in front got, the sentinel that is pressed for this not counted."""

    async def end(self) -> None:  # noqa: B027 - most have nothing to end
        """Put the desktop away."""

    def have_another_program_take(self, chord: Chord) -> Callable[[], None]:
        """Returns what lets go of it."""
        raise AssertionError(f"{self.backend.name} sees conflicts, and nobody can make one")

    async def expect(self, *commands: Command) -> None:
        """These came, in this order, and no others."""
        await asyncio.to_thread(wait_for, lambda: len(self.heard) >= len(commands), f"{commands}")
        assert self.heard == list(commands)


class ToyStand(Stand):
    """In memory."""

    def __init__(self, **facts: bool) -> None:
        super().__init__()
        self._facts = facts

    async def open(self) -> None:
        self.toy = ToyHotkeys(**self._facts)
        self.toy.answer(True)
        self.toy.on_command = self.heard.append
        self.backend = self.toy

    def press(self, chord: Chord) -> None:
        self.toy.press(chord)

    def in_front(self) -> list[Chord]:
        return self.toy.in_front

    def have_another_program_take(self, chord: Chord) -> Callable[[], None]:
        self.toy.rivals.add(chord)
        return lambda: self.toy.rivals.discard(chord)


class NoStand(ToyStand):
    """Where nothing can be taken."""

    async def open(self) -> None:
        await super().open()
        self.toy.on_command = lambda _: None
        self.backend = NoHotkeys()
