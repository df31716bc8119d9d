"""Where there is no such place on this desktop: always there, never anything in it."""

from __future__ import annotations

from reader.errors import NoPlaceError
from reader.flow import CapturedText


class NoText:
    """See FocusSource."""

    def __init__(self, name: str, sentence: str) -> None:
        """`sentence` tells the user why there is nothing and what to do instead."""
        self.name = name
        self._sentence = sentence

    async def read(self) -> CapturedText:
        """See TextSource."""
        raise NoPlaceError(self._sentence)

    async def selection(self) -> str | None:
        """See FocusSource."""
        return None

    async def close(self) -> None:
        """See TextSource."""
