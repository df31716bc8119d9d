"""Remembers across restarts how far long texts and documents were read, and opens them there again.

The file holds positions and fingerprints (session/places.py). The texts themselves are kept only if the user wants
that, each in its own file. Only the user can read any of it. Core thread; files are read and written on an asyncio
worker thread, and several Harkens lose nothing of each other's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reader import tasks
from reader.core import opening
from reader.errors import NothingToReadError
from reader.flow import CapturedText, Source
from reader.session.history import History, first_words
from reader.session.places import Place, Places
from reader.settings.paths import state_folder
from reader.support import files, foreign
from reader.support.files import DamagedFileError
from reader.support.i18n import translate

log = logging.getLogger(__name__)

FILE = "places.json"
_MAX_TEXT_BYTES = 1 << 23

Change = Callable[[Places], None]


class KeptLibrary:
    """Implements Library. Changes are written together, one batch after the other."""

    def __init__(self, history: History, on_told: Callable[[str], None]) -> None:
        """`history` has the texts of this session; `on_told` gets a sentence for the user about an opened text."""
        self.places = Places()
        self.is_kept = True
        self._keeps_texts = False
        self._history = history
        self._on_told = on_told
        self._changes: list[Change] = []  # not written yet
        self._texts: dict[str, str] = {}  # likewise, by their fingerprints
        self._kept_texts: set[str] = set()
        self._writing: asyncio.Task[None] | None = None

    # ---- what is remembered ----

    async def load(self) -> None:
        """Read what was remembered before."""
        self.places, self._kept_texts = await asyncio.to_thread(_load, Places())
        self._forget_unwanted()

    def choose(self, *, is_kept: bool, keeps_texts: bool) -> None:
        """Set what the user wants remembered. The rest is forgotten at once."""
        self.is_kept, self._keeps_texts = is_kept, keeps_texts and is_kept
        self._forget_unwanted()

    def _forget_unwanted(self) -> None:
        if not self.is_kept and self.places.entries():
            self.change(Places.clear)
        elif not self._keeps_texts and self._kept_texts:
            self.change(lambda places: None)  # removes their files

    def keep(self, text: CapturedText, place: Place) -> None:
        """Remember a place, and the text if the user wants that."""
        if self._keeps_texts and not place.path and place.fingerprint not in self._kept_texts and not text.is_cut:
            self._texts[place.fingerprint] = text.text
        self.change(lambda places: places.note(place))

    def change(self, change: Change) -> None:
        """Change the list, here and in the file."""
        change(self.places)
        self._changes.append(change)
        if self._writing is None or self._writing.done():
            self._writing = tasks.start(self._write(), "places")

    async def listed(self) -> list[dict[str, Any]]:
        """What is remembered, newest first, for lists."""
        return await self._rows(self.places.entries())

    async def listed_bookmarks(self) -> list[dict[str, Any]]:
        """The bookmarks, oldest first, for lists."""
        return await self._rows(self.places.bookmarks())

    async def _rows(self, places: list[Place]) -> list[dict[str, Any]]:
        return [
            {
                "number": number,
                "when_s": place.when_s,
                "percent": place.percent,
                "path": place.path,
                "first_words": await self._first_words(place),
                "can_go_on": self.has_text(place),
            }
            for number, place in enumerate(places, 1)
        ]

    def numbered(self, number: int) -> Place:
        """The place with that number in the list. Raises NothingToReadError."""
        sentence = translate("reader", "There is no text with this number. “harken recent” lists them all.")
        return _numbered(self.places.entries(), number, sentence)

    def numbered_bookmark(self, number: int) -> Place:
        """The bookmark with that number in the list. Raises NothingToReadError."""
        sentence = translate("reader", "There is no bookmark with this number. “harken bookmarks” lists them all.")
        return _numbered(self.places.bookmarks(), number, sentence)

    def add_bookmark(self, text: CapturedText, place: Place) -> str:
        """Set a bookmark, and return a sentence that says so."""
        if self._keeps_texts and not place.path and not text.is_cut:
            self._texts[place.fingerprint] = text.text
        self.change(lambda places: places.add_bookmark(place))
        if place.path or self._keeps_texts:
            return translate("reader", "Bookmark set.")
        return translate("reader", "Bookmark set, but only until Harken quits, because this text is not kept.")

    def remove_bookmark(self, number: int) -> None:
        """Remove the bookmark with that number. Raises NothingToReadError."""
        place = self.numbered_bookmark(number)
        self.change(lambda places: places.remove_bookmark(place))

    def forget(self, number: int | None) -> None:
        """Forget the place with that number, or all. Raises NothingToReadError."""
        if number is None:
            self.change(Places.clear)
        else:
            place = self.numbered(number)
            self.change(lambda places: places.forget(place))

    async def _first_words(self, place: Place) -> str:
        found = await self._find(place)
        return first_words(found.text) if found else ""

    async def close(self) -> None:
        """Wait until everything is written."""
        if self._writing:
            await self._writing

    async def _write(self) -> None:
        while self._changes:
            changes, self._changes = self._changes, []
            texts, self._texts = self._texts, {}
            made = await asyncio.to_thread(_write, changes, self.places, texts, self._keeps_texts)
            if made:
                self.places, self._kept_texts = made
                for change in self._changes:
                    change(self.places)

    # ---- a text again ----

    def place_in_file(self, path: str, *, goes_on: bool) -> Place:
        """Where to read a file: its beginning, or with `goes_on` where it was stopped before."""
        begun = CapturedText("", Source.GIVEN, path=path)
        found = self.places.find(begun) if goes_on else None
        return found if found and not found.is_read else self.places.place(begun, "", 0, is_whole=False)

    def has_text(self, place: Place) -> bool:
        """Whether its text is a file, was kept, or is still in memory."""
        return bool(place.path) or place.fingerprint in self._kept_texts or self._remembered(place) is not None

    async def open(self, place: Place) -> tuple[CapturedText, int]:
        """The text of a place, and where to go on. Raises HarkenError."""
        if place.path:
            captured = await opening.text_of_file(place.path, place.known_chars)
            if self.places.is_at(place, captured.text):
                return captured, place.at_chars
            sentence = translate("reader", "{file} has changed. Harken reads it from the beginning.")
            self._on_told(sentence.format(file=foreign.shown(place.path)))
            return captured, 0
        found = await self._find(place)
        if found is None:
            sentence = translate("reader", "This text was not kept. Have it read again to continue where you stopped.")
            raise NothingToReadError(sentence)
        return found, place.at_chars

    async def _find(self, place: Place) -> CapturedText | None:
        found = self._remembered(place)
        if found is None and place.fingerprint in self._kept_texts:
            found = await asyncio.to_thread(_read_text, place)
        return found

    def _remembered(self, place: Place) -> CapturedText | None:
        """The text, if it is one of this session's."""
        for entry in self._history.entries():
            captured = self._history.text(entry.id)
            if captured and not captured.is_cut and self.places.is_at(place, captured.text):
                return captured
        return None


