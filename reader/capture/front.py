"""Which window is in front, and which one was when something was selected.

On Wayland a selection does not say which program made it. So it is attributed to the window that was in front at the
time: it is current while that window is in front, and old otherwise. If nothing reports what is in front, that is
unknown, and `base.py: Selection.is_meant` refuses.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from enum import Enum, auto
from typing import Protocol

from reader.capture.base import Front, Selection

# How many changes are remembered. A selection older than all of them is old.
_REMEMBERED = 256
# Between two windows, compositors may report that none is in front. Within this time before one of Harken's own, ignore
# that.
_BETWEEN_S = 0.5


class Other(Enum):
    """What is in front if it is not another program's window."""

    NOTHING = auto()
    OWN = auto()  # one of Harken's: the user means the window before it
    UNKNOWN = auto()


class FrontWindow:
    """A record of what was in front, and since when. Core thread only; times are of time.monotonic()."""

    def __init__(self) -> None:
        # The program in front, ignoring Harken: its process, or the compositor's name for it; 0 if unknown.
        self.program: int | str = 0
        self.on_other: Callable[[], object] = lambda: (
            None
        )  # called when another window comes to the front, other than Harken's own
        self._changes: deque[tuple[float, Hashable]] = deque([(0.0, Other.UNKNOWN)], _REMEMBERED)

    def change(self, window: Hashable, at_s: float, program: int | str = 0) -> None:
        """Record that this window, or one of `Other`, came to the front."""
        if window is not Other.OWN:
            self.program = program
        last_s, last = self._changes[-1]
        if window is Other.OWN and last is Other.NOTHING and at_s - last_s < _BETWEEN_S:
            self._changes.pop()
        if window != self._changes[-1][1]:
            self._changes.append((at_s, window))
            if window is not Other.OWN:
                self.on_other()

    def judge(self, selected_s: float | None) -> Selection:
        """What is known about a selection made at that time, None if the time is unknown."""
        others = (change for change in reversed(self._changes) if change[1] is not Other.OWN)
        since_s, front = next(others, (0.0, Other.UNKNOWN))
        if front is Other.UNKNOWN or selected_s is None:
            return Selection(Front.UNKNOWN)
        maker = next((window for at_s, window in reversed(self._changes) if at_s <= selected_s), Other.UNKNOWN)
        # A window that is back in front is the same window, but NOTHING is not: a selection made back then is old.
        is_its_own = maker == front and (front is not Other.NOTHING or selected_s >= since_s)
        return Selection(Front.ITS_OWN if is_its_own else Front.ANOTHERS)


class FrontWatch(Protocol):
    """Reports to a FrontWindow what is in front. Core thread only."""

    async def confirm(self) -> bool:
        """Whether the last report still holds: not every program reports that it has closed its window."""

    def notes(self) -> list[str]:
        """What `harken doctor` should say about it, in sentences."""

    async def close(self) -> None:
        """Stop watching. May be called twice."""
