"""The core as windows see it, without one: settings in a file, changes that hold at once or are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal

from reader.core import from_settings
from reader.errors import HarkenError, SettingsError
from reader.flow import BoundKeys, Command, KeysChanged, SettingChanged, Voice
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
        self.keys = self._bound()
        self.refusals: dict[str, str] = {}
        self.voices: list[Voice] = []
        self.commands: list[Command] = []
        self.heard: list[str] = []
        self.are_keys_taken = True

    def change(self, key: str, value: Value, then: Callable[[HarkenError | None], None] | None = None) -> None:
        error = SettingsError(self.refusals[key]) if key in self.refusals else None
        if not error:
            try:
                self.settings.set(key, value)
            except SettingsError as refusal:
                error = refusal
        if not error:
            if key.startswith("keys."):
                self.show_keys(self._bound())
            self.happened.emit(SettingChanged(0, key))
        if then:
            then(error)

    def show_keys(self, keys: BoundKeys) -> None:
        """The core has these keys of the desktop."""
        self.keys = keys
        self.happened.emit(KeysChanged(0, keys))

    def _bound(self) -> BoundKeys:
        """A desktop that gives what is asked for."""
        wanted = from_settings.bindings(self.settings)
        return BoundKeys({command: str(chord) for command, chord in wanted.items()}, has_escape=True)

    def handle(self, command: Command) -> None:
        self.commands.append(command)

    def hear(self, voice_id: str, then: Callable[[int | HarkenError], None], text: str = "") -> None:
        self.heard.append(text)
        then(7)

    def find_voices(self, then: Callable[[list[Voice] | HarkenError], None], *, waits: bool = False) -> None:
        then(self.voices)

    def change_chord(self, key: str, chord: str, then: Callable[[HarkenError | None], None]) -> None:
        self.change(key, chord, then)

    def let_go_of_keys(self, limit_s: float) -> None:
        self.are_keys_taken = False

    def take_keys_again(self) -> None:
        self.are_keys_taken = True