def _numbered(places: list[Place], number: int, sentence: str) -> Place:
    if not 1 <= number <= len(places):
        raise NothingToReadError(sentence)
    return places[number - 1]


# ---- the files: on any thread ----


def _load(fallback: Places) -> tuple[Places, set[str]]:
    """What the files hold; `fallback` if nothing in them can be used."""
    folder = state_folder()
    kept = {path.stem.removeprefix("kept-") for path in folder.glob("kept-*.txt")}
    try:
        return Places.from_data(files.read_json(folder / FILE)) or fallback, kept
    except FileNotFoundError:
        pass
    except (OSError, DamagedFileError) as error:
        log.warning("places: %s", files.reason(error))
    return fallback, kept


def _write(
    changes: list[Change], current: Places, texts: dict[str, str], keeps_texts: bool
) -> tuple[Places, set[str]] | None:
    """Make the changes, and return what the files hold then; None if they can't be written."""
    folder = state_folder()
    try:
        with files.locked(folder):
            places, kept = _load(current)
            for change in changes:
                change(places)
            listed = [*places.entries(), *places.bookmarks()] if keeps_texts else []
            wanted = {place.fingerprint for place in listed if not place.path}
            files.write_json(folder / FILE, places.data())
            (folder / FILE).chmod(0o600)
            for fingerprint in wanted & texts.keys():
                files.write_text(_text_file(fingerprint), texts[fingerprint])
            for fingerprint in kept - wanted:
                _text_file(fingerprint).unlink(missing_ok=True)
            return places, wanted & (kept | texts.keys())
    except OSError as error:
        log.warning("places can't be written: %s", files.reason(error))
        return None


def _text_file(fingerprint: str) -> Path:
    return state_folder() / f"kept-{fingerprint}.txt"


def _read_text(place: Place) -> CapturedText | None:
    try:
        text = files.read_text(_text_file(place.fingerprint), _MAX_TEXT_BYTES)
    except (OSError, DamagedFileError) as error:
        log.warning("a text: %s", files.reason(error))
        return None
    return CapturedText(text, Source.SELECTION)
