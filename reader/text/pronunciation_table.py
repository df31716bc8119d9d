"""The user's pronunciations as a table (CSV), both for storage and for moving to another computer.

People edit it in spreadsheets, which write semicolons or tabs, and columns in any order. An unusable row is skipped and
the rest kept. Pure.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from reader.errors import SettingsError
from reader.support import foreign
from reader.support.files import DamagedFileError
from reader.support.i18n import translate
from reader.text.pronunciations import MAX_ENTRIES, MAX_EXPRESSIONS, Entry, Kind, checked

COLUMNS = ("word", "spoken", "kind", "language", "voice")
# Enough for the maximum number of entries of the usual length.
MAX_BYTES = 1 << 20
_NEEDED = ("word", "spoken")
_DELIMITERS = ",;\t"


def written(entries: Iterable[Entry]) -> str:
    """Return the table: a header line, and a line for each entry."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows((entry.word, entry.spoken, entry.kind.value, entry.language, entry.voice) for entry in entries)
    return text.getvalue()


def read(table: str) -> tuple[list[Entry], list[str]]:
    """Return (the entries, the problems with unusable lines, a sentence each).

    Of two entries with the same key, the later one counts. Raises DamagedFileError if it is no such table.
    """
    table = table.removeprefix("\ufeff")
    if "\0" in table:
        raise DamagedFileError(translate("reader", "it is not a table"))
    head = next((line for line in table.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=head.count)
    rows = csv.reader(io.StringIO(table, newline=""), delimiter=delimiter)
    try:
        names = [name.strip().casefold() for name in next((row for row in rows if any(row)), [])]
        if not set(_NEEDED) <= set(names):
            sentence = translate("reader", "its first line does not name the columns {columns}")
            raise DamagedFileError(sentence.format(columns=", ".join(COLUMNS)))
        return _entries(rows, names)
    except csv.Error as error:
        raise DamagedFileError(foreign.shown(error)) from error


def _entries(rows: Any, names: list[str]) -> tuple[list[Entry], list[str]]:
    found = Collected()
    problems: list[str] = []
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        try:
            found.add(checked(_entry(dict(zip(names, row, strict=False)))))
        except SettingsError as error:
            sentence = translate("reader", "line {number}: {problem}")
            problems.append(sentence.format(number=rows.line_num, problem=error.sentence))
    return found.entries, problems


def _entry(cells: dict[str, str]) -> Entry:
    kind = cells.get("kind", "").strip().casefold() or Kind.WORD
    if kind not in set(Kind):
        sentence = translate("reader", "Use {kinds} as the kind of an entry, not “{value}”.")
        raise SettingsError(sentence.format(kinds=", ".join(Kind), value=foreign.shown(kind)))
    language, voice = (cells.get(name, "").strip() for name in ("language", "voice"))
    return Entry(cells.get("word", ""), cells.get("spoken", ""), Kind(kind), language.casefold(), voice)


class Collected:
    """A list of entries in which a new one replaces an older one with the same key, in its place."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = {entry.key: entry for entry in entries}
        self._expressions = sum(entry.kind is Kind.EXPRESSION for entry in self._entries.values())

    @property
    def entries(self) -> list[Entry]:
        """All of them, in order."""
        return list(self._entries.values())

    def add(self, entry: Entry) -> bool:
        """Add an entry, and return whether it is for something new. Raises SettingsError when the list is full."""
        is_new = entry.key not in self._entries
        is_expression = entry.kind is Kind.EXPRESSION
        if is_new and len(self._entries) >= MAX_ENTRIES:
            raise SettingsError(
                translate("reader", "The list is full: it has %n entries. Remove some first.", None, MAX_ENTRIES)
            )
        if is_new and is_expression and self._expressions >= MAX_EXPRESSIONS:
            sentence = translate(
                "reader", "The list is full: it has %n expressions. Remove some first.", None, MAX_EXPRESSIONS
            )
            raise SettingsError(sentence)
        self._expressions += is_new and is_expression
        self._entries[entry.key] = entry
        return is_new

    def remove(self, entry: Entry) -> bool:
        """Remove an entry, and return whether it was there."""
        removed = self._entries.pop(entry.key, None)
        self._expressions -= removed is not None and removed.kind is Kind.EXPRESSION
        return removed is not None
