"""`harken voices add`, `remove`, `available` and `get`: voices that the user has as files, or that can be downloaded.

A running Harken then looks for voices again.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.cli import output
from reader.cli.commands import ask_running
from reader.errors import VoiceFileError

if TYPE_CHECKING:
    from reader.core.offers import Progress


def add(options: argparse.Namespace) -> int:
    """Add a voice from a file, or replace the one with the same name. Raises VoiceFileError."""
    import asyncio

    from reader.core import user_voices
    from reader.support.voice_folder import voices_folder
    from reader.voices.piper import installation

    path, _ = installation.pair_of(Path(options.file))  # which may not be there
    if not options.json:
        output.say("Trying the voice. This takes a few seconds.")
    added = asyncio.run(installation.add(path, voices_folder()))
    ask_running("voices-changed")
    told = f"Added: {added[0].id}" if len(added) == 1 else f"Added: {len(added)} voices, the first is {added[0].id}"
    output.answer([user_voices.row(voice) for voice in added], options.json, told)
    return 0


def remove(options: argparse.Namespace) -> int:
    """Remove a voice that was added. Raises VoiceFileError."""
    from reader.session.voice_choice import no_voice
    from reader.support import files
    from reader.support.voice_folder import voices_folder
    from reader.voices import registry
    from reader.voices.piper import folder

    place = voices_folder()
    known = {folder.id_of(place, name): name for name in folder.names(place)}
    wanted = options.voice.partition(folder.SPEAKER_MARK)[0]
    voice_id = next((one for one, name in known.items() if wanted in (one, name)), "")
    name = known.get(voice_id, "")
    size_bytes = folder.size_bytes(place, name)
    try:
        is_gone = folder.remove(place, name)
    except OSError as error:
        raise VoiceFileError(f"The voice “{name}” can't be removed: {files.reason(error)}.") from error
    if not is_gone:
        if wanted not in known and registry.engine_of(wanted) and not wanted.startswith(f"{folder.ENGINE}/"):
            raise VoiceFileError(f"“{wanted}” is not a voice that you have added. Only those can be removed.")
        raise VoiceFileError(no_voice(wanted if "/" in wanted else f"{folder.ENGINE}/{wanted}", list(known)))
    ask_running("voices-changed")
    answer = {"id": voice_id, "bytes": size_bytes}
    output.answer(answer, options.json, f"Removed: {voice_id}, {size_bytes / 1e6:.0f} MB")
    return 0


def available(options: argparse.Namespace) -> int:
    """List the voices that can be had, and those that other programs have on this computer. Raises HarkenError."""
    import asyncio

    from reader.core import offers

    rows = asyncio.run(offers.rows(options.lang))
    output.answer(rows, options.json, "\n".join(map(_line, rows)))
    if not rows:
        output.complain("There is no natural voice for this language yet.")
    elif not options.json:
        output.complain("“harken voices get NAME” downloads one. * marks those whose licence is clear.")
    return 0 if rows else 1


def _line(row: dict[str, Any]) -> str:
    if "file" in row:
        return f"  {row['file']}: on this computer, “harken voices add” adds it"
    asks = {"nothing": "", "credit": ", give credit", "copyleft": ", share alike"}.get(row["asks"], "")
    licence = f"{row['licence'] or 'licence not stated'}{asks}"
    here = ", installed" if row["installed"] else ""
    mark = "*" if row["recommended"] else " "
    return f"{mark} {row['id'].partition('/')[2]:34} {row['locale']:6} {row['bytes'] / 1e6:4.0f} MB  {licence}{here}"


def get(options: argparse.Namespace) -> int:
    """Download a voice, check it and add it. Raises HarkenError; an interrupted download is continued later."""
    import asyncio

    from reader.core import offers, user_voices

    shown = _Shown(is_quiet=options.json)
    try:
        added, is_new = asyncio.run(offers.get(options.voice, shown.show))
    except KeyboardInterrupt:
        shown.end()
        output.complain(f"Stopped. “harken voices get {options.voice}” continues from there.")
        raise
    finally:
        shown.end()
    if is_new:
        ask_running("voices-changed")
    told = f"Added: {added[0].id}" if len(added) == 1 else f"Added: {len(added)} voices, the first is {added[0].id}"
    if not is_new:
        told = f"{added[0].id} is here already. To download it again, remove it first."
    output.answer([user_voices.row(voice) for voice in added], options.json, told)
    return 0


class _Shown:
    """Shows how far a download is: on one line of a terminal, and nowhere else."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_shown = not is_quiet and bool(sys.stderr) and sys.stderr.isatty()
        self._said = ""

    def show(self, progress: Progress) -> None:
        """Show it if it has changed."""
        said = f"{progress.have_bytes / 1e6:.0f} of {progress.size_bytes / 1e6:.0f} MB"
        if progress.is_adding:
            said = "Trying the voice. This takes a few seconds."
        if self._is_shown and said != self._said:
            sys.stderr.write(f"\r{said:<{len(self._said)}}")
            sys.stderr.flush()
            self._said = said

    def end(self) -> None:
        """Leave the line."""
        if self._said:
            sys.stderr.write("\n")
            self._said = ""
