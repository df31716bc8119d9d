"""What has the focus on Windows, as its program tells assistive programs (UI Automation): its selection, text or name.

Wine has no UI Automation, so this was only run against a fake. A thread of its own asks, because a program may not
answer; while it does not, this place knows nothing, and `windows.py` copies.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol, TypeVar

from reader.capture.base import LIMIT_CHARS, AskFront, CaptureOptions, Extent, Front, InFront, Selection
from reader.capture.transfer import HUNG
from reader.errors import CaptureError, CaptureTimeoutError, DesktopError, HarkenError, NothingToReadError
from reader.flow import CapturedText, Source
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from reader.win32 import MessageThread

T = TypeVar("T")

# A key press waits for it; most programs answer within 10 ms.
_LOOK_LIMIT_S = 0.2
# A whole text takes longer than a selection.
_READ_LIMIT_S = 2.0
# Control types: UIA_EditControlTypeId, UIA_DocumentControlTypeId.
EDIT, DOCUMENT = 50004, 50030
_PASSWORD = QT_TRANSLATE_NOOP("reader", "This is a password field. Harken does not read passwords aloud.")
_NOTHING = QT_TRANSLATE_NOOP("reader", "There is no text to read here.")
_WORD_BEGUN = re.compile(r"\S*\Z")


class Unit(IntEnum):
    """TextUnit in UIAutomationClient.h."""

    WORD = 2
    LINE = 3
    PARAGRAPH = 4


class NoAutomationError(HarkenError):
    """UI Automation is not there, or a program does not answer it."""


@dataclass(slots=True)
class Focused:
    """What has the focus: its process, control type and name, in the user's language what it is, and what is in it.

    `selected` is None where it has no text that could be selected, `value` where it has none.
    """

    pid: int
    kind: int
    is_password: bool = False
    name: str = ""
    role: str = ""
    value: str | None = None
    selected: str | None = None


class Automation(Protocol):
    """What is asked of the system. One thread; every method raises NoAutomationError, and may take long."""

    def focused(self) -> Focused | None:
        """None when nothing has the focus. Of a password's field there are no texts."""

    def around(self, unit: Unit) -> tuple[str, str]:
        """What is before the cursor and behind it, of the part of the text that it is in."""

    def to_end(self) -> str:
        """From the cursor on."""

    def whole(self) -> str:
        """All of the text."""

    def close(self) -> None:
        """Release it."""


def selection(found: Focused | None) -> Selection | None:
    """What is selected, as far as this can be believed.

    Raises NothingToReadError for a password's field, so that no other place is asked. That nothing is selected is
    believed of a text field alone: a page in a browser may not be ready to tell, and a list has texts of its own. Then
    Ctrl+C shows.
    """
    if found is None:
        return None
    if found.pid == os.getpid():
        return Selection(Front.ANOTHERS)
    if found.is_password:
        raise NothingToReadError(translate("reader", _PASSWORD))
    if found.selected is None or (not found.selected.strip() and found.kind != EDIT):
        return None
    return Selection(Front.ITS_OWN, found.selected)


def focus(asked: Automation, extent: Extent) -> CapturedText:
    """What is meant of the focus. Raises NothingToReadError, CaptureError for a password, NoAutomationError."""
    found = asked.focused()
    if found is None or found.pid == os.getpid():
        raise NothingToReadError(translate("reader", _NOTHING))
    if found.is_password:
        raise CaptureError(translate("reader", _PASSWORD))
    if found.selected is None:
        return _whole(", ".join(part for part in (found.name, found.role, found.value or "") if part.strip()))
    match extent:
        case Extent.FOCUS if found.selected.strip():
            return _whole(found.selected)
        case Extent.DOCUMENT:
            return _whole(asked.whole())
        case Extent.LINE:
            return _whole("".join(asked.around(Unit.LINE)))
        case Extent.FOCUS | Extent.REST:
            before = asked.around(Unit.PARAGRAPH)[0]
            if extent is Extent.REST:
                before = _WORD_BEGUN.findall(before)[0]
            return _whole(before + asked.to_end())
        case _:
            before, behind = asked.around(Unit.PARAGRAPH)
            whole = _whole(before + behind)
            return CapturedText(whole.text, Source.FOCUS, caret_chars=len(before))


def _whole(text: str) -> CapturedText:
    if not text.strip():
        raise NothingToReadError(translate("reader", _NOTHING))
    return CapturedText(text[:LIMIT_CHARS], Source.FOCUS, is_cut=len(text) > LIMIT_CHARS)


class AutomationText:
    """Implements Place."""

    def __init__(self, thread: MessageThread, automation: Automation) -> None:
        """`automation` is of that thread."""
        self._thread = thread
        self._automation = automation
        self._asked: Future[object] | None = None  # a program may still keep the thread waiting for it
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
            raise NothingToReadError(translate("reader", _NOTHING)) from error
        if not found or not (found.text or "").strip():
            raise NothingToReadError(translate("reader", "Nothing is selected."))
        return CapturedText((found.text or "")[:LIMIT_CHARS], source)

    async def in_front(self) -> InFront:
        return InFront()

    def use_front(self, ask: AskFront) -> None:
        pass

    async def why_nothing(self, pid: int) -> str:
        return ""

    async def apply(self, options: CaptureOptions) -> None:
        pass

    def notes(self) -> list[str]:
        return []

    async def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._thread.submit(self._automation.close)
            await asyncio.to_thread(self._thread.close)

    async def _ask(self, job: Callable[[], T], limit_s: float) -> T:
        """Have the thread do a job, unless a program still keeps it waiting."""
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


async def open_place(_on_new_selection: Callable[[], None]) -> AutomationText:
    """Open it for `PlaceEntry`. It is not told of selections, so the callback is never used."""
    from reader.capture.uia_com import Automation as WindowsAutomation

    def start() -> AutomationText:
        thread = MessageThread("ui automation")
        try:
            return AutomationText(thread, thread.submit(WindowsAutomation).result())
        except BaseException:
            thread.close()
            raise

    try:
        return await asyncio.to_thread(start)
    except (DesktopError, NoAutomationError, OSError) as error:
        raise CaptureError(str(error)) from error
