"""Looks for a text on behalf of the session: the newest press counts. Core thread only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from reader import tasks
from reader.capture.capture import Capture
from reader.errors import HarkenError
from reader.flow import CapturedText
from reader.session import finding, following
from reader.session.going_on import Press
from reader.session.preferences import Preferences
from reader.support import timeline


class Search:
    """`on_found` and `on_nothing` get the result of a press, `on_new` a new selection that is read without one.

    `on_reopened` gets a text that was read before, and where to go on.
    """

    def __init__(
        self,
        capture: Capture,
        on_found: Callable[[CapturedText, Press], None],
        on_nothing: Callable[[HarkenError], None],
        on_new: Callable[[CapturedText], None],
        on_reopened: Callable[[CapturedText, int], None],
    ) -> None:
        self.capture = capture
        self._on_found = on_found
        self._on_nothing = on_nothing
        self._on_new = on_new
        self._on_reopened = on_reopened
        self.on_begin: Callable[[], None] = lambda: None  # gives up what a search must not wait for
        self._task: asyncio.Task[None] | None = None
        self._selections = following.NewSelections()

    def find(self, press: Press, preferences: Preferences) -> None:
        """Look for what a press asks for."""
        timeline.mark(timeline.Stage.KEY_IN_CORE)
        self._start(self._find(press, preferences))

    def find_new(self) -> None:
        """Look for a selection that has not been read yet; reports nothing if there is none."""
        self._start(self._find_new())

    def reopen(self, opening: Coroutine[None, None, tuple[CapturedText, int]]) -> None:
        """Open a text that was read before."""
        self._start(self._reopen(opening))

    @property
    def is_searching(self) -> bool:
        """Whether a search is running."""
        return self._task is not None and not self._task.done()

    def stop(self) -> None:
        """Stop looking."""
        if self._task:
            self._task.cancel()

    def _start(self, search: Coroutine[None, None, None]) -> None:
        self.stop()
        self.on_begin()
        self._task = tasks.start(search, "capture")

    async def _find(self, press: Press, preferences: Preferences) -> None:
        try:
            captured = await finding.find(self.capture, press.command, preferences)
            timeline.mark(timeline.Stage.FOUND)
            self._on_found(captured, press)
        except Exception as error:  # whatever it is, the press is answered
            self._on_nothing(finding.told(error))

    async def _reopen(self, opening: Coroutine[None, None, tuple[CapturedText, int]]) -> None:
        try:
            self._on_reopened(*await opening)
        except Exception as error:  # likewise
            self._on_nothing(finding.told(error))

    async def _find_new(self) -> None:
        try:
            captured = await self.capture.read_selection()
        except HarkenError:
            return
        if self._selections.is_new(captured.text, asyncio.get_running_loop().time()):
            self._on_new(captured)
