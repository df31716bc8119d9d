"""The focused control, as its program reports it to assistive programs: selection, text or name. Windows and macOS.

The questions are asked on a separate thread, because a program may not answer; until it does, this place knows nothing,
and another one copies. `automation.py` decides what is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

from reader.capture.automation import NOTHING, Automation, NoAutomationError, focus, selection
from reader.capture.base import LIMIT_CHARS, Extent, OnlyText, Selection
from reader.capture.transfer import HUNG
from reader.errors import CaptureError, CaptureTimeoutError, DesktopError, NothingToReadError
from reader.flow import CapturedText, Source
from reader.support.i18n import translate

T = TypeVar("T")

# A key press waits for this; most programs answer within 10 ms.
_LOOK_LIMIT_S = 0.2
# Fetching a whole text takes longer than a selection.
_READ_LIMIT_S = 2.0


class Jobs(Protocol):
    """A thread that runs jobs in order."""

    def submit(self, job: Callable[[], T]) -> Future[T]:
        """Any thread. Run a job soon. Its future fails with DesktopError if the thread has ended."""

    def close(self) -> None:
        """End the thread after its pending jobs, waiting briefly. May be called twice."""


class AskedText(OnlyText):
    """Implements Place."""

    def __init__(self, thread: Jobs, automation: Automation, notes: Callable[[], list[str]] = list) -> None:
        """`automation` is used only on that thread. `notes` are for `harken doctor`."""
        self._thread = thread
        self._automation = automation
        self._notes = notes
        self._asked: Future[object] | None = None  # a job that a program may still be blocking
        self._is_closed = False

    def absence(self) -> str:
        return ""

    async def look(self) -> Selection | None:
        try:
            return selection(await self._ask(self._automation.focused, _LOOK_LIMIT_S))
        except (NoAutomationError, CaptureTimeoutError):
            return None

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        """For SELECTION and FOCUS."""
        try:
            if source is Source.FOCUS:
                return await self._ask(lambda: focus(self._automation, extent), _READ_LIMIT_S)
            found = selection(await self._ask(self._automation.focused, _READ_LIMIT_S))
        except NoAutomationError as error:
            raise NothingToReadError(translate("reader", NOTHING)) from error
        if not found or not (found.text or "").strip():
            raise NothingToReadError(translate("reader", "Nothing is selected."))
        return CapturedText((found.text or "")[:LIMIT_CHARS], source)

    def notes(self) -> list[str]:
        return self._notes()

    async def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._thread.submit(self._automation.close)
            await asyncio.to_thread(self._thread.close)

    async def _ask(self, job: Callable[[], T], limit_s: float) -> T:
        """Run a job on the thread, unless a program is still blocking it."""
        if self._asked and not self._asked.done():
            raise CaptureTimeoutError(translate("reader", HUNG))
        done = self._thread.submit(job)
        self._asked = done  # type: ignore[assignment]
        try:
            async with asyncio.timeout(limit_s):
                return await asyncio.shield(asyncio.wrap_future(done))
        except TimeoutError as error:
            raise CaptureTimeoutError(translate("reader", HUNG)) from error
        except DesktopError as error:
            raise CaptureError(translate("reader", HUNG)) from error
