"""What may be said as the user moves around, and when: pure, without time or sound.

Announcing a control never interrupts the user's reading, not even a paused one. It interrupts only the announcement
before it, and waits for Harken's own sentences; no more than one control waits.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

# Two places may report the same selection; the same text again within this time counts as that.
_TOLD_TWICE_S = 1.0


class Then(Enum):
    """What to do about something that the user moves to."""

    SAY = auto()  # at once, instead of what was followed before
    WAIT = auto()  # until Harken's own sentences are over, unless something newer comes
    SKIP = auto()


class Now(NamedTuple):
    """What is being spoken, held, or looked for."""

    is_idle: bool  # nothing
    is_followed: bool  # an announcement of what the user moved to
    is_own: bool  # that, or one of Harken's own sentences
    is_waiting: bool  # one of Harken's own sentences waits for it to end


def then(text: str, now: Now) -> Then:
    """What to do with the text of an announcement, which is "" if there is nothing to say."""
    if not text:
        return Then.SKIP
    if now.is_idle or now.is_followed:
        return Then.WAIT if now.is_waiting else Then.SAY
    return Then.WAIT if now.is_own else Then.SKIP


class NewSelections:
    """Remembers the last selection that was read without a key."""

    def __init__(self) -> None:
        self._newest = ("", -_TOLD_TWICE_S)

    def is_new(self, text: str, now_s: float) -> bool:
        """Whether this is a different selection, or the same one made again."""
        before, at_s = self._newest
        self._newest = text, now_s
        return text != before or now_s - at_s >= _TOLD_TWICE_S
