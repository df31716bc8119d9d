"""The selection on systems that don't expose it, by a copy (`copying.py`), and the clipboard's content.

The copy is made from the window in front at that moment, so it is never old. The clipboard has its own thread, because
the program that owns it may not answer.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import TypeVar

from reader import tasks
from reader.capture.asked import Jobs
from reader.capture.base import LIMIT_CHARS, Extent, Front, InFront, OnlyText, Selection
from reader.capture.copying import LATE_S, Copying
from reader.capture.transfer import HUNG
from reader.errors import CaptureError, CaptureTimeoutError, DesktopError
from reader.flow import CapturedText, Source
from reader.support.i18n import translate

T = TypeVar("T")

# For the thread, which is busy for at most 0.6 s unless a program does not answer it, or the computer is overloaded.
_LIMIT_S = 1.5
_LATE_STEP_S = 0.1


class CopiedText(OnlyText):
    """Implements Place."""

    def __init__(
        self,
        thread: Jobs,
        copying: Copying,
        *,
        in_front: Callable[[], int],
        may_copy: Callable[[], None],
        notes: Callable[[], list[str]],
    ) -> None:
        """`copying` is used only on that thread.

        `in_front` returns the process of the window in front, 0 for none; `may_copy` raises CaptureError if nothing may
        be copied from it; `notes` are for `harken doctor`. All are quick.
        """
        self._thread = thread
        self._copying = copying
        self._pid_in_front = in_front
        self._may_copy = may_copy
        self._notes = notes
        self._late: asyncio.Task[None] | None = None
        self._is_closed = False

    def absence(self) -> str:
        return ""

    async def look(self) -> Selection | None:
        if self._pid_in_front() in (0, os.getpid()):
            return Selection(Front.ANOTHERS)
        self._may_copy()
        return Selection(Front.ITS_OWN)

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        """For SELECTION and CLIPBOARD."""
        if source is Source.CLIPBOARD:
            text = await self._ask(self._copying.clipboard)
        else:
            self._may_copy()  # the window in front may have changed
            try:
                text = await self._ask(self._copying.selection)
            except CaptureError:
                self._begin_undoing()
                raise
        return CapturedText(text[:LIMIT_CHARS], source, len(text) > LIMIT_CHARS)

    async def in_front(self) -> InFront:
        pid = self._pid_in_front()
        return InFront() if pid == os.getpid() else InFront(pid)

    def notes(self) -> list[str]:
        return self._notes()

    async def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        if self._late:
            self._late.cancel()
        self._thread.submit(self._copying.end)
        await asyncio.to_thread(self._thread.close)

    def _begin_undoing(self) -> None:
        if not self._late or self._late.done():
            self._late = tasks.start(self._undo_late_copy(), "undo a late copy")

    async def _undo_late_copy(self) -> None:
        for _ in range(round(LATE_S / _LATE_STEP_S) + 1):
            await asyncio.sleep(_LATE_STEP_S)
            if not await self._ask(self._copying.undo_late_copy):
                return

    async def _ask(self, job: Callable[[], T]) -> T:
        """Run a job on the thread. A job not started in time is dropped."""
        done = self._thread.submit(job)
        try:
            async with asyncio.timeout(_LIMIT_S):
                return await asyncio.wrap_future(done)
        except TimeoutError as error:
            raise CaptureTimeoutError(translate("reader", HUNG)) from error
        except DesktopError as error:
            raise CaptureError(translate("reader", HUNG)) from error
