"""The segments cut from a text, which of them comes next, and moving among them. Core thread only."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from reader.flow import Segment
from reader.session.seeking import BEGINNING_S, Move, Sought, Unit

# How many segments are kept to go back to.
_REMEMBERED = 500
# When the user moves ahead, this many segments are cut at once; the rest as the reading continues.
_CUT_AT_ONCE = 3


class Course:
    """`made` are the segments cut most recently; `heard` is the one being heard, or moved to."""

    def __init__(self, begin_at: int) -> None:
        """Begins with the segment that contains the character `begin_at`."""
        self.made: deque[Segment] = deque(maxlen=_REMEMBERED)
        self.heard: Segment | None = None
        self.begun_chars = begin_at
        self._next_index = 0
        self._heard_from_s = 0.0  # when the sentence being heard began
        # The place moved to, until it has been cut.
        self._sought = Sought(Unit.CHARACTER, begin_at) if begin_at else None

    @property
    def place_chars(self) -> int:
        """Where the last sentence heard begins, in characters of the whole text."""
        return self.sentence_start(self.heard).start_chars if self.heard else self.begun_chars

    def sentence_of(self, segment: Segment) -> str:
        """The sentence a segment belongs to, as far as it has been cut."""
        return " ".join(made.text for made in self.made if made.sentence == segment.sentence)

    def sentence_start(self, segment: Segment) -> Segment:
        """The first segment of a sentence."""
        return next(s for s in self.made if s.sentence >= segment.sentence)

    def note_heard(self, segment: Segment, heard_s: float) -> None:
        """A segment is being heard, from the second `heard_s` on."""
        if self.heard is None or self.heard.sentence != segment.sentence:
            self._heard_from_s = heard_s
        self.heard = segment

    def go_back_to(self, segment: Segment) -> list[Segment]:
        """Make a segment the next one. Returns it and those after it that have been cut."""
        self._next_index = segment.index
        return [made for made in self.made if made.index >= segment.index]

    async def next(self, make: Callable[[], Awaitable[Segment | None]]) -> Segment | None:
        """The segment to speak next; `make` cuts one, waiting for text if need be. None after the last."""
        while True:
            if self.made and self._next_index <= self.made[-1].index:
                segment: Segment | None = self.made[self._next_index - self.made[0].index]
            else:
                segment = await make()
            self._next_index += 1
            if segment is None or self._sought is None:
                return segment
            if self._sought.is_reached(segment):
                self._sought, self.heard = None, segment
                return segment
            await asyncio.sleep(0)  # let other tasks run

    # ---- moving ----

    def begin_at(self, chars: int) -> None:
        """Start again: the text is being cut from there on."""
        self.made.clear()
        self.heard = self._sought = None
        self.begun_chars, self._next_index, self._heard_from_s = chars, 0, 0.0

    def find(self, move: Move, heard_s: float, make: Callable[[], Segment | None]) -> tuple[Sought, bool]:
        """Returns where a move leads, and False if `make` runs out of segments before that place is reached.

        `heard_s` is the number of seconds heard so far. `make` cuts a segment, or returns None if there is none now.
        """
        wanted = move.target(self.heard, self._sought, is_beginning=self._is_beginning(move, heard_s))
        for _ in range(_CUT_AT_ONCE):
            if self.made and wanted.is_reached(self.made[-1]):
                return wanted, True
            if not make():
                return wanted, False
        return wanted, True

    def go(self, wanted: Sought) -> None:
        """Go on there: at the first segment cut so far that reaches it, or else once it has been cut."""
        target = next((s for s in self.made if wanted.is_reached(s)), None)
        self._sought = None if target else wanted
        self.heard, self._heard_from_s = target or self.heard, 0.0
        self._next_index = target.index if target else self.made[-1].index + 1 if self.made else 0

    def _is_beginning(self, move: Move, heard_s: float) -> bool:
        """Whether the sentence being heard has only just begun and is the first of its unit."""
        heard, number = self.heard, move.unit.number
        first = next((s for s in self.made if heard and number(s) == number(heard)), heard)
        is_first = not heard or not first or first.sentence == heard.sentence
        return is_first and heard_s - self._heard_from_s < BEGINNING_S
