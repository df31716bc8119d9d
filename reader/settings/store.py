"""The current settings: reading tolerates mistakes in the file, and changes are made completely or not at all.

A mistake affects only its own key: the default or the previous value is used, and the user is told once. Reading never
changes the file; `file.py` says what happens to it when a setting is changed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reader.errors import SettingsError
from reader.hotkeys.chord import Chord
from reader.settings import file
from reader.settings.paths import shown
from reader.settings.schema import SETTINGS, Setting, Value
from reader.settings.setting import SettingKind, quoted
from reader.support import foreign
from reader.support.files import DamagedFileError, reason
from reader.support.i18n import translate

log = logging.getLogger(__name__)

_SECTIONS = {key.partition(".")[0] for key in SETTINGS}


class Settings:
    """The current values. Any thread: readers see either the old or the new values, and changes wait for each other."""

    def __init__(self, path: Path) -> None:
        """Read `path` if it exists. `problems` lists what could not be used, one sentence each."""
        self._path = path
        self._values: dict[str, Value] = {}
        self._unsaved: dict[str, Value] = {}  # current, but not in the file yet
        self._changing = threading.RLock()  # also while the file is written, which may take seconds
        self._using = threading.Lock()  # guards the values and `_unsaved`; never held for long
        self.problems: list[str] = []
        self._told: set[str] = set()
        self.load()

    def load(self) -> None:
        """Read the file at start. If it can't be read, the defaults apply and the file is left alone."""
        self._values, self.problems = {}, []
        try:
            self._take(file.read(self._path))
        except (OSError, DamagedFileError) as error:
            sentence = translate(
                "reader", "{file} can't be read ({why}). Harken uses the defaults until you correct the file."
            )
            self.problems.append(sentence.format(file=shown(self._path), why=reason(error)))

    def reload(self) -> list[str]:
        """Read the file while Harken runs, and return the keys whose values have changed.

        It may be half edited: if it can't be read, nothing changes.
        """
        with self._changing:
            before = self._values
            try:
                self._take(file.read(self._path))
            except (OSError, DamagedFileError) as error:
                sentence = translate(
                    "reader",
                    ("{file} can't be read ({why}). Harken keeps the current settings until you correct the file."),
                )
                self.problems = [sentence.format(file=shown(self._path), why=reason(error))]
                return []
            return self._changed_since(before)

    def untold_problems(self) -> list[str]:
        """Those of `problems` that this has not returned before."""
        untold = [problem for problem in self.problems if problem not in self._told]
        self._told = set(self.problems)
        return untold

    def _changed_since(self, before: Mapping[str, Value]) -> list[str]:
        return [key for key, row in SETTINGS.items() if before.get(key, row.default) != self.get(key)]

    def _take(self, found: dict[str, Any]) -> None:
        """Use the file's values. One that can't be used is replaced by the current value or the default."""
        before, values, self.problems = self._values, dict[str, Value](), []
        for section in sorted(_SECTIONS & found.keys()):
            if not isinstance(found[section], dict):
                sentence = translate("reader", "“{name}” in {file} is not a table, so it is ignored.")
                self.problems.append(sentence.format(name=section, file=shown(self._path)))
                values |= {key: value for key, value in before.items() if key.startswith(f"{section}.")}
        for key, value in _flat(found):
            row = SETTINGS.get(key)
            if row is None:
                continue  # from another version
            try:
                values[key] = row.check(value)
            except SettingsError as error:
                if key in before:
                    values[key] = before[key]
                current = quoted(values.get(key, row.default))
                sentence = translate("reader", "{key} in {file}: {problem} Harken uses {value}.")
                self.problems.append(
                    sentence.format(key=key, file=shown(self._path), problem=error.sentence, value=current)
                )
        with self._using:
            values |= self._unsaved
            self._part_chords(values)
            self._values = values

    def _part_chords(self, values: dict[str, Value]) -> None:
        """Give no chord two meanings: a default gives way to what the user wrote, the later of two to the earlier."""
        taken: dict[Chord, str] = {}  # each chord's setting
        rows = [(key, row) for key, row in SETTINGS.items() if row.kind is SettingKind.CHORD]
        chords = {key: text for key, row in rows if (text := str(values.get(key, row.default)))}
        for key in sorted(chords, key=lambda key: key not in values):
            chord = Chord.parse(chords[key])
            if chord in taken:
                self.problems.append(_two_meanings(chords[key], taken[chord], key))
                values[key] = ""
            else:
                taken[chord] = key

    # ---- values ----

    def get(self, key: str) -> Value:
        """The value of a setting. Raises SettingsError for an unknown name."""
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

    # ---- changes ----

    def set(self, key: str, value: Value) -> None:
        """Change a setting and write the file. Raises SettingsError, and then the setting is unchanged."""
        self._change({key: self._check(key, value)})

    def reset(self, keys: Iterable[str]) -> list[str]:
        """Reset settings to their defaults, and return the keys that changed. Raises SettingsError as `set` does."""
        changes = dict.fromkeys(keys, None)
        for key in changes:
            if (row := setting(key)).kind is SettingKind.CHORD:
                self._check_chord(key, str(row.default), beside=changes)
        before = self._values
        self._change(changes)
        return self._changed_since(before)

    def hold(self, key: str, value: Value) -> None:
        """Change a setting on a repeated key press: at once, without waiting for the file; `save` writes it."""
        value = self._check(key, value)
        with self._using:
            self._unsaved = {**self._unsaved, key: value}
            self._values = {**self._values, key: value}

    def save(self) -> None:
        """Write what has only been applied so far. Raises SettingsError, and then it still applies."""
        with self._changing:
            if self._unsaved:
                self._change(self._unsaved)

    def _change(self, changes: file.Changes) -> None:
        with self._changing:
            before = self._unsaved
            try:
                kept = file.change(self._path, changes, self._values)
            except OSError as error:
                sentence = translate("reader", "{file} can't be written: {reason}.")
                raise SettingsError(sentence.format(file=shown(self._path), reason=reason(error))) from error
            if kept:
                sentence = translate(
                    "reader", "The settings file was rewritten ({why}). The old one is kept as {file}."
                )
                self.problems = [sentence.format(why=kept[0], file=shown(kept[1]))]
            with self._using:
                held = {key: value for key, value in self._unsaved.items() if before.get(key) != value}  # meanwhile
                self._unsaved = {key: value for key, value in before.items() if key not in changes} | held
                values = {**self._values, **changes, **held}
                self._values = {key: value for key, value in values.items() if value is not None}

    def _check(self, key: str, value: Value) -> Value:
        """The value as it is stored. Raises SettingsError."""
        row = setting(key)
        value = row.check(value)
        if row.kind is SettingKind.CHORD:
            self._check_chord(key, str(value))
        return value

    def _check_chord(self, key: str, chord: str, beside: Iterable[str] = ()) -> None:
        """Raises SettingsError if `chord` is already in use. The settings in `beside` are being reset."""
        for other, row in SETTINGS.items():
            if other == key or row.kind is not SettingKind.CHORD:
                continue
            taken = str(row.default) if other in beside else self.text(other)
            if _is_same(taken, chord):
                sentence = translate("reader", "{chord} is already used for “{command}”. Change that first.")
                raise SettingsError(sentence.format(chord=chord, command=translate("settings", row.label)))


