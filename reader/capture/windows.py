"""What is selected on Windows, by Ctrl+C with the clipboard put back (`copying.py`), and the clipboard itself.

Windows has no selection that a program could ask for. What is copied is of the window in front at that moment, so it is
never an old one. The clipboard has a thread of its own, because the program that owns it may not answer.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import TypeVar

from reader import tasks
from reader.capture.base import LIMIT_CHARS, AskFront, CaptureOptions, Extent, Front, InFront, Selection
from reader.capture.copying import LATE_S, Copying, may_copy
from reader.capture.transfer import HUNG
from reader.capture.windows_clipboard import WindowsClipboard, window_in_front
from reader.errors import CaptureError, CaptureTimeoutError, DesktopError
from reader.flow import CapturedText, Source
from reader.support.i18n import translate
from reader.win32 import MessageThread

T = TypeVar("T")

# Of the thread, which is busy for at most 0.3 s unless a program does not answer it.
_LIMIT_S = 1.0
_LATE_STEP_S = 0.1


class WindowsText:
    """Implements Place."""

    def __init__(self) -> None:
        """Waits for the thread. Raises DesktopError."""
        self._thread = MessageThread("clipboard")
        self._clipboard = self._thread.submit(WindowsClipboard).result()
        self._copying = Copying(self._clipboard)
        self._late: asyncio.Task[None] | None = None
        self._is_closed = False

    def absence(self) -> str:
        return ""

    async def look(self) -> Selection | None:
        window = window_in_front()
        if window.pid in (0, os.getpid()):
            return Selection(Front.ANOTHERS)
        may_copy(window)
        return Selection(Front.ITS_OWN)

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        """For SELECTION and CLIPBOARD."""
        if source is Source.CLIPBOARD:
            text = await self._ask(self._copying.clipboard)
        else:
            may_copy(window_in_front())  # it may be another one by now
            try:
                text = await self._ask(self._copying.selection)
            except CaptureError:
                self._begin_undoing()
                raise
        return CapturedText(text[:LIMIT_CHARS], source, len(text) > LIMIT_CHARS)

    async def in_front(self) -> InFront:
        pid = window_in_front().pid
        return InFront() if pid == os.getpid() else InFront(pid)

    def use_front(self, ask: AskFront) -> None:
        pass

    async def why_nothing(self, pid: int) -> str:
        return ""

    async def apply(self, options: CaptureOptions) -> None:
        pass

    def notes(self) -> list[str]:
        return ["selections are copied with Ctrl+C, and the clipboard is put back; a clipboard history notes them"]

    async def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        if self._late:
            self._late.cancel()
        self._thread.submit(self._clipboard.end)
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
        """Have the thread do a job. One that it has not begun in time is not done any more."""
        done = self._thread.submit(job)
        try:
            async with asyncio.timeout(_LIMIT_S):
                return await asyncio.wrap_future(done)
        except TimeoutError as error:
            raise CaptureTimeoutError(translate("reader", HUNG)) from error
        except DesktopError as error:
            raise CaptureError(translate("reader", HUNG)) from error


async def open_place(_on_new_selection: Callable[[], None]) -> WindowsText:
    """Open it for `PlaceEntry`. Windows does not tell of selections, so the callback is never used."""
    try:
        return await asyncio.to_thread(WindowsText)
    except (DesktopError, OSError) as error:
        raise CaptureError(str(error)) from error
