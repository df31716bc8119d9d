"""The settings file: read with all its mistakes, written whole or not at all.

A mistake costs its own key only: the default stands in, and the user is told once. Keys of other versions
and comments are kept.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import Table

from reader.errors import SettingsError
from reader.hotkeys.keys import Chord
from reader.settings.paths import shown
from reader.settings.schema import SETTINGS, Setting, Value
from reader.settings.setting import Kind
from reader.words import translate

log = logging.getLogger(__name__)

_UNREADABLE = (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError)


class Settings:
    """The values in force. Changed by one thread, read by any: a reader sees the old values or the new ones."""

    def __init__(self, path: Path) -> None:
        """Read `path` if it is there. `problems` says, a sentence each, what in it could not be used."""
        self._path = path
        self._values: dict[str, Value] = {}
        self.problems: list[str] = []
        self._told: set[str] = set()
        self.load()

    def load(self) -> None:
        """Read the file at start. One that can't be read at all is moved aside, and the defaults hold."""
        self._values, self.problems = {}, []
        try:
            found = self._read()
        except _UNREADABLE as error:
            self._set_aside()
            sentence = translate(
                "reader", "The settings can't be read ({reason}). They are kept as {aside}; the defaults hold."
            )
            self.problems.append(sentence.format(reason=_reason(error), aside=self._aside))
        else:
            self._take(found)

    def reload(self) -> list[str]:
        """Read the file while Harken runs, and return the keys whose values are others now.

        Somebody is at work on it: one that can't be read stays where it is, and changes nothing.
        """
        before = self._values
        try:
            found = self._read()
        except _UNREADABLE as error:
            sentence = translate(
                "reader", "The settings can't be read ({why}). Those in force hold until {file} is mended."
            )
            self.problems = [sentence.format(why=_reason(error), file=shown(self._path))]
            return []
        self._take(found)
        return [key for key, row in SETTINGS.items() if before.get(key, row.default) != self.get(key)]

    def untold_problems(self) -> list[str]:
        """Those of `problems` that this did not return before."""
        untold = [problem for problem in self.problems if problem not in self._told]
        self._told = set(self.problems)
        return untold

    def _read(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}

    def _take(self, found: dict[str, Any]) -> None:
        """Use what is in the file. In place of a value that can't be used, the one in force or the default holds."""
        before, values, self.problems = self._values, dict[str, Value](), []
        for key, value in _flat(found):
            row = SETTINGS.get(key)
            if row is None:
                continue  # another version's
            try:
                values[key] = row.check(value)
            except SettingsError as error:
                if key in before:
                    values[key] = before[key]
                in_force = values.get(key, row.default)
                sentence = translate("reader", "{key} in {file}: {problem} It is {value!r} now.")
                self.problems.append(sentence.format(key=key, file=shown(self._path), problem=error, value=in_force))
        if self.problems:
            with contextlib.suppress(OSError):
                shutil.copyfile(self._path, self._aside)
        self._part_chords(values)
        self._values = values

    def _part_chords(self, values: dict[str, Value]) -> None:
        """No chord has two meanings: a default gives way to what the user wrote, the later of two to the earlier."""
        taken: dict[Chord, str] = {}  # chords and their settings
        rows = [(key, row) for key, row in SETTINGS.items() if row.kind is Kind.CHORD]
        chords = {key: text for key, row in rows if (text := str(values.get(key, row.default)))}
        for key in sorted(chords, key=lambda key: key not in values):
            chord = Chord.parse(chords[key])
            if chord in taken:
                self.problems.append(_two_meanings(chords[key], taken[chord], key))
                values[key] = ""
            else:
                taken[chord] = key

    def _check(self, key: str, value: Value) -> Value:
        """The value as it is kept. Raises SettingsError."""
        row = setting(key)
        value = row.check(value)
        if row.kind is Kind.CHORD and value:
            for other, other_row in SETTINGS.items():
                if other != key and other_row.kind is Kind.CHORD and _is_same(self.text(other), str(value)):
                    taken = translate("settings", other_row.label)
                    sentence = translate("reader", "{chord} is taken: it means “{command}”. Change that first.")
                    raise SettingsError(sentence.format(chord=value, command=taken))
        return value

    @property
    def _aside(self) -> Path:
        """Where a file with mistakes is kept, so that nothing in it is lost."""
        return self._path.with_suffix(".broken.toml")

    def _set_aside(self) -> None:
        with contextlib.suppress(OSError):
            self._path.replace(self._aside)

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
        """Change a setting and write the file. Raises SettingsError, and then the setting is what it was."""
        value = self._check(key, value)
        try:
            self._write(key, value)
        except OSError as error:
            raise SettingsError(
                translate("reader", "{file} can't be written: {reason}.").format(
                    file=shown(self._path), reason=error.strerror
                )
            ) from error
        self._values[key] = value

    def _write(self, key: str, value: Value) -> None:
        try:
            document = tomlkit.parse(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            document = tomlkit.document()
        except ValueError as error:  # edited by hand meanwhile, with a mistake
            self._set_aside()
            sentence = translate(
                "reader",
                "The settings could not be read ({why}) and were written anew. The old ones are kept as {file}.",
            )
            self.problems = [sentence.format(why=_reason(error), file=shown(self._aside))]
            document = tomlkit.document()
            for kept, in_force in self._values.items():
                _put(document, kept, in_force)
        _put(document, key, value)
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
        raise SettingsError(
            translate("reader", "There is no setting “{key}”. “harken settings list” names them all.").format(key=key)
        )
    return SETTINGS[key]


def _is_same(one: str, other: str) -> bool:
    """Whether two chords are one, however they are written."""
    return bool(one and other) and Chord.parse(one) == Chord.parse(other)


def _two_meanings(chord: str, kept: str, lost: str) -> str:
    names = [translate("settings", SETTINGS[key].label) for key in (kept, lost)]
    sentence = translate("reader", "{chord} is set twice: it means “{kept}” now, and “{lost}” has no key.")
    return sentence.format(chord=chord, kept=names[0], lost=names[1])


def _put(document: TOMLDocument, key: str, value: Value) -> None:
    section, _, name = key.partition(".")
    table = document.get(section)
    if not isinstance(table, Table):
        table = tomlkit.table()
        document[section] = table
    table[name] = value


def _reason(error: Exception) -> str:
    return str(getattr(error, "msg", None) or error)


def _flat(tables: dict[str, Any]) -> list[tuple[str, Any]]:
    return [
        (f"{section}.{name}", value)
        for section, table in tables.items()
        if isinstance(table, dict)
        for name, value in table.items()
    ]
