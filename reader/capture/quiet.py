"""Detects when a selection is complete: while the mouse is dragged it changes many times a second.

Pure; times are seconds of one clock. Used by one thread.
"""

from __future__ import annotations

from collections.abc import Callable

# A selection is complete when it has not changed for this long.
QUIET_S = 0.06


class Quiet:
    """Reports once that a selection is complete, and once that it is no longer current; not what changes before."""

    def __init__(self, tell: Callable[[bool], None]) -> None:
        """`tell` gets True and False alternately, as described in `Telling.tell`."""
        self._tell = tell
        self._is_told = False
        self.is_wanted = False
        self.due_s = 0.0  # when it is complete, if unchanged; 0 if there is none

    def change(self, now_s: float, *, is_there: bool) -> None:
        """Note that the selection may have changed."""
        self.leave()
        self.due_s = now_s + QUIET_S if self.is_wanted and is_there else 0.0

    def leave(self) -> None:
        """Withdraw the last report: the selection has changed, or another window has come to the front."""
        if self._is_told:
            self._is_told = False
            self._tell(False)

    def look(self, now_s: float) -> None:
        """Report the selection if it is due."""
        if self.due_s and now_s >= self.due_s:
            self.due_s, self._is_told = 0.0, True
            self._tell(True)
