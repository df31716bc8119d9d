"""English voices that the user has added beside the neural one: nets in its format, by the same makers. Blocking.

Each has a folder of its own among those of voices/piper/folder.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reader.flow import Voice
from reader.support import files
from reader.support.i18n import translate
from reader.voices.piper import folder
from reader.voices.piper.folder import FACTS, MOST_FACTS_BYTES, OWNER

ENGINE = "neural"
NET = "net.onnx"
AMERICAN, BRITISH = LOCALES = ("en-US", "en-GB")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about one of them. `gain` brings it to the loudness of the other voices."""

    name: str
    locale: str
    gain: float

    @property
    def is_british(self) -> bool:
        """Whether it uses British pronunciations."""
        return self.locale == BRITISH


def as_json(known: Known) -> dict[str, Any]:
    """As the file has it."""
    return {OWNER: ENGINE, "name": known.name, "locale": known.locale, "gain": known.gain}


def of_json(value: Mapping[str, Any]) -> Known:
    """Parse what the file has. Raises ValueError, TypeError, KeyError."""
    known = Known(str(value["name"]), value["locale"], float(value["gain"]))
    if known.locale not in LOCALES or not 0 < known.gain < 100:
        raise ValueError("not of this form")
    return known


def read(place: Path) -> Known:
    """What is known about the voice in a folder. Raises OSError, ValueError, TypeError, KeyError."""
    return of_json(files.read_json(place / FACTS, MOST_FACTS_BYTES))


def voices(place: Path) -> Sequence[Voice]:
    """The voices in `place`, without those that can't be used."""
    found = []
    for name, value in folder.known_of(place, ENGINE):
        try:
            found.append(_voice(name, of_json(value)))
        except (ValueError, TypeError, KeyError) as error:
            folder.leave_out(error)
    return found


def _voice(name: str, known: Known) -> Voice:
    if known.is_british:
        title = translate("reader", "{name} (natural, British English)")
    else:
        title = translate("reader", "{name} (natural, American English)")
    shown = title.format(name=known.name)
    return Voice(f"{ENGINE}/{name}", shown, "en", given_name=known.name, locale=known.locale)
