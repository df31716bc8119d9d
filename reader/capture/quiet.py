"""When a selection is made: while the mouse is dragged it changes many times a second.

Pure; times are seconds of one clock. Used by one thread.
"""

from __future__ import annotations

from collections.abc import Callable

# A selection is made when it has not changed for this long.
QUIET_S = 0.06


class Quiet:
    """Tells once that a selection is made, and once that it counts no more; of what changes before that, nothing."""

    def __init__(self, tell: Callable[[bool], None]) -> None:
        """`tell` gets True and False in turn, as `Telling.tell` says."""
        self._tell = tell
        self._is_told = False
        self.is_wanted = False
        self.due_s = 0.0  # when it is made, if it stays as it is; 0 if there is none

    def change(self, now_s: float, *, is_there: bool) -> None:
        """Another one may be there from now on."""
        self.leave()
        self.due_s = now_s + QUIET_S if self.is_wanted and is_there else 0.0

    def leave(self) -> None:
        """What was told of counts no more: it has changed, or another window has come to the front."""
        if self._is_told:
            self._is_told = False
            self._tell(False)

    def look(self, now_s: float) -> None:
        """Tell of it if it is time."""
        if self.due_s and now_s >= self.due_s:
            self.due_s, self._is_told = 0.0, True
            self._tell(True)
