"""The voices that the user has added, each in its own folder: its nets, and what is known about it. Blocking.

Most are in Piper's format; English ones in the neural voice's are stored here, too (voices/local/neural_added.py).
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reader.flow import Voice
from reader.support import files
from reader.support.files import DamagedFileError
from reader.voices.piper import facts
from reader.voices.piper.facts import Facts

log = logging.getLogger(__name__)

FACTS = "voice.json"
MOST_FACTS_BYTES = 1 << 21
# Separates a voice from one of its speakers.
SPEAKER_MARK = "#"
# Begins the names of folders that are being made or removed.
HIDDEN = "."
# Current and interrupted downloads: see reader/voices/offered.
DOWNLOADS = ".downloads"
ENGINE = "piper"
# The key in a voice's facts that names its engine, if that is a different one.
OWNER = "engine"


def names(folder: Path) -> list[str]:
    """The names of voices of all engines, without opening them."""
    try:
        found = [place.name for place in folder.iterdir() if (place / FACTS).is_file()]
    except OSError:
        return []
    return sorted(name for name in found if not name.startswith(HIDDEN))


def known_of(folder: Path, engine: str = ENGINE) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(name, what is known) of each of an engine's voices. Skips, and logs, what can't be read."""
    for name in names(folder):
        try:
            known = files.read_json(folder / name / FACTS, MOST_FACTS_BYTES)
            if known.get(OWNER, ENGINE) == engine:
                yield name, known
        except (OSError, DamagedFileError, AttributeError) as error:
            leave_out(error)


def id_of(folder: Path, name: str) -> str:
    """The id of a voice in the folder among Harken's voices, without a speaker."""
    try:
        owner = files.read_json(folder / name / FACTS, MOST_FACTS_BYTES).get(OWNER, ENGINE)
    except (OSError, DamagedFileError, AttributeError):
        owner = ENGINE
    return f"{owner}/{name}"


def voices(folder: Path) -> list[Voice]:
    """The folder's voices in Piper's format. Skips, and logs, those that can't be used."""
    found = []
    for name, known in known_of(folder):
        try:
            found += _voices(name, facts.of_json(known))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            leave_out(error)
    return found


def leave_out(error: Exception) -> None:
    """Log that a voice can't be used."""
    log.warning("a voice that was added can't be used: %s", type(error).__name__)


def _voices(name: str, known: Facts) -> list[Voice]:
    about = known.description
    speakers = list(about.speakers) or [""]
    return [
        Voice(
            f"{ENGINE}/{name}{SPEAKER_MARK if speaker else ''}{speaker}",
            f"{about.title}{' ' if speaker else ''}{speaker} ({about.language_name}, Piper)",
            about.language,
            given_name=f"{about.title} {speaker}".strip(),
            locale=about.locale,
        )
        for speaker in speakers
    ]


def size_bytes(folder: Path, name: str) -> int:
    """The disk space that a voice takes."""
    try:
        return sum(file.stat().st_size for file in (folder / name).iterdir())
    except OSError:
        return 0


def remove(folder: Path, name: str) -> bool:
    """Remove a voice; False if there is none of that name. Raises OSError."""
    place = folder / name
    if name not in names(folder):
        return False
    gone = folder / f"{HIDDEN}removed-{name}"
    shutil.rmtree(gone, ignore_errors=True)
    place.rename(gone)  # atomic: it is either there or not
    shutil.rmtree(gone)
    return True


def remove_all(folder: Path) -> None:
    """Remove every voice, and any half downloaded, made or removed. Leaves other things alone. Raises OSError."""
    for name in names(folder):
        remove(folder, name)
    for left in folder.glob(f"{HIDDEN}*"):
        if left.is_dir():
            shutil.rmtree(left)
