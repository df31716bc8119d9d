"""The settings file: TOML that people also edit, so it may contain anything. What they wrote stays.

Reading changes nothing. A change is applied to the file's current contents, under a lock, so that several Harkens don't
overwrite each other's changes; comments and other versions' keys are kept. If something can't be changed without loss,
the old file is kept under another name, which the caller gets. Blocking; any thread.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from reader.settings.setting import Value
from reader.support import files, foreign
from reader.support.files import DamagedFileError
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# A file with every setting is 3 KB. Nobody writes longer lines, and parsing time grows with their square.
MAX_BYTES = 1 << 17
_MAX_LINE_CHARS = 1 << 12
_MAX_DEPTH = 20

# Values by their full names; None removes one.
Changes = Mapping[str, Value | None]


def read(path: Path) -> dict[str, Any]:
    """The file's contents as nested tables; empty if there is no file.

    Raises OSError if it can't be read, DamagedFileError if it is not TOML.
    """
    try:
        return _parse(files.read_text(path, MAX_BYTES))
    except FileNotFoundError:
        return {}


def change(path: Path, changes: Changes, current: Mapping[str, Value]) -> tuple[str, Path] | None:
    """Write `changes`, and leave everything else as it is. Raises OSError, and then nothing has changed.

    If the file is not TOML, it is rewritten with the values `current`. In that case, and if a change could lose
    something, the old file is kept: returns (why, where), else None.
    """
    with files.locked(path.parent):
        try:
            text = files.read_text(path, MAX_BYTES)
            new, loses = _edited(text, changes)
        except FileNotFoundError:
            new, loses = _edited("", changes)
        except DamagedFileError as error:
            new, loses = _edited("", {**current, **changes})[0], str(error)
        aside = files.keep_aside(path) if loses else None
        try:
            files.write_text(path, new)
        except OSError:
            if aside:
                aside.rename(path)
            raise
    return (loses, aside) if aside else None


def _parse(text: str) -> dict[str, Any]:
    if max(map(len, text.split("\n"))) > _MAX_LINE_CHARS:
        raise DamagedFileError(translate("reader", "a line in it is thousands of characters long"))
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DamagedFileError(foreign.shown(error)) from error
    except (ValueError, RecursionError) as error:  # for numbers of thousands of digits, or thousands of brackets
        raise DamagedFileError(
            translate("reader", "a number in it is too large, or it is nested too deeply")
        ) from error
    level: list[Any] = [found]
    for _ in range(_MAX_DEPTH):
        if not (level := [inner for value in level for inner in _inner(value)]):
            return found
    raise DamagedFileError(translate("reader", "a number in it is too large, or it is nested too deeply"))


def _inner(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _edited(text: str, changes: Changes) -> tuple[str, str]:
    """(the text with the changes, what they would lose or ""). Raises DamagedFileError."""
    import tomlkit  # slow to load, and not needed for reading

    before = _parse(text)
    wanted = {name: dict(table) if isinstance(table, dict) else table for name, table in before.items()}
    loses = ""
    for section in {key.partition(".")[0] for key in changes}:
        if section in wanted and not isinstance(wanted[section], dict):
            loses = translate("reader", "“{name}” in it is not a table").format(name=section)
    _put(wanted, changes)
    try:
        document = tomlkit.parse(text)
        _put(document, changes)
        new = tomlkit.dumps(document)
        if _comparable(_parse(new)) == _comparable(wanted):
            return new, loses
        log.warning("the settings can't be changed in place")
    except Exception as error:  # anything that the parser's author did not foresee
        log.warning("the settings can't be changed in place: %s", type(error).__name__)
    new = tomlkit.dumps(wanted)
    return new, loses or translate("reader", "its comments could not be kept")


def _put(tables: MutableMapping[str, Any], changes: Changes) -> None:
    for key, value in changes.items():
        section, _, name = key.partition(".")
        table = tables.get(section)
        if not isinstance(table, MutableMapping):
            if value is None:
                continue
            tables[section] = {}
            table = tables[section]
        if value is None:
            table.pop(name, None)
        else:
            table[name] = value


def _comparable(value: Any) -> Any:
    """A value that compares equal when read again, in any order: NaN does not, and is not a valid setting."""
    if isinstance(value, dict):
        return {name: _comparable(inner) for name, inner in value.items() if inner != {}}
    if isinstance(value, list):
        return [_comparable(inner) for inner in value]
    return repr(value)
