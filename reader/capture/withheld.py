"""Detects paragraphs of an office document that have text but report none.

LibreOffice (7.4) keeps only some 300 paragraphs laid out: those on the screen and those it laid out last. For any other
it reports no text, just as for a blank one. But the end of its text, requested as the position of character 0, is where
its last line ends; for a blank paragraph it is where the first line begins. Core thread only.
"""

from __future__ import annotations

import asyncio

from reader.capture.accessible import Accessibles, Object
from reader.capture.roles import State
from reader.errors import CaptureError, CaptureTimeoutError

# Blank lines in a row begin at fewer positions: left, centre, right, indented, below some space.
_MOST_PLACES = 6


class Withheld:
    """Checks a run of paragraphs that report no text. `add` them in order, and `forget` them at one with text."""

    def __init__(self, objects: Accessibles) -> None:
        self._objects = objects
        self._ends: set[tuple[int, int]] = set()

    def forget(self) -> None:
        """Start a new run."""
        self._ends.clear()

    async def add(self, item: Object) -> bool:
        """Whether this paragraph, or one before it, does have text. Raises CaptureTimeoutError."""
        try:
            if State.SHOWING.is_in(await self._objects.states(item)):
                return False
            (left, top, _, _), (x, y, _, _) = await asyncio.gather(
                self._objects.place(item), self._objects.place_of_character(item, 0)
            )
        except CaptureTimeoutError:
            raise
        except CaptureError:  # it does not report positions
            return False
        self._ends.add((x - left, y - top))
        return len(self._ends) >= _MOST_PLACES
