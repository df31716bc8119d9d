"""`Quiet` on the loop: one timer serves all changes until a selection is complete. Core thread only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from reader.capture.quiet import Quiet


class QuietTimer:
    """Reports once that a selection is complete, and once that it is no longer current: see Quiet."""

    def __init__(self) -> None:
        self.tell: Callable[[bool], None] = lambda is_there: None
        self._quiet = Quiet(lambda is_there: self.tell(is_there))
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether reports are wanted."""
        return self._quiet.is_wanted

    @is_wanted.setter
    def is_wanted(self, value: bool) -> None:
        self._quiet.is_wanted = value

    def change(self, *, is_there: bool) -> None:
        """Note that there may be another selection, or none."""
        self._quiet.change(asyncio.get_running_loop().time(), is_there=is_there)
        self._wait()

    def leave(self) -> None:
        """Withdraw the last report."""
        self._quiet.leave()

    def stop(self) -> None:
        """Stop: the selection can no longer be known."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._quiet.change(0.0, is_there=False)

    def _wait(self) -> None:
        if self._quiet.due_s and not self._timer:
            self._timer = asyncio.get_running_loop().call_at(self._quiet.due_s, self._look)

    def _look(self) -> None:
        self._timer = None
        self._quiet.look(asyncio.get_running_loop().time())
        self._wait()
