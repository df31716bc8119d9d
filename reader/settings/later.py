"""Settings found by pressing a key again and again: written down once, when the presses are over. Core thread only."""

from __future__ import annotations

import asyncio
import logging

from reader.errors import SettingsError
from reader.settings.setting import Value
from reader.settings.store import Settings

log = logging.getLogger(__name__)

_AFTER_S = 1.0


class Later:
    """Values on their way into the file."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._values: dict[str, Value] = {}
        self._timer: asyncio.TimerHandle | None = None

    def set(self, key: str, value: Value) -> None:
        """Change a setting soon; the last value counts."""
        self._values[key] = value
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_AFTER_S, self.flush)

    def flush(self) -> None:
        """Change them now."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        values, self._values = self._values, {}
        for key, value in values.items():
            if self._settings.get(key) == value:
                continue
            try:
                self._settings.set(key, value)
            except SettingsError as error:
                log.warning("%s", error)
