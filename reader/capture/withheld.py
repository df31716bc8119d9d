"""Paragraphs of an office document whose text is not handed over, though there is one.

LibreOffice (7.4) keeps only some 300 paragraphs laid out: those on the screen and those it laid out last. Of any other,
off the screen, it says that it has no text, just as it says of a blank one. But the end of its text, which it is asked
for as the place of character 0, is where its last line ends; that of a blank one is where its first line begins. Core
thread only.
"""

from __future__ import annotations

import asyncio

from reader.capture.accessible import Accessibles, Object
from reader.capture.roles import State
from reader.errors import CaptureError, CaptureTimeoutError

# Blank lines in a row begin at fewer places: on the left, in the middle, on the right, indented, below some space.
_MOST_PLACES = 6


class Withheld:
    """Those without a text that follow each other. `add` them in order, `forget` them where there is a text."""

    def __init__(self, objects: Accessibles) -> None:
        self._objects = objects
        self._ends: set[tuple[int, int]] = set()

    def forget(self) -> None:
        """What comes next follows a text."""
        self._ends.clear()

    async def add(self, item: Object) -> bool:
        """Whether it, or one before it, has a text after all. Raises CaptureTimeoutError."""
        try:
            if State.SHOWING.is_in(await self._objects.states(item)):
                return False
            (left, top, _, _), (x, y, _, _) = await asyncio.gather(
                self._objects.place(item), self._objects.place_of_character(item, 0)
            )
        except CaptureTimeoutError:
            raise
        except CaptureError:  # it can't say
            return False
        self._ends.add((x - left, y - top))
        return len(self._ends) >= _MOST_PLACES
