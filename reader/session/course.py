"""The segments of a text as they are cut, which of them comes next, and how one moves among them. Core thread only."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from reader.flow import Segment
from reader.session.seeking import BEGINNING_S, Move, Sought, Unit

# How far back one can go.
_REMEMBERED = 500
# When the user moves ahead, this many segments are cut at once; the others as the reading continues.
_CUT_AT_ONCE = 3


class Course:
    """`made` are the segments that were cut last, `heard` the one being heard, or the one moved to."""

    def __init__(self, begin_at: int) -> None:
        """It begins with the segment that has the character `begin_at`."""
        self.made: deque[Segment] = deque(maxlen=_REMEMBERED)
        self.heard: Segment | None = None
        self.begun_chars = begin_at
        self._next_index = 0
        self._heard_from_s = 0.0  # when the sentence being heard began
        # The place gone to, while it is still to be cut.
        self._sought = Sought(Unit.CHARACTER, begin_at) if begin_at else None

    @property
    def place_chars(self) -> int:
        """Where the sentence begins that was heard last, in the whole text."""
        return self.sentence_start(self.heard).start_chars if self.heard else self.begun_chars

    def sentence_of(self, segment: Segment) -> str:
        """The sentence that a segment is of, as far as it was cut."""
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
        """A segment and what follows it are next. Returns those of them that were cut."""
        self._next_index = segment.index
        return [made for made in self.made if made.index >= segment.index]

    async def next(self, make: Callable[[], Awaitable[Segment | None]]) -> Segment | None:
        """The segment to speak next; `make` cuts one, waiting for text if need be. None behind the last."""
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
            await asyncio.sleep(0)  # everybody else's turn

    # ---- moving ----

    def begin_at(self, chars: int) -> None:
        """The text is cut anew, from there on."""
        self.made.clear()
        self.heard = self._sought = None
        self.begun_chars, self._next_index, self._heard_from_s = chars, 0, 0.0

    def find(self, move: Move, heard_s: float, make: Callable[[], Segment | None]) -> tuple[Sought, bool]:
        """(where a move leads to, whether that is known to be there, or may still come as far as `make` knows).

        `heard_s` are the seconds that were heard until now. `make` cuts a segment, None where there is none now.
        """
        wanted = move.target(self.heard, self._sought, is_beginning=self._is_beginning(move, heard_s))
        for _ in range(_CUT_AT_ONCE):
            if self.made and wanted.is_reached(self.made[-1]):
                return wanted, True
            if not make():
                return wanted, False
        return wanted, True

    def go(self, wanted: Sought) -> None:
        """That is next: the first segment that is there, or what will be cut."""
        target = next((s for s in self.made if wanted.is_reached(s)), None)
        self._sought = None if target else wanted
        self.heard, self._heard_from_s = target or self.heard, 0.0
        self._next_index = target.index if target else self.made[-1].index + 1 if self.made else 0

    def _is_beginning(self, move: Move, heard_s: float) -> bool:
        """Whether what is heard has only just begun, and begins what one moves by."""
        heard, number = self.heard, move.unit.number
        first = next((s for s in self.made if heard and number(s) == number(heard)), heard)
        is_first = not heard or not first or first.sentence == heard.sentence
        return is_first and heard_s - self._heard_from_s < BEGINNING_S
