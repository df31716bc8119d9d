"""The keys Harken takes from the desktop: those of the settings, and Esc while something is read.

One that another program has is tried again until it is free, and the user is told of both.
While a window waits for the user to press a new chord, Harken lets go of all of them, within a limit. Core thread only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from reader import tasks
from reader.core import from_settings
from reader.errors import HotkeyError
from reader.flow import Command, Notice, State
from reader.hotkeys.choose import Choice, choose, listen_instead
from reader.hotkeys.chord import Chord
from reader.hotkeys.none import NoHotkeys
from reader.settings.schema import SETTINGS, key_setting
from reader.settings.store import Settings
from reader.support.i18n import translate

# X does not tell when a key becomes free: its owner may let go of it, or end.
RETRY_S = 3.0
_CAUSE = "keys"

_COMMANDS = {key_setting(command): command for command in Command if key_setting(command) in SETTINGS}


class Bindings:
    """See the module. `refused` has the chords that could not be had, and why."""

    def __init__(
        self,
        settings: Settings,
        on_command: Callable[[Command], None],
        tell: Callable[[Notice], None],
        *,
        choice: Choice | None = None,
        retry_s: float = RETRY_S,
    ) -> None:
        """`on_command` is called on any thread, `tell` tells the user. Takes no key yet.

        `choice` is what takes keys here; without it, it is looked for, which waits for the X server.
        `retry_s` is shortened by tests only.
        """
        self.choice = choice or choose(on_command)
        self.refused: dict[str, str] = {}
        self._settings = settings
        self._on_command = on_command
        self._tell = tell
        self._retry_s = retry_s
        self._loop = asyncio.get_running_loop()
        self._binding = asyncio.Lock()  # what is asked of the back end comes to it in order
        self._retrying: asyncio.TimerHandle | None = None  # while a key is missing
        self._state = State.IDLE
        self._is_escape_left = False
        self._waiting: asyncio.TimerHandle | None = None  # while a window waits for a chord
        self._taking: asyncio.Task[None] | None = None

    async def take(self) -> None:
        """Take what the settings say, and nothing else. Tells why some can't be had, and which can be had again."""
        async with self._binding:
            if self._waiting:
                return
            bindings = from_settings.bindings(self._settings)
            refused = await asyncio.to_thread(self.choice.backend.bind, bindings)
            if refused and len(refused) == len(bindings):
                refused = await asyncio.to_thread(listen_instead, self.choice, self._on_command, bindings, refused)
            self.choice.backend.on_change = self._on_change
            before, self.refused = self.refused, {str(chord): why for chord, why in refused.items()}
        self._tell_of(before, {str(chord) for chord in bindings})
        self._retry_later()

    def _tell_of(self, before: dict[str, str], wanted: set[str]) -> None:
        """Tell what is another than `before`."""
        if missing := dict.fromkeys(why for chord, why in self.refused.items() if chord not in before):
            sentence = " ".join(missing)
            if not isinstance(self.choice.backend, NoHotkeys):  # which says itself what to do
                next_step = translate("reader", "Choose another key in the settings, page Keys.")
                sentence = f"{sentence} {next_step}"
            self._tell(Notice(0, sentence, is_aloud=True, cause=_CAUSE))
        free = [chord for chord in before if chord in wanted and chord not in self.refused]
        if free and not missing:
            works = translate("reader", "{keys} works now.")
            sentence = " ".join(works.format(keys=chord) for chord in free)
            self._tell(Notice(0, sentence, is_problem=False, is_aloud=True, cause=_CAUSE))

    def _retry_later(self) -> None:
        if self._retrying:
            self._retrying.cancel()
            self._retrying = None
        if self.refused and not isinstance(self.choice.backend, NoHotkeys):
            self._retrying = self._loop.call_later(self._retry_s, self._retry)

    def _retry(self) -> None:
        self._taking = tasks.start(self.take(), "try the keys again")

    def _on_change(self) -> None:
        """The back end's own thread: a change of the keyboard has cost a key, or brought one."""
        self._loop.call_soon_threadsafe(self._retry)

    def follow(self, state: State) -> None:
        """Esc stops, while something is heard. Taking it must not keep the first word waiting."""
        self._state = state
        if state is not State.PREPARING:
            is_wanted = state is State.SPEAKING and self._settings.switch("keys.escape_stops")
            is_wanted = is_wanted and not self._waiting and not self._is_escape_left
            self.choice.backend.bind_escape(Command.STOP if is_wanted else None)

    def spare_focus(self, is_wanted: bool) -> None:
        """Leave the focus to the program in front while a key is down: a screen reader would tell of it."""
        self.choice.backend.spare_focus(is_wanted)

    def leave_escape(self, is_left: bool) -> None:
        """Leave Esc to the program in front, or take it again when something is heard."""
        self._is_escape_left = is_left
        self.follow(self._state)

    async def let_go(self, limit_s: float) -> None:
        """Let go of all keys until `take_again`, and at most for `limit_s`."""
        if self._waiting:
            self._waiting.cancel()
        self._waiting = self._loop.call_later(limit_s, self._take_soon)
        self.choice.backend.bind_escape(None)
        async with self._binding:
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
        wanted, now = Chord.parse(chord), from_settings.bindings(self._settings)
        if wanted in now:
            return  # the settings say of what
        async with self._binding:
            refused = await asyncio.to_thread(self.choice.backend.bind, {**now, wanted: _COMMANDS[key]})
            if wanted in refused:
                await asyncio.to_thread(self.choice.backend.bind, now)
                raise HotkeyError(refused[wanted])

    async def close(self) -> None:
        """Let go of all keys for good."""
        for timer in (self._waiting, self._retrying):
            if timer:
                timer.cancel()
        if self._taking:
            await asyncio.gather(self._taking, return_exceptions=True)
        await asyncio.to_thread(self.choice.backend.close)
