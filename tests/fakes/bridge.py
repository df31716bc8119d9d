"""The core as windows see it, without one: settings in a file, changes that hold at once or are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal

from reader.errors import HarkenError, SettingsError
from reader.flow import SettingChanged
from reader.settings.schema import Value
from reader.settings.store import Settings
from ui.bridge import Bridge


class FakeBridge(Bridge):
    """See Bridge. `refusals` maps a key to the sentence with which the core refuses to change it."""

    happened = Signal(object)

    def __init__(self, path: Path) -> None:
        super().__init__()
        super().stop()
        self.settings = Settings(path)
        self.refusals: dict[str, str] = {}
        self.questions: list[Any] = []

    def change(self, key: str, value: Value, then: Callable[[HarkenError | None], None] | None = None) -> None:
        error = SettingsError(self.refusals[key]) if key in self.refusals else None
        if not error:
            self.settings.set(key, value)
            self.happened.emit(SettingChanged(0, key))
        if then:
            then(error)

    def ask(self, work: Callable[..., Any], then: Callable[[Any], None]) -> None:
        self.questions.append((work, then))
