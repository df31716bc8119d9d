"""The current text as a sound file: what is saved, and how `harken speak` is run to do it, in a separate process.

So it does not hold up what is being read, and ending the process ends it without leaving a part of a file.
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

# The suffixes of file names by format; the format for everyday use first.
SUFFIXES = {name: formats.named(name).suffixes[0] for name in ("mp3", "opus", "flac", "wav")}
_NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class TextToSave:
    """`path` is the file it is in; without one it is "", and `text` counts. `is_part`: more of it was to come."""

    path: str
    text: str
    is_ssml: bool = False
    is_part: bool = False

    @property
    def name(self) -> str:
        """A name for its sound file, without the suffix."""
        name = PurePath(self.path).stem if self.path else first_words(self.text)
        plain = "".join(" " if sign in '/\\:*?"<>|' or not sign.isprintable() else sign for sign in name)
        return " ".join(foreign.shown(plain).split())[:_NAME_CHARS].strip(". …") or "Harken"


def text_to_save(app: App) -> TextToSave:
    """The current text, or else the last one. Raises NothingToReadError. Core thread."""
    reading = app.controller.current
    if reading is None or not (reading.captured.path or reading.whole_text.text.strip()):
        sentence = translate("reader", "There is no text to save. Read one first.")
        raise NothingToReadError(sentence)
    whole = reading.whole_text
    is_part = not whole.path and (whole.is_cut or not reading.is_complete)
    return TextToSave(whole.path, whole.text, whole.is_ssml, is_part)


def arguments(what: TextToSave, out: str) -> list[str]:
    """The arguments with which `harken` saves it; a text that is in no file is sent to standard input."""
    kind = ["--ssml"] if what.is_ssml else [] if what.path else ["--plain"]
    return ["speak", *kind, "--progress", "--out", out, "--", what.path or "-"]
