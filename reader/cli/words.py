"""`harken words`: the user's list of pronunciations. The file is changed here; a running Harken then reads it again."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from reader.cli import output
from reader.cli.commands import ask_running
from reader.errors import InstanceError, SettingsError

if TYPE_CHECKING:
    from reader.text.pronunciations import Kind

_FAILED = 1
_MAX_TOLD = 10


def list_all(options: argparse.Namespace) -> int:
    """Show all entries. Returns 1 if something in the file could not be used."""
    from reader.core import pronunciation
    from reader.settings.paths import pronunciations_file

    entries, problem = pronunciation.load(pronunciations_file())
    rows = [
        {"word": e.word, "spoken": e.spoken, "kind": e.kind.value, "language": e.language, "voice": e.voice}
        for e in entries or ()
    ]
    output.answer(rows, options.json, "\n".join(map(_shown, rows)) or "The list has no entries.")
    if problem:
        output.complain(problem)
    return _FAILED if problem else 0


def _shown(row: dict[str, str]) -> str:
    kind = "" if row["kind"] == "word" else row["kind"]
    told = ", ".join(filter(None, (kind, row["language"], row["voice"])))
    return f"{row['word']} = {row['spoken']}{f'  ({told})' if told else ''}"


def add(options: argparse.Namespace) -> int:
    """Add an entry, or change how its word sounds. Raises SettingsError."""
    from reader.core import pronunciation
    from reader.settings.paths import pronunciations_file
    from reader.text.pronunciations import Entry

    entry = Entry(options.word, options.spoken, _kind(options), options.language, options.voice)
    return _done(pronunciation.add(pronunciations_file(), entry))


def remove(options: argparse.Namespace) -> int:
    """Remove the entries of a word that match the options. Raises SettingsError."""
    from reader.core import pronunciation
    from reader.settings.paths import pronunciations_file
    from reader.text.pronunciation_table import Collected

    wanted = options.word.strip()
    kinds = (_kind(options),) if options.expression or options.part else ()

    def edit(collected: Collected) -> None:
        found = [
            entry
            for entry in collected.entries
            if entry.word == wanted
            and (not kinds or entry.kind in kinds)
            and options.language in ("", entry.language)
            and options.voice in ("", entry.voice)
        ]
        if not found:
            raise SettingsError(_no_entry(wanted, [entry.word for entry in collected.entries]))
        for entry in found:
            collected.remove(entry)

    return _done(pronunciation.change(pronunciations_file(), edit))


def _no_entry(word: str, known: list[str]) -> str:
    from reader.support import foreign

    meant = foreign.nearest(word, list(dict.fromkeys(known)), 1)
    hint = f"Did you mean “{foreign.shown(meant[0])}”?" if meant else "“harken words” lists them all."
    return f"There is no such entry for “{foreign.shown(word)}”. {hint}"


def load(options: argparse.Namespace) -> int:
    """Add the entries of a table. Returns 1 if some of its lines can't be used. Raises NotTextError, SettingsError."""
    from reader.core import pronunciation
    from reader.settings.paths import pronunciations_file

    imported = pronunciation.load_table(pronunciations_file(), options.file)
    _done(imported.notices)
    entries = "entry" if imported.added == 1 else "entries"
    output.say(f"{imported.added} {entries} added, {imported.changed} changed.")
    for problem in imported.problems[:_MAX_TOLD]:
        output.complain(problem)
    if len(imported.problems) > _MAX_TOLD:
        output.complain(f"{len(imported.problems) - _MAX_TOLD} more lines can't be used.")
    return _FAILED if imported.problems else 0


def save(options: argparse.Namespace) -> int:
    """Write the list as a table. Returns 1 if something in its file could not be used. Raises SettingsError."""
    from reader.core import pronunciation
    from reader.settings.paths import pronunciations_file

    if options.file != "-":
        problem = pronunciation.save_table(pronunciations_file(), options.file)
    else:
        data, problem = pronunciation.table(pronunciations_file())
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    if problem:
        output.complain(problem)
    return _FAILED if problem else 0


def _done(notices: list[str]) -> int:
    """Tell the user, and have a running Harken use the list."""
    for notice in notices:
        output.complain(notice)
    try:
        answer = ask_running("pronunciations", waits=False)
    except InstanceError as error:
        output.complain(f"The running Harken does not know of this yet: {error.sentence}")
        return 0
    for notice in answer["notices"] if answer else ():
        output.complain(notice)
    return 0


def _kind(options: argparse.Namespace) -> Kind:
    from reader.text.pronunciations import Kind

    return Kind.EXPRESSION if options.expression else Kind.PART if options.part else Kind.WORD
