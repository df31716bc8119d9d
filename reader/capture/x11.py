"""The X selection (PRIMARY) and the clipboard, and what the X server knows about them.

A selection belongs to the active window if both are of the same X client or the same process, or if its owner is a
program running in the active terminal. The server reports when each of them changes. Harken's own windows never count
as active: the user means the one before.

In a Wayland session this is XWayland, to which GNOME passes on the selection of any window. While a native Wayland
window is in front, the server does not know it; programs themselves may report it (`front_atspi.py`).

`x11_watcher.py` has the connection to the X server, and its thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from Xlib import Xatom
from Xlib.error import DisplayError, XError

from reader.capture.base import AskFront, CaptureOptions, Extent, Front, InFront, Selection
from reader.capture.front import FrontWatch, FrontWindow
from reader.capture.front_atspi import AtspiFront
from reader.capture.transfer import DISPLAY_LOST
from reader.capture.x11_watcher import X11Watcher
from reader.errors import CaptureError, CaptureTimeoutError, DesktopError
from reader.flow import CapturedText, Source
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

log = logging.getLogger(__name__)

T = TypeVar("T")

# For the server. Programs have shorter limits, see transfer.py: a whole text takes 5 s at most.
_LOOK_LIMIT_S = 1.0
_READ_LIMIT_S = 6.0
_NO_ANSWER = QT_TRANSLATE_NOOP("reader", "Harken could not get the selection. Press the key again.")


class X11Text:
    """Implements Place and Telling."""

    def __init__(self, watcher: X11Watcher, front: FrontWindow, watch: FrontWatch | None) -> None:
        """`watch` reports to `front` which native Wayland window is in front, if needed and possible."""
        self._watcher = watcher
        self._front = front
        self._watch = watch
        self._ahead: Future[tuple[str, bool] | None] | None = None  # the text of the last selection found

    def absence(self) -> str:
        return ""

    async def look(self) -> Selection | None:
        finding = self._watcher.submit(self._watcher.find)
        self._ahead = self._watcher.submit(partial(self._watcher.read_if_meant, finding))  # the thread need not wait
        try:
            return await self._judge(finding)
        except asyncio.CancelledError:
            self._ahead = None  # another place has answered, so don't keep a long text
            raise

    async def look_in_advance(self) -> Selection | None:
        return await self._judge(self._watcher.submit(self._watcher.find))

    async def _judge(self, finding: Future[Selection]) -> Selection:
        selection: Selection = await self._wait(finding, _LOOK_LIMIT_S)
        if selection.front is Front.UNKNOWN and selection.text is None and self._watch and await self._watch.confirm():
            return self._front.judge(selection.selected_s)
        return selection

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        """For SELECTION and CLIPBOARD."""
        if extent is Extent.BEGINNING:
            text, is_cut = await self._ask(self._watcher.read_beginning, _READ_LIMIT_S)
            return CapturedText(text, source, is_cut)
        ahead, self._ahead = self._ahead, None
        if source is Source.SELECTION and ahead and (found := await self._wait(ahead, _READ_LIMIT_S)):
            return CapturedText(found[0], source, found[1])
        is_primary = source is Source.SELECTION
        text, is_cut = await self._ask(
            lambda: self._watcher.read(Xatom.PRIMARY if is_primary else self._watcher.clipboard()), _READ_LIMIT_S
        )
        return CapturedText(text, source, is_cut)

    async def in_front(self) -> InFront:
        known = self._watcher.known_front()  # a key press waits for it
        if known is not None:
            return known
        try:
            return await self._ask(self._watcher.in_front, _LOOK_LIMIT_S)
        except CaptureError:
            return InFront()

    def use_front(self, ask: AskFront) -> None:
        pass

    async def why_nothing(self, pid: int) -> str:
        return ""

    async def _ask(self, job: Callable[[], T], limit_s: float) -> T:
        """Run a job on the watcher's thread."""
        return await self._wait(self._watcher.submit(job), limit_s)

    async def _wait(self, job: Future[T], limit_s: float) -> T:
        """The job's result, without waiting for a server that has stopped responding."""
        try:
            async with asyncio.timeout(limit_s):
                return await asyncio.wrap_future(job)
        except TimeoutError as error:
            raise CaptureTimeoutError(translate("reader", _NO_ANSWER)) from error
        except DesktopError as error:
            raise CaptureError(translate("reader", DISPLAY_LOST)) from error
        except XError as error:
            raise CaptureError(translate("reader", _NO_ANSWER)) from error

    async def apply(self, options: CaptureOptions) -> None:
        self._watcher.watches_selection = options.every_selection
        self._watcher.quiet.is_wanted = options.prepares

    def tell(self, on_selection: Callable[[bool], None]) -> None:
        self._watcher.on_selection = on_selection

    def notes(self) -> list[str]:
        if not self._watcher.is_beside_wayland:
            return []
        if self._watch:
            return self._watch.notes()
        return ["a selection is read only in X11 programs, because nothing reports which other window is in front"]

    async def close(self) -> None:
        await asyncio.to_thread(self._watcher.close)
        if self._watch:
            await self._watch.close()


async def open_place(on_new_selection: Callable[[], None]) -> X11Text:
    """Open the place. `PlaceEntry` in choose.py says what is raised."""
    try:
        watcher = await asyncio.to_thread(X11Watcher, on_new_selection)  # waits for the server
    except (DisplayError, XError, OSError) as error:
        raise CaptureError(str(error)) from error
    front = FrontWindow()
    front.on_other = partial(watcher.submit, watcher.quiet.leave)
    watch = AtspiFront(front) if watcher.is_beside_wayland else None
    try:
        if watch:
            await watch.start()
    except DesktopError as error:
        log.info("it is not known which window is in front: %s", error)
        watch = None
    except BaseException:  # Harken quits while this starts
        await asyncio.to_thread(watcher.close)
        raise
    return X11Text(watcher, front, watch)
