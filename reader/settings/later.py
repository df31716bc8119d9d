"""Settings changed by repeated key presses: applied at once, written once the presses are over.

Core thread only; the file is written on another thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from reader import tasks
from reader.errors import SettingsError
from reader.settings.setting import Value
from reader.settings.store import Settings

log = logging.getLogger(__name__)

_AFTER_S = 1.0


class Later:
    """Values waiting to be written to the file."""

    def __init__(self, settings: Settings, tell: Callable[[str], None]) -> None:
        """`tell` gets a sentence if writing fails (they then last only for this run), and new problems of the file."""
        self._settings = settings
        self._tell = tell
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None
        self._told = ""

    def set(self, key: str, value: Value) -> None:
        """Change a setting, and write it soon. An invalid value changes nothing."""
        if self._settings.get(key) == value:
            return
        try:
            self._settings.hold(key, value)
        except SettingsError as error:
            log.warning("%s", error)
            return
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_AFTER_S, self._write_soon)

    async def flush(self) -> None:
        """Write them down now."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._writing:
            await self._writing
        await self._write()

    def _write_soon(self) -> None:
        self._writing = tasks.start(self._write(), "write settings")

    async def _write(self) -> None:
        try:
            await asyncio.to_thread(self._settings.save)
        except SettingsError as error:
            if error.sentence != self._told:  # or each key press would repeat it
                self._tell(error.sentence)
            self._told = error.sentence
        for problem in self._settings.untold_problems():
            self._tell(problem)
