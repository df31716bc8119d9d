"""The settings file: read with all its mistakes, written whole or not at all.

A mistake costs its own key only: the default stands in, and the user is told once. Keys of other versions
and comments are kept.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Table

from reader.errors import SettingsError
from reader.settings.schema import SETTINGS, Setting, Value

log = logging.getLogger(__name__)


class Settings:
    """The values in force. Not for several threads at once."""

    def __init__(self, path: Path) -> None:
        """Read `path` if it is there. `problems` says, a sentence each, what in it could not be used."""
        self._path = path
        self._values: dict[str, Value] = {}
        self.problems: list[str] = []
        self.load()

    def load(self) -> None:
        """Read the file again."""
        self._values = {}
        self.problems = []
        try:
            found = tomllib.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self._set_aside(error)
            return
        for key, value in _flat(found):
            self._use(key, value)

    def _use(self, key: str, value: Any) -> None:
        setting = SETTINGS.get(key)
        if setting is None:
            return  # another version's
        try:
            self._values[key] = setting.check(value)
        except SettingsError as error:
            self.problems.append(f"{key} in {self._path}: {error} It is {setting.default!r} now.")

    def _set_aside(self, error: Exception) -> None:
        """A file that can't be read at all is kept under another name, so that nothing in it is lost."""
        aside = self._path.with_suffix(".broken.toml")
        with contextlib.suppress(OSError):
            self._path.replace(aside)
        reason = getattr(error, "msg", None) or error
        self.problems.append(f"The settings can't be read ({reason}). They are kept as {aside}; the defaults hold.")

    def get(self, key: str) -> Value:
        """The value of a setting. Raises SettingsError for a name there isn't."""
        return self._values.get(key, setting(key).default)

    def text(self, key: str) -> str:
        """The value of a setting that is a text."""
        return str(self.get(key))

    def number(self, key: str) -> float:
        """The value of a setting that is a number."""
        return float(self.get(key))

    def switch(self, key: str) -> bool:
        """The value of a setting that is on or off."""
        return bool(self.get(key))

    def set(self, key: str, value: Value) -> None:
        """Change a setting and write the file. Raises SettingsError."""
        self._values[key] = setting(key).check(value)
        try:
            self._write(key, self._values[key])
        except OSError as error:
            raise SettingsError(f"{self._path} can't be written: {error.strerror}.") from error

    def _write(self, key: str, value: Value) -> None:
        try:
            document = tomlkit.parse(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            document = tomlkit.document()
        except ValueError as error:  # edited by hand meanwhile, with a mistake
            self._set_aside(error)
            document = tomlkit.document()
        section, _, name = key.partition(".")
        table = document.get(section)
        if not isinstance(table, Table):
            table = tomlkit.table()
            document[section] = table
        table[name] = value
        path = self._path.resolve()  # it may be a link to somebody's collection of such files
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written beside and then put in place: a reader sees the old file or the new one.
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".settings-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(tomlkit.dumps(document))
            Path(beside).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(beside).unlink()
            raise


def setting(key: str) -> Setting:
    """The row of a setting. Raises SettingsError."""
    if key not in SETTINGS:
        raise SettingsError(f"There is no setting “{key}”. “harken settings list” names them all.")
    return SETTINGS[key]


def _flat(tables: dict[str, Any]) -> list[tuple[str, Any]]:
    return [
        (f"{section}.{name}", value)
        for section, table in tables.items()
        if isinstance(table, dict)
        for name, value in table.items()
    ]