def setting(key: str) -> Setting:
    """The row of a setting. Raises SettingsError, which suggests similar names."""
    if key in SETTINGS:
        return SETTINGS[key]
    if meant := foreign.nearest(key, list(SETTINGS)):
        sentence = translate("reader", "There is no setting “{key}”. Did you mean {keys}?")
        told = ", ".join(f"“{one}”" for one in meant)
        raise SettingsError(sentence.format(key=foreign.shown(key), keys=told))
    sentence = translate("reader", "There is no setting “{key}”. “harken settings list” lists them all.")
    raise SettingsError(sentence.format(key=foreign.shown(key)))


def _is_same(one: str, other: str) -> bool:
    """Whether two chords are the same, however they are written."""
    return bool(one and other) and Chord.parse(one) == Chord.parse(other)


def _two_meanings(chord: str, kept: str, lost: str) -> str:
    names = [translate("settings", SETTINGS[key].label) for key in (kept, lost)]
    sentence = translate("reader", "{chord} is set twice. It is used for “{kept}”, and “{lost}” has no key.")
    return sentence.format(chord=chord, kept=names[0], lost=names[1])


def _flat(tables: dict[str, Any]) -> list[tuple[str, Any]]:
    return [
        (f"{section}.{name}", value)
        for section, table in tables.items()
        if isinstance(table, dict)
        for name, value in table.items()
    ]
