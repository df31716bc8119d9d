"""Where to go on after a stop: in the same text when it is read again, and in the text that was read last.

Core thread only.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple, Protocol

from reader.errors import NothingToReadError
from reader.flow import CapturedText, Command, Source
from reader.session.places import LONG_CHARS, Place, Places
from reader.session.reading import Reading
from reader.support.i18n import translate

# Two presses within this time mean the beginning of the text.
SECOND_PRESS_S = 1.0
# How often the place is noted while a text is read, in case the computer loses power.
_EVERY_S = 30.0


class Library(Protocol):
    """Keeps places, and can find texts again."""

    @property
    def places(self) -> Places:
        """The places in long texts and documents."""

    @property
    def is_kept(self) -> bool:
        """Whether places are to be remembered."""

    def keep(self, text: CapturedText, place: Place) -> None:
        """Remember a place in a text."""

    def has_text(self, place: Place) -> bool:
        """Whether the text of a place can be read again without being supplied."""

    async def open(self, place: Place) -> tuple[CapturedText, int]:
        """The text, and where in it to go on. Raises HarkenError."""


class Press(NamedTuple):
    """A command to read something. A second one within a second reads the text from its beginning."""

    command: Command
    is_second: bool = False

    def is_restart(self, reading: Reading | None) -> bool:
        """Whether it asks to read from the beginning a text whose reading has just gone on from a later place."""
        return self.is_second and reading is not None and reading.course.begun_chars > 0


class GoingOn:
    """`stopped` is the place in the text that was read last, however short that was.

    `reading` is the user's current or last reading.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.stopped: Place | None = None
        self.reading: Reading | None = None
        self._first_press_s = -SECOND_PRESS_S
        self._noted_s = 0.0

    # ---- the same text again ----

    def press(self, command: Command, *, is_idle: bool) -> Press:
        """Note a command to read; `is_idle`: nothing is being read."""
        now_s = _now_s()
        is_second = not is_idle and now_s - self._first_press_s < SECOND_PRESS_S
        if is_idle:
            self._first_press_s = now_s
        return Press(command, is_second)

    def place_in(self, captured: CapturedText) -> Place | None:
        """Where the reading of a text was stopped before."""
        places, stopped = self.library.places, self.stopped
        if stopped and stopped.known_chars == len(captured.text) and places.is_at(stopped, captured.text):
            return None if stopped.is_read or stopped.path else stopped
        found = places.find(captured)
        return None if found is None or found.is_read else found

    # ---- the last text again ----

    @property
    def last(self) -> Place | None:
        """Where the last text was stopped, perhaps before Harken was started; None unless it can be found again."""
        place = self._newest
        return place if place and not place.is_read and self.library.has_text(place) else None

    def why_not(self) -> NothingToReadError:
        """Why there is nothing to resume."""
        if (place := self._newest) and not place.is_read:
            sentence = translate(
                "reader",
                "Harken has kept only the place where you stopped. Have the same text read again to "
                "continue from there.",
            )
            return NothingToReadError(sentence)
        return NothingToReadError(translate("reader", "There is nothing to resume. Select some text and read it."))

    @property
    def _newest(self) -> Place | None:
        return self.stopped or next(iter(self.library.places.entries()), None)

    # ---- notes ----

    def place_of(self, reading: Reading, *, is_read: bool = False) -> Place:
        """The place that a reading has reached."""
        text, at_chars = reading.whole_text.text, reading.course.place_chars
        return self.library.places.place(
            reading.captured, text, at_chars, is_whole=reading.is_complete, is_read=is_read
        )

    def note(self, reading: Reading, *, is_read: bool = False) -> None:
        """Note how far one of the user's readings has come."""
        begun, text = reading.captured, reading.whole_text
        if begun.is_ssml or not text.text.strip():
            return
        self._noted_s = _now_s()
        self.stopped = place = self.place_of(reading, is_read=is_read)
        is_long = begun.source is not Source.GIVEN and len(text.text) >= LONG_CHARS
        if self.library.is_kept and (begun.path or is_long):
            self.library.keep(text, place)

    def note_progress(self, reading: Reading) -> None:
        """Note the place now and then, as the sentences of the user's text begin."""
        if _now_s() - self._noted_s >= _EVERY_S:
            self.note(reading)


def _now_s() -> float:
    return asyncio.get_running_loop().time()


def told() -> str:
    """What the user is told when a text goes on that may have been stopped long ago."""
    return translate("reader", "Continuing where you stopped. Press the key twice to start from the beginning.")
