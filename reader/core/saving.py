"""The text in hand as a sound file: what is saved, and how `harken speak` is asked to do it, in a process of its own.

So nothing of it holds up what is being read, and ending the process ends it: it leaves no part of a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from reader.audio import formats
from reader.core.app import App
from reader.errors import NothingToReadError
from reader.session.history import first_words
from reader.support import foreign
from reader.support.i18n import translate

# By the name of a format, how its files' names end; the one for everyday use first.
SUFFIXES = {name: formats.named(name).suffixes[0] for name in ("mp3", "opus", "flac", "wav")}
_NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class TextToSave:
    """`path` is the file it is in; "" where there is none, and `text` counts. `is_part`: more of it was to come."""

    path: str
    text: str
    is_ssml: bool = False
    is_part: bool = False

    @property
    def name(self) -> str:
        """What its sound file may be called, without the end."""
        name = PurePath(self.path).stem if self.path else first_words(self.text)
        plain = "".join(" " if sign in '/\\:*?"<>|' or not sign.isprintable() else sign for sign in name)
        return " ".join(foreign.shown(plain).split())[:_NAME_CHARS].strip(". …") or "Harken"


def text_to_save(app: App) -> TextToSave:
    """What is being read, or was last. Raises NothingToReadError. Core thread."""
    reading = app.controller.in_hand
    if reading is None or not (reading.captured.path or reading.whole_text.text.strip()):
        sentence = translate("reader", "There is no text to save. Read one first.")
        raise NothingToReadError(sentence)
    whole = reading.whole_text
    is_part = not whole.path and (whole.is_cut or not reading.is_complete)
    return TextToSave(whole.path, whole.text, whole.is_ssml, is_part)


def arguments(what: TextToSave, out: str) -> list[str]:
    """How `harken` is called to save it; a text that is in no file is sent to standard input."""
    kind = ["--ssml"] if what.is_ssml else [] if what.path else ["--plain"]
    return ["speak", *kind, "--progress", "--out", out, "--", what.path or "-"]
