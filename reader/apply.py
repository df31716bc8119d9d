"""Changes of settings while Harken runs: written down, and what they are about follows at once. Core thread only.

Files are written on a thread of asyncio's, one change after the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from reader import login, wishes
from reader.errors import HarkenError, SettingsError
from reader.flow import Notice, SettingChanged
from reader.settings.later import Later
from reader.settings.schema import Value

if TYPE_CHECKING:
    from reader.app import App


class Changes:
    """See the module."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._settings = app.settings
        self._one_at_a_time = asyncio.Lock()
        self._later = Later(app.settings, lambda sentence: app.publish(Notice(0, sentence)))

    async def change(self, key: str, value: Value) -> None:
        """Change a setting, and what it is about. Raises SettingsError."""
        async with self._one_at_a_time:
            await asyncio.to_thread(self._settings.set, key, value)
            await self._apply(key)
        self._app.publish(SettingChanged(0, key))
        self.tell_problems()

    async def reset(self, keys: Iterable[str]) -> None:
        """Give settings their first values again. Raises SettingsError."""
        async with self._one_at_a_time:
            changed = await asyncio.to_thread(self._settings.reset, keys)
            await self._apply_all(changed)
        self.tell_problems()

    async def reload(self) -> None:
        """The file was edited by hand: what is in it holds from now on. Mistakes in it are told."""
        async with self._one_at_a_time:
            await self._apply_all(await asyncio.to_thread(self._settings.reload))
        self.tell_problems()

    def note(self, key: str, value: Value) -> None:
        """A key has changed a setting, whose value is in force already."""
        self._later.set(key, value)

    def tell_problems(self) -> None:
        """Tell what in the file can't be used, once."""
        for problem in self._settings.untold_problems():
            self._app.publish(Notice(0, problem, is_aloud=True))

    async def close(self) -> None:
        """Write down what is left to write."""
        await self._later.flush()

    async def _apply_all(self, keys: Iterable[str]) -> None:
        for key in keys:
            try:
                await self._apply(key)
            except SettingsError as error:
                self._app.publish(Notice(0, error.sentence))
            self._app.publish(SettingChanged(0, key))

    async def _apply(self, key: str) -> None:
        app = self._app
        if key == "voice.speed":
            app.controller.set_speed(self._settings.number(key))
        elif key.startswith("sound."):
            await self._apply_sound(key)
        if key.startswith("polly."):
            app.credentials.configure(*wishes.account(self._settings))
            app.renew_remote()
        elif key == "voice.id":
            app.renew_voices()
        app.use_preferences()
        if key == login.KEY:
            await asyncio.to_thread(login.obey, self._settings)
        elif key == "keys.escape_stops" and app.keys:
            app.keys.follow(app.state)
        elif key.partition(".")[0] in ("keys", "reading"):
            await app.use_desktop()

    async def _apply_sound(self, key: str) -> None:
        app = self._app
        if key == "sound.volume":
            app.controller.set_volume(self._settings.number(key) / 100)
        elif key == "sound.awake_s":
            app.device.keep_awake(self._settings.number(key))
        elif key == "sound.device":
            try:
                await app.use_device()
            except HarkenError as error:
                app.publish(Notice(0, error.sentence))
