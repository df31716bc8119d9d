"""The user's list of pronunciations: its file, and the list in use, where changes apply from the next sentence on.

The file is beside the settings, a table that people edit, too. As with the settings, reading it changes nothing, a
change is made to what the file holds at that moment, and what would be lost is kept under another name.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reader.documents.decoding import Decoder
from reader.documents.source import TextSource
from reader.errors import NotTextError, SettingsError
from reader.flow import Event, Notice, PronunciationsChanged
from reader.settings.paths import shown
from reader.support import files, foreign
from reader.support.draft import Draft
from reader.support.files import DamagedFileError, reason
from reader.support.i18n import translate
from reader.text import pronunciation_table
from reader.text.pronunciation_table import MAX_BYTES, Collected
from reader.text.pronunciations import Entry, Pronunciations, check_speed, checked

Edit = Callable[[Collected], object]


# ---- the file. Blocking; any thread ----


def read(path: Path) -> tuple[list[Entry], list[str]]:
    """(what is in the file, what of it can't be used); nothing if there is no file.

    Raises OSError if it can't be read, DamagedFileError if it is no such table.
    """
    try:
        data = files.read_bytes(path, MAX_BYTES)
    except FileNotFoundError:
        return [], []
    return pronunciation_table.read(Decoder().decode(data, is_last=True))


def change(path: Path, edit: Edit) -> list[str]:
    """Change the file, and return what the user should know. Raises SettingsError, and then nothing has changed."""
    try:
        with files.locked(path.parent):
            return _change(path, edit)
    except OSError as error:
        sentence = translate("reader", "{file} can't be written: {reason}.")
        raise SettingsError(sentence.format(file=shown(path), reason=reason(error))) from error


def _change(path: Path, edit: Edit) -> list[str]:
    entries: list[Entry] = []
    try:
        entries, problems = read(path)
        loses = translate("reader", "some of its lines can't be used") if problems else ""
    except DamagedFileError as error:
        loses = str(error)
    collected = Collected(entries)
    edit(collected)
    aside = files.keep_aside(path) if loses else None
    try:
        files.write_text(path, pronunciation_table.written(collected.entries))
    except OSError:
        if aside:
            aside.rename(path)
        raise
    if not aside:
        return []
    sentence = translate("reader", "The pronunciation list was rewritten ({why}). The old one is kept as {file}.")
    return [sentence.format(why=loses, file=shown(aside))]


def add(path: Path, entry: Entry, instead_of: Entry | None = None) -> list[str]:
    """Add an entry, or replace another with it. As `change`."""
    entry = checked(entry)
    check_speed(entry)

    def edit(collected: Collected) -> None:
        if instead_of and instead_of.key != entry.key:
            collected.remove(instead_of)
        collected.add(entry)

    return change(path, edit)


def load(path: Path) -> tuple[list[Entry] | None, str]:
    """(what is in the file, None if it can't be read; what the user should know, in a sentence, "" for nothing)."""
    try:
        entries, problems = read(path)
    except (OSError, DamagedFileError) as error:
        sentence = translate("reader", "{file} can't be read ({why}). Harken ignores it until you correct it.")
        return None, sentence.format(file=shown(path), why=reason(error))
    if len(problems) < 2:
        return entries, f"{shown(path)}, {problems[0]}" if problems else ""
    sentence = translate("reader", "{file}, {problem} %n more line(s) can't be used.", None, len(problems) - 1)
    return entries, sentence.format(file=shown(path), problem=problems[0])


# ---- tables to import and export ----


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of importing a table. `problems` are about its lines, a sentence each; `notices` about the list."""

    added: int
    changed: int
    problems: list[str]
    notices: list[str]


def load_table(path: Path, name: str) -> Imported:
    """Import the file with that name, "-" for standard input. Raises NotTextError, SettingsError."""
    source = _source(name)
    entries, problems = _table(source)
    added = changed = 0

    def edit(collected: Collected) -> None:
        nonlocal added, changed
        for entry in entries:
            if collected.add(entry):
                added += 1
            else:
                changed += 1

    notices = change(path, edit) if entries else []
    return Imported(added, changed, [f"{foreign.shown(source.name)}, {problem}" for problem in problems], notices)


def save_table(path: Path, name: str) -> str:
    """Write the list to the file with that name, and return the problem from `table`. Raises SettingsError."""
    data, problem = table(path)
    try:
        with Draft(Path(name)) as draft:
            draft.file.write(data)
            draft.keep()
    except OSError as error:
        sentence = translate("reader", "{file} can't be written: {reason}.")
        raise SettingsError(sentence.format(file=foreign.shown(name), reason=reason(error))) from error
    return problem


def table(path: Path) -> tuple[bytes, str]:
    """(the list for another computer, what of it can't be used, "" for nothing). Raises SettingsError."""
    entries, problem = load(path)
    if entries is None:
        raise SettingsError(problem)
    return pronunciation_table.written(entries).encode(), problem


def _source(name: str) -> TextSource:
    if name == "-":
        return TextSource(sys.stdin.fileno())
    try:
        return TextSource.at(name)
    except OSError as error:
        sentence = translate("reader", "{file} can't be read: {why}.")
        raise NotTextError(sentence.format(file=foreign.shown(name), why=reason(error))) from error


def _table(source: TextSource) -> tuple[list[Entry], list[str]]:
    """What is in a table. Raises NotTextError if it is none."""
    source.begin()
    text = ""
    for piece in source:
        text += piece
        if len(text) > MAX_BYTES:
            break
    if source.problem:
        raise NotTextError(source.problem)
    try:
        if len(text) > MAX_BYTES:
            raise DamagedFileError(translate("reader", "it is too large"))
        return pronunciation_table.read(text)
    except DamagedFileError as error:
        sentence = translate("reader", "{file} can't be imported: {why}.")
        raise NotTextError(sentence.format(file=foreign.shown(source.name), why=error)) from error


# ---- the list in use ----


class PronunciationList:
    """Core thread only; the file is read on another."""

    def __init__(self, path: Path, publish: Callable[[Event], None]) -> None:
        self.path = path
        self._publish = publish
        self._current = Pronunciations()
        self._is_read = False
        self._reading = asyncio.Lock()
        self._told = ""

    def current(self) -> Pronunciations:
        """The list as it is now. Reports the problems that came up in its last use."""
        for sentence in self._current.take_problems():
            self._publish(Notice(0, sentence))
        return self._current

    async def ready(self) -> None:
        """Wait until the file has been read for the first time."""
        if not self._is_read:
            await self._read(is_again=False)

    async def reload(self) -> None:
        """Read the file (again). If it can't be read, the list stays as it is, and the user is told once."""
        await self._read(is_again=True)

    async def _read(self, *, is_again: bool) -> None:
        async with self._reading:
            if self._is_read and not is_again:
                return  # another task has read it while this one waited
            entries, problem = await asyncio.to_thread(load, self.path)
            is_other = entries is not None and tuple(entries) != self._current.entries
            if entries is not None and is_other:
                self._current = await asyncio.to_thread(Pronunciations, entries)
            is_first, self._is_read = not self._is_read, True
        if is_other and not is_first:
            self._publish(PronunciationsChanged(0))
        if problem and problem != self._told:
            self._publish(Notice(0, problem, is_aloud=True))
        self._told = problem

    async def make(self, change: Callable[[Path], list[str]]) -> None:
        """Change the file by one of the functions above, and use it. Raises SettingsError."""
        notices = await asyncio.to_thread(change, self.path)
        await self.reload()
        for sentence in notices:
            self._publish(Notice(0, sentence))
