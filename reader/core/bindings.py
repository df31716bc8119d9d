"""The keys Harken takes from the desktop: those in the settings, and Esc while something is read.

A key that another program holds is tried again until it is free. Where the desktop asks the user, nothing waits for
that. The user is told which keys can't be had, which work again and which the desktop has changed; `KeysChanged` tells
all subscribers which keys there are. While a window waits for the user to press a new chord, Harken releases all of
them, for a limited time. Core thread only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from reader import tasks
from reader.core import from_settings
from reader.errors import HotkeyError
from reader.flow import BoundKeys, Command, Event, KeysChanged, Notice, State
from reader.hotkeys.choose import HotkeyEntry
from reader.hotkeys.chord import US_KEYCODES as US_KEYCODES
from reader.hotkeys.chord import Chord
from reader.hotkeys.hotkeys import Hotkeys
from reader.settings.schema import SETTINGS, key_setting
from reader.settings.store import Settings
from reader.support.i18n import translate

# X does not report when a key becomes free: its owner may release it, or end.
RETRY_S = 3.0
# A desktop that has not answered by then is asking the user. X answers within two seconds, or not at all.
ANSWER_S = 2.5
_CAUSE, _SWITCH_CAUSE = "keys", "ways to take keys"

_COMMANDS = {key_setting(command): command for command in Command if key_setting(command) in SETTINGS}


class Bindings:
    """`keys` are the current ones, `hotkeys` takes them."""

    def __init__(
        self,
        settings: Settings,
        on_command: Callable[[Command], None],
        tell: Callable[[Event], None],
        *,
        may_ask: bool = True,
        entries: Iterable[HotkeyEntry] | None = None,
        retry_s: float = RETRY_S,
        answer_s: float = ANSWER_S,
    ) -> None:
        """`on_command` is called on any thread, `tell` with each event to publish. Takes no keys yet.

        `may_ask`: a desktop that asks the user for keys may do so. `entries` are what to take keys with (see Hotkeys);
        only tests shorten `retry_s` and `answer_s`.
        """
        self.keys = BoundKeys()
        self.hotkeys = Hotkeys(self._pass_on, self._on_change, entries, self._on_switch)
        self._settings = settings
        self._on_command = on_command
        self._tell = tell
        self._may_ask = may_ask
        self._retry_s = retry_s
        self._answer_s = answer_s
        self._loop = asyncio.get_running_loop()
        self._turn = asyncio.Lock()  # requests reach the back end in order
        self._wanted: Mapping[Command, Chord] = {}  # the request that `keys` answer
        self._asking: asyncio.Task[None] | None = None  # until the desktop has answered
        self._retrying: asyncio.TimerHandle | None = None  # while a key is missing
        self._state = State.IDLE
        self._is_escape_left = False
        self._waiting: asyncio.TimerHandle | None = None  # while a window waits for a chord
        self._taking: asyncio.Task[None] | None = None
        self._is_closed = False

    async def open(self) -> None:
        """Find out what can take keys here."""
        await self.hotkeys.open()

    def _pass_on(self, command: Command) -> None:
        """Any thread. Where the desktop was not told to release the keys, a press while a window waits is ignored."""
        if not self._waiting:
            self._on_command(command)

    async def take(self) -> None:
        """Take the keys in the settings, and no others. Does not wait for a user whom the desktop asks."""
        async with self._turn:
            if self._waiting or self._is_closed or not self._is_allowed:
                return
            await self._stop_asking()
            wanted = from_settings.bindings(self._settings)
            self._asking = tasks.start(self._bind(wanted), "take the keys")
            await asyncio.wait({self._asking}, timeout=self._answer_s)
            if self._asking.done():
                await self._asking  # raises the error if it failed
            elif self.hotkeys.backend.asks_user:
                self._say_asking(wanted)

    @property
    def _is_allowed(self) -> bool:
        return self._may_ask or not self.hotkeys.backend.asks_user

    def _say_asking(self, wanted: Mapping[Command, Chord]) -> None:
        self._adopt(BoundKeys(is_asking=True), wanted)
        sentence = translate(
            "reader", "Your desktop is asking whether Harken may use keys. Allow it there to make them work."
        )
        self._tell(Notice(0, sentence, is_problem=False, is_aloud=True, cause=_CAUSE))

    async def _bind(self, wanted: Mapping[Command, Chord]) -> None:
        self._adopt(await self.hotkeys.bind(wanted), wanted)

    async def _stop_asking(self) -> None:
        """The wanted keys changed or Harken is quitting: drop the pending request."""
        if self._asking:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
            self._asking = None

    def _adopt(self, keys: BoundKeys, wanted: Mapping[Command, Chord]) -> None:
        """Adopt `keys` as the result for `wanted` and report what changed."""
        before, self.keys = self.keys, keys
        same = {command for command, chord in wanted.items() if self._wanted.get(command) == chord}
        self._wanted = wanted
        if keys != before:
            self._tell(KeysChanged(0, keys))
        if not keys.is_asking:
            self._tell_of(before, same)
            self._retry_later()

    def _tell_of(self, before: BoundKeys, same: set[Command]) -> None:
        """Report what differs from `before`. `same` are the commands whose wishes have not changed since."""
        known = {command for command in before.refused if command in same}
        new = dict.fromkeys(why for command, why in self.keys.refused.items() if command not in known)
        if new:
            sentence = " ".join(new)
            if self.hotkeys.backend.sees_conflicts:  # the other back ends say what to do themselves
                next_step = translate("reader", "Choose another key on the Keys page of the settings.")
                sentence = f"{sentence} {next_step}"
            self._tell(Notice(0, sentence, is_aloud=True, cause=_CAUSE))
            return
        names = self.keys.names
        told = [_works(names[command]) for command in known if command in names]
        told += [
            _is_called(command, name)
            for command, name in names.items()
            if command in same and before.names.get(command, name) != name
        ]
        if told:
            self._tell(Notice(0, " ".join(told), is_problem=False, is_aloud=True, cause=_CAUSE))

    def _retry_later(self) -> None:
        if self._retrying:
            self._retrying.cancel()
            self._retrying = None
        if self.keys.refused and self.hotkeys.backend.sees_conflicts:
            self._retrying = self._loop.call_later(self._retry_s, self._retry)

    def _retry(self) -> None:
        self._taking = tasks.start(self.take(), "try the keys again")

    def _on_change(self, keys: BoundKeys) -> None:
        """Any thread. The desktop, or a change of the keyboard, has taken away, brought or changed a key."""
        self._loop.call_soon_threadsafe(self._follow_change, keys)

    def _follow_change(self, keys: BoundKeys) -> None:
        if self._is_closed:
            return
        if self.hotkeys.backend.asks_user:
            is_asking = self._asking is not None and not self._asking.done()
            self._adopt(replace(keys, is_asking=is_asking), self._wanted)
        elif self._turn.locked():
            self._retry()  # it is unknown which came first, this or the pending answer
        elif not self._waiting:
            self._adopt(keys, self._wanted)

    def _on_switch(self) -> None:
        if not self._is_closed:
            self._taking = tasks.start(self._switch(), "take the keys another way")

    async def _switch(self) -> None:
        """What took the keys is gone, or something better has come: say so once, and take them that way."""
        async with self._turn:
            if self._is_closed:
                return
            await self._stop_asking()
            told = await self.hotkeys.switch()
            self._adopt(BoundKeys(), {})
            if told:
                sentence, is_problem = told
                self._tell(Notice(0, translate("reader", sentence), is_problem, is_aloud=True, cause=_SWITCH_CAUSE))
        await self.take()

    def follow(self, state: State) -> None:
        """Esc stops the reading while something is heard. Taking it must not delay the first word."""
        self._state = state
        if state is not State.PREPARING:
            is_wanted = state is State.SPEAKING and self._settings.switch("keys.escape_stops")
            is_wanted = is_wanted and not self._waiting and not self._is_escape_left
            self.hotkeys.bind_escape(Command.STOP if is_wanted else None)

    def spare_focus(self, is_wanted: bool) -> None:
        """Leave the focus with the program in front while a key is down: a screen reader would announce the change."""
        self.hotkeys.spare_focus(is_wanted)

    def leave_escape(self, is_left: bool) -> None:
        """Leave Esc to the program in front, or take it again when something is heard."""
        self._is_escape_left = is_left
        self.follow(self._state)

    async def let_go(self, limit_s: float) -> None:
        """Release all keys until `take_again`, for at most `limit_s`.

        Where taking them again would ask the user, Harken keeps them and ignores them.
        """
        if self._waiting:
            self._waiting.cancel()
        self._waiting = self._loop.call_later(limit_s, self._take_soon)
        self.hotkeys.bind_escape(None)
        async with self._turn:
            if not self.hotkeys.backend.asks_user:
                await self._stop_asking()
                await self.hotkeys.bind({})

    async def take_again(self) -> None:
        """The window has stopped waiting."""
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
            if not self.hotkeys.backend.asks_user:
                await self.take()
            self.follow(self._state)

    def _take_soon(self) -> None:
        self._taking = tasks.start(self.take_again(), "take the keys again")

    async def try_chord(self, key: str, chord: str) -> None:
        """Find out whether the setting `key` can have a chord; the others stay. Raises HotkeyError with the reason.

        Where the desktop does not say, or asks the user, it turns out when the key is taken.
        """
        command, wanted, now = _COMMANDS[key], Chord.parse(chord), from_settings.bindings(self._settings)
        if wanted in now.values() or self.hotkeys.backend.asks_user:
            return  # the settings say what else has the chord
        async with self._turn:
            await self._stop_asking()
            keys = await self.hotkeys.bind({**now, command: wanted})
            if command in keys.refused:
                await self.hotkeys.bind(now)
                raise HotkeyError(keys.refused[command])

    async def close(self) -> None:
        """Release all keys for good."""
        self._is_closed = True
        for timer in (self._waiting, self._retrying):
            if timer:
                timer.cancel()
        if self._taking:
            await asyncio.gather(self._taking, return_exceptions=True)
        async with self._turn:
            await self._stop_asking()
            await self.hotkeys.close()


def _works(name: str) -> str:
    return translate("reader", "{keys} works now.").format(keys=name)


def _is_called(command: Command, name: str) -> str:
    sentence = translate("reader", "The key for “{command}” is now {key}.")
    return sentence.format(command=translate("settings", SETTINGS[key_setting(command)].label), key=name)
