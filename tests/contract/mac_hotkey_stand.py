"""A Mac in memory, with a program in front: there is none on which keys could be tried."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from reader.hotkeys.chord import Chord
from reader.hotkeys.macos import MODIFIERS, MacHotkeys
from reader.macos import keyboard
from tests.contract.hotkey_stands import Stand
from tests.fakes.mac_keys import FakeKeys


class MacStand(Stand):
    """macOS's registered keys."""

    async def open(self) -> None:
        self.mac = FakeKeys()
        backend = MacHotkeys(self.mac, self.heard.append)
        await backend.start()
        self.backend = backend

    async def end(self) -> None:
        await asyncio.to_thread(self.mac.end)
        assert not self.mac.registered, "a key stays with Harken"

    def press(self, chord: Chord) -> None:
        self.mac.press(chord)

    def in_front(self) -> list[Chord]:
        return self.mac.in_front

    def have_another_program_take(self, chord: Chord) -> Callable[[], None]:
        code = keyboard.code(chord.key, {})
        assert code is not None
        self.mac.rivals.add((code, sum(MODIFIERS[modifier] for modifier in chord.modifiers)))
        return self.mac.rivals.clear
