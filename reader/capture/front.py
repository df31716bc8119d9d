"""Which window is in front, and which one was when something was selected.

On Wayland a selection does not say who made it. So it is assigned to the window that was in front when it was made: it
is current while that window is in front, and old otherwise. If nothing reports what is in front, it is not known, and
`base.py: Selection.is_meant` refuses.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from enum import Enum, auto
from typing import Protocol

from reader.capture.base import Front, Selection

# Changes that are remembered. A selection that is older than all of them is an old one.
_REMEMBERED = 256
# Compositors may say that no window is in front until the next one is. This soon before one of Harken's, that means
# nothing.
_BETWEEN_S = 0.5


class Other(Enum):
    """What is in front when it is no window of another program."""

    NOTHING = auto()
    OWN = auto()  # one of Harken's: what is meant is in the window before it
    UNKNOWN = auto()


class FrontWindow:
    """What was in front since when. Core thread only; times are of time.monotonic()."""

    def __init__(self) -> None:
        # The program in front, Harken aside: its process, or what the compositor calls it; 0 if that is not known.
        self.program: int | str = 0
        self.on_other: Callable[[], object] = lambda: (
            None
        )  # is called when another window is in front, Harken's own aside
        self._changes: deque[tuple[float, Hashable]] = deque([(0.0, Other.UNKNOWN)], _REMEMBERED)

    def change(self, window: Hashable, at_s: float, program: int | str = 0) -> None:
        """This window, or one of `Other`, came to the front."""
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
        """What is known of a selection that was made at that time, None if that is not known."""
        others = (change for change in reversed(self._changes) if change[1] is not Other.OWN)
        since_s, front = next(others, (0.0, Other.UNKNOWN))
        if front is Other.UNKNOWN or selected_s is None:
            return Selection(Front.UNKNOWN)
        maker = next((window for at_s, window in reversed(self._changes) if at_s <= selected_s), Other.UNKNOWN)
        # A window that is in front again is the same one; no window is not: what was selected then is old by now.
        is_its_own = maker == front and (front is not Other.NOTHING or selected_s >= since_s)
        return Selection(Front.ITS_OWN if is_its_own else Front.ANOTHERS)


class FrontWatch(Protocol):
    """Somebody who tells a FrontWindow what is in front. Core thread only."""

    async def confirm(self) -> bool:
        """Whether what was told last is still so: not every program tells that it has closed its window."""

    def notes(self) -> list[str]:
        """What `harken doctor` should say about it, in sentences."""

    async def close(self) -> None:
        """Watch no more. May be called twice."""
