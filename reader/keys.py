"""The keys Harken takes from the desktop: those of the settings, and Esc while something is read.

While a window waits for the user to press a new chord, Harken lets go of all of them, within a limit. Core thread only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import reader.hotkeys.choose
from reader import tasks, wishes
from reader.errors import HotkeyError
from reader.flow import Command, State
from reader.hotkeys.keys import Chord
from reader.settings.schema import SETTINGS, key_setting
from reader.settings.store import Settings

_COMMANDS = {key_setting(command): command for command in Command if key_setting(command) in SETTINGS}


class Keys:
    """See the module. `refused` has the chords that could not be had, and why."""

    def __init__(self, settings: Settings, on_command: Callable[[Command], None]) -> None:
        """`on_command` is called on any thread. Takes no key yet."""
        self.choice = reader.hotkeys.choose.choose(on_command)
        self.refused: dict[str, str] = {}
        self._settings = settings
        self._on_command = on_command
        self._state = State.IDLE
        self._is_escape_left = False
        self._waiting: asyncio.TimerHandle | None = None  # while a window waits for a chord
        self._taking: asyncio.Task[None] | None = None

    async def take(self) -> list[str]:
        """Take what the settings say, and nothing else. Returns why some can't be had."""
        if self._waiting:
            return []
        bindings = wishes.bindings(self._settings)
        refused = await asyncio.to_thread(self.choice.backend.bind, bindings)
        if refused and len(refused) == len(bindings):
            refused = await asyncio.to_thread(
                reader.hotkeys.choose.listen_instead, self.choice, self._on_command, bindings, refused
            )
        self.refused = {str(chord): why for chord, why in refused.items()}
        return list(dict.fromkeys(self.refused.values()))

    def follow(self, state: State) -> None:
        """Esc stops, while something is heard. Taking it must not keep the first word waiting."""
        self._state = state
        if state is not State.PREPARING:
            is_wanted = state is State.SPEAKING and self._settings.switch("keys.escape_stops")
            is_wanted = is_wanted and not self._waiting and not self._is_escape_left
            self.choice.backend.bind_escape(Command.STOP if is_wanted else None)

    def leave_escape(self, is_left: bool) -> None:
        """Leave Esc to the program in front, or take it again when something is heard."""
        self._is_escape_left = is_left
        self.follow(self._state)

    async def let_go(self, limit_s: float) -> None:
        """Let go of all keys until `take_again`, and at most for `limit_s`."""
        if self._waiting:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().call_later(limit_s, self._take_soon)
        self.choice.backend.bind_escape(None)
        await asyncio.to_thread(self.choice.backend.bind, {})

    async def take_again(self) -> None:
        """The window waits no more."""
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
            await self.take()
            self.follow(self._state)

    def _take_soon(self) -> None:
        self._taking = tasks.start(self.take_again(), "take the keys again")

    async def try_chord(self, key: str, chord: str) -> None:
        """See whether the setting `key` can have a chord; those in force stay. Raises HotkeyError with the reason."""
        wanted, now = Chord.parse(chord), wishes.bindings(self._settings)
        if wanted in now:
            return  # the settings say of what
        refused = await asyncio.to_thread(self.choice.backend.bind, {**now, wanted: _COMMANDS[key]})
        if wanted in refused:
            await asyncio.to_thread(self.choice.backend.bind, now)
            raise HotkeyError(refused[wanted])

    async def close(self) -> None:
        """Let go of all keys for good."""
        if self._waiting:
            self._waiting.cancel()
        if self._taking:
            await asyncio.gather(self._taking, return_exceptions=True)
        await asyncio.to_thread(self.choice.backend.close)
