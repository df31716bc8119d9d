"""The voices that the user has added, each in a folder of its own: its nets, and what is known of it. Blocking."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from reader.flow import Voice
from reader.support import files
from reader.voices.piper import facts
from reader.voices.piper.facts import Facts

log = logging.getLogger(__name__)

FACTS = "voice.json"
MOST_FACTS_BYTES = 1 << 21
# Between a voice and one of its speakers.
SPEAKER_MARK = "#"
# Of folders that are being made, or removed.
HIDDEN = "."
# What is being downloaded, or broke off: see reader/voices/offered.
DOWNLOADS = ".downloads"
ENGINE = "piper"


def names(folder: Path) -> list[str]:
    """The folders of voices, without a look into them."""
    try:
        found = [place.name for place in folder.iterdir() if (place / FACTS).is_file()]
    except OSError:
        return []
    return sorted(name for name in found if not name.startswith(HIDDEN))


def voices(folder: Path) -> list[Voice]:
    """The voices there. What can't be used is left out, and logged."""
    found = []
    for name in names(folder):
        try:
            known = facts.of_json(files.read_json(folder / name / FACTS, MOST_FACTS_BYTES))
            found += _voices(name, known)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("a voice that was added can't be used: %s", type(error).__name__)
    return found


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
    """What a voice takes on the disk."""
    try:
        return sum(file.stat().st_size for file in (folder / name).iterdir())
    except OSError:
        return 0


def remove(folder: Path, name: str) -> bool:
    """Remove a voice; False when there is none of that name. Raises OSError."""
    place = folder / name
    if name not in names(folder):
        return False
    gone = folder / f"{HIDDEN}removed-{name}"
    shutil.rmtree(gone, ignore_errors=True)
    place.rename(gone)  # at once: it is there, or it is not
    shutil.rmtree(gone)
    return True


def remove_all(folder: Path) -> None:
    """Remove every voice, and what is half made or half removed. Other things stay. Raises OSError."""
    for name in names(folder):
        remove(folder, name)
    for left in folder.glob(f"{HIDDEN}*"):
        if left.is_dir():
            shutil.rmtree(left)
