"""The user's list of pronunciations, as a test gives it."""

from __future__ import annotations

from reader.text.pronunciations import Entry, Pronunciations


class GivenWords:
    """A PronunciationSource."""

    def __init__(self) -> None:
        self._list = Pronunciations()

    def give(self, *entries: Entry) -> None:
        """The user has these from now on."""
        self._list = Pronunciations(entries)

    async def ready(self) -> None:
        pass

    def current(self) -> Pronunciations:
        return self._list
