"""What may be said as the user moves around, and when: pure, without time or sound.

A followed control never interrupts the user's reading, not even a paused one. It interrupts only the one that was
followed before, and waits for Harken's own sentences, one control and not more.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

# Two places may tell of one selection; the same text again within this time is taken for that.
_TOLD_TWICE_S = 1.0


class Then(Enum):
    """What happens to something that the user comes to."""

    SAY = auto()  # at once, instead of what was followed before
    WAIT = auto()  # until Harken's own sentences are over, unless something newer comes
    SKIP = auto()


class Now(NamedTuple):
    """What is being spoken, held, or looked for."""

    is_idle: bool  # nothing
    is_followed: bool  # something that the user has come to
    is_own: bool  # that, or a sentence of Harken's own
    is_waiting: bool  # a sentence of Harken's own waits for its end


def then(text: str, now: Now) -> Then:
    """What to do with what is to be said of something new; "" when there is nothing."""
    if not text:
        return Then.SKIP
    if now.is_idle or now.is_followed:
        return Then.WAIT if now.is_waiting else Then.SAY
    return Then.WAIT if now.is_own else Then.SKIP


class NewSelections:
    """Knows which selections were read without a key."""

    def __init__(self) -> None:
        self._newest = ("", -_TOLD_TWICE_S)

    def is_new(self, text: str, now_s: float) -> bool:
        """Whether this is another one than the last, or the same made again."""
        before, at_s = self._newest
        self._newest = text, now_s
        return text != before or now_s - at_s >= _TOLD_TWICE_S
