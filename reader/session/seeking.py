"""Places in a text that the user can move to, and how far a step goes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from reader.flow import Segment

# Going back this soon after the beginning of a sentence leads to the one before; later, to this one again.
BEGINNING_S = 2.0


class Unit(Enum):
    """What places are counted in."""

    SENTENCE = auto()
    PARAGRAPH = auto()
    CHARACTER = auto()

    def number(self, segment: Segment) -> int:
        """Which unit a segment ends in, counted from 0."""
        match self:
            case Unit.SENTENCE:
                return segment.sentence
            case Unit.PARAGRAPH:
                return segment.paragraph
            case _:
                return segment.end_chars - 1  # all of a segment is read, from wherever in it


@dataclass(frozen=True, slots=True)
class Sought:
    """The first segment in unit `number` or after it."""

    unit: Unit
    number: int

    def is_reached(self, segment: Segment) -> bool:
        """Whether a segment is there, or further on."""
        return self.unit.number(segment) >= self.number


@dataclass(frozen=True, slots=True)
class Move:
    """A step by `by` units: 0 is the beginning of this one, and so is -1 if that was a while ago."""

    unit: Unit
    by: int

    def target(self, at: Segment | None, sought: Sought | None, *, is_beginning: bool) -> Sought:
        """Where it leads from `at`, the segment being heard, or from a place that is still being `sought`.

        A place sought in another unit can't be counted from, so it stays. `is_beginning`: what is heard now begins the
        unit, and began less than BEGINNING_S ago.
        """
        if sought:
            return Sought(self.unit, sought.number + self.by) if sought.unit is self.unit else sought
        number = self.unit.number(at) if at else 0
        by = self.by if is_beginning or self.by >= 0 else self.by + 1
        return Sought(self.unit, number + by)


@dataclass(frozen=True, slots=True)
class WordAt:
    """A word, by its position in the captured text."""

    chars: int
