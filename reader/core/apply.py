"""Changes settings while Harken runs: saves each change and applies it at once. Core thread only.

Each part says which settings it follows. Files are written on an asyncio worker thread, one change after the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable

from reader.errors import SettingsError
from reader.flow import Event, Notice, SettingChanged
from reader.settings.later import Later
from reader.settings.schema import SETTINGS, Value
from reader.settings.store import Settings

Follow = Callable[[], Awaitable[None] | None]


class Changes:
    def __init__(self, settings: Settings, publish: Callable[[Event], None]) -> None:
        self._settings = settings
        self._publish = publish
        self._followers: list[tuple[frozenset[str], Follow]] = []
        self._missed: list[Follow] = []
        self._applied: set[str] = set()  # settings that have changed so far
        self._one_at_a_time = asyncio.Lock()
        self._later = Later(settings, lambda sentence: publish(Notice(0, sentence)))

    def follow(self, keys: Collection[str], follow: Follow) -> None:
        """Have `follow` called, or awaited, when one of these settings changes, in the order of these calls.

        It may raise SettingsError if it can't do that. If the change came first, `catch_up` calls it.
        """
        assert set(keys) <= SETTINGS.keys()
        self._followers.append((frozenset(keys), follow))
        if not self._applied.isdisjoint(keys):
            self._missed.append(follow)

    def has_changed(self, key: str) -> bool:
        """Whether a setting has been changed while Harken runs."""
        return key in self._applied

    async def catch_up(self) -> None:
        """Call the followers of settings that had changed before they followed; report what can't be done."""
        async with self._one_at_a_time:
            missed, self._missed = self._missed, []
            for follow in missed:
                try:
                    if work := follow():
                        await work
                except SettingsError as error:
                    self._publish(Notice(0, error.sentence))

    async def change(self, key: str, value: Value) -> None:
        """Change a setting and apply it. Raises SettingsError."""
        async with self._one_at_a_time:
            await asyncio.to_thread(self._settings.set, key, value)
            await self._apply(key)
        self._publish(SettingChanged(0, key))
        self.tell_problems()

    async def reset(self, keys: Iterable[str]) -> None:
        """Reset settings to their defaults. Raises SettingsError."""
        async with self._one_at_a_time:
            changed = await asyncio.to_thread(self._settings.reset, keys)
            await self._apply_all(changed)
        self.tell_problems()

    async def reload(self) -> None:
        """Apply the values of a file that was edited by hand. Mistakes in it are reported."""
        async with self._one_at_a_time:
            await self._apply_all(await asyncio.to_thread(self._settings.reload))
        self.tell_problems()

    def note(self, key: str, value: Value) -> None:
        """Save a setting that a key has changed and whose new value already applies."""
        self._later.set(key, value)

    def tell_problems(self) -> None:
        """Report what in the file can't be used, once."""
        for problem in self._settings.untold_problems():
            self._publish(Notice(0, problem, is_aloud=True))

    async def close(self) -> None:
        """Write what has not been written yet."""
        await self._later.flush()

    async def _apply_all(self, keys: Iterable[str]) -> None:
        for key in keys:
            try:
                await self._apply(key)
            except SettingsError as error:
                self._publish(Notice(0, error.sentence))
            self._publish(SettingChanged(0, key))

    async def _apply(self, key: str) -> None:
        self._applied.add(key)
        for keys, follow in self._followers:
            if key in keys and (work := follow()):
                await work
