"""A library that forgets with the test: it obeys the contract of the kept one."""

from __future__ import annotations

import asyncio

from reader.errors import NothingToReadError
from reader.flow import CapturedText
from reader.session.history import History
from reader.session.places import Place, Places


class GivenLibrary:
    """`texts` can be opened, by the paths they have."""

    def __init__(self, history: History) -> None:
        self.places = Places()
        self.is_kept = True
        self.texts: dict[str, CapturedText] = {}
        self.gate: asyncio.Event | None = None
        self._history = history

    def keep(self, text: CapturedText, place: Place) -> None:
        assert self.is_kept
        self.places.note(place)

    def has_text(self, place: Place) -> bool:
        return bool(place.path) or self._remembered(place) is not None

    async def open(self, place: Place) -> tuple[CapturedText, int]:
        if self.gate:
            await self.gate.wait()
        captured = self.texts.get(place.path) if place.path else self._remembered(place)
        if captured is None:
            raise NothingToReadError("There is no such text.")
        return captured, place.at_chars

    def _remembered(self, place: Place) -> CapturedText | None:
        texts = (self._history.text(entry.id) for entry in self._history.entries())
        return next((text for text in texts if text and self.places.is_at(place, text.text)), None)
