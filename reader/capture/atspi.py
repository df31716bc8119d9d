"""The focused text through AT-SPI, the Linux desktop's accessibility bus.

Programs report what has the focus (`focus.py`), and on a key press a few calls (`accessible.py`, 1 to 5 ms) fetch the
part that is meant (`focused.py`). Uses plain D-Bus, because pyatspi needs a compiled GObject stack.

Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable

from reader.capture import focused, unreported
from reader.capture.accessible import NOTHING, SLOW, Accessibles, Object
from reader.capture.base import AskFront, CaptureOptions, Extent, Front, InFront, Selection
from reader.capture.focus import Focus, Lost
from reader.capture.in_front import is_in_front
from reader.capture.roles import Role, State
from reader.capture.transfer import BEGINNING_BYTES
from reader.capture.walk import EMBEDDED
from reader.errors import CaptureError, CaptureTimeoutError, DesktopError, NothingToReadError
from reader.flow import CapturedText, Source
from reader.support import display
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# For the first words. An unanswered call ends it much sooner; this is for programs that answer slowly.
_READ_LIMIT_S = 3.0
# For the beginning of an office document as long as a novel: it is reached by going back paragraph by paragraph.
_DOCUMENT_LIMIT_S = 20.0
_WALK_OBJECTS = 2000
# How many objects are asked at the same time.
_AT_ONCE = 16
# How often to ask a window what in it has the focus.
_TRIES, _AGAIN_S = 5, 0.05
# Longer selections can't be fetched within the time that `look` may take.
_MOST_CHARS = 300_000
_BEGINNING_CHARS = BEGINNING_BYTES  # that many characters are at least as much text
# Trusted to report their selection: around the focus of a page, more may be selected.
_FIELDS = frozenset({Role.TEXT, Role.ENTRY})
# These have no text of their own.
_CONTAINERS = frozenset({Role.FRAME, Role.WINDOW, Role.ROOT_PANE, Role.PANEL})

_ROOT = Object("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")


class AtspiFocus:
    """Implements Place, InAdvance and Foreseeing."""

    def __init__(self) -> None:
        self._objects = Accessibles()
        self._focus = Focus(self._objects)
        self._ask_front: AskFront = self.in_front
        self._selected: tuple[Object, int, int] | None = None  # where the last selection was

    async def start(self) -> None:
        """Connect and follow the focus.

        Raises CaptureError saying why it can't be used.
        """
        try:
            await self._objects.connect()
            await self._focus.start()
        except asyncio.CancelledError:  # Harken quits while this starts
            await self.close()
            raise
        except DesktopError as error:
            await self.close()
            why = unreported.no_bus(str(error))
            raise CaptureError(f"no accessibility bus: {why}") from error

    async def in_front(self) -> InFront:
        return InFront()

    def use_front(self, ask: AskFront) -> None:
        self._ask_front = ask

    async def why_nothing(self, pid: int) -> str:
        if not pid and not display.is_wayland():  # X knows all windows: none is in front, or one of Harken's
            return ""
        kind = await asyncio.to_thread(unreported.kind_of, pid) if pid else None
        try:
            async with asyncio.timeout(_READ_LIMIT_S):
                is_on, reports = await unreported.is_on(), await self._reports(pid)
        except (TimeoutError, DesktopError, CaptureError) as error:
            log.debug("why nothing is reported is not known: %s", type(error).__name__)
            return ""
        sentence = unreported.reason(kind, is_on=is_on, reports=reports)
        return (
            translate("reader", sentence).format(setting=translate("settings", unreported.SETTING)) if sentence else ""
        )

    async def _reports(self, pid: int) -> bool:
        """Whether a process is on the bus, or any program there has an active window. Raises CaptureError."""
        for app in await self._objects.children(_ROOT):
            if await self._objects.is_own(app):
                continue
            if pid and await self._objects.pid(app) == pid:
                return True
            for window in await self._children(app):
                if State.ACTIVE.is_in(await self._states(window)):
                    return True
        return False

    async def apply(self, options: CaptureOptions) -> None:
        pass

    def notes(self) -> list[str]:
        return []

    # ---- Place ----

    def absence(self) -> str:
        return ""

    def will_know(self) -> bool:
        role = self._focus.lost.role if self._focus.lost else self._focus.role
        return role in _FIELDS

    async def look(self) -> Selection | None:
        """Return the selection, trusting only plain text fields: a page may be selected around its focus.

        The text at the last selection is requested immediately, without waiting to learn whether it is still selected:
        a selection is looked at when it is made (`preparing.py`), and again when the key is pressed.
        """
        return await self._look(is_advance=False)

    async def look_in_advance(self) -> Selection | None:
        return await self._look(is_advance=True)

    async def _look(self, *, is_advance: bool) -> Selection | None:
        lost = await self._lost()
        focus, role = lost[:2] if lost else (self._focus.item, self._focus.role)
        if focus is not None and not role:
            self._focus.learn_again()
        if focus is None or role not in _FIELDS:
            return None
        last, self._selected = self._selected, None
        try:
            (start, end), is_behind, text = await asyncio.gather(
                self._objects.first_selection(focus),
                self._is_behind(focus),
                self._text_of(None if is_advance else last, focus),
            )
            if is_behind:
                return None
            if end <= start:
                return Selection(Front.ITS_OWN, "")
            if end - start > _MOST_CHARS:
                return None
            self._selected = focus, start, end
            until = min(end, start + _BEGINNING_CHARS) if is_advance else end
            if text is None or last != self._selected:
                text = await self._objects.text(focus, start, until)
        except CaptureError:
            return None
        return None if EMBEDDED in text else Selection(Front.ITS_OWN, text, is_cut=until < end)

    async def _text_of(self, part: tuple[Object, int, int] | None, focus: Object) -> str | None:
        """The text there now, None if it is not in the focus or can't be fetched."""
        if part is None or part[0] != focus:
            return None
        try:
            return await self._objects.text(*part)
        except CaptureError:
            return None

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        """For FOCUS only."""
        try:
            async with asyncio.timeout(_DOCUMENT_LIMIT_S if extent is Extent.DOCUMENT else _READ_LIMIT_S):
                focus = await self._living_focus() or await self._find_focus()
                if focus is None:
                    raise NothingToReadError(translate("reader", NOTHING))
                return await focused.read(self._objects, await self._innermost(focus), extent)
        except TimeoutError as error:
            raise CaptureTimeoutError(translate("reader", SLOW)) from error

    async def close(self) -> None:
        await self._focus.close()
        await self._objects.close()

    # ---- where the focus is ----

    async def _living_focus(self) -> Object | None:
        """The last reported focus, unless its program is gone or no longer in front: not every program reports that."""
        lost = await self._lost()
        with contextlib.suppress(NothingToReadError):
            if lost and State.SHOWING.is_in(await self._objects.states(lost.item)):
                return lost.item
        focus = self._focus.item
        if focus is not None and await self._is_behind(focus):
            return None
        try:
            is_gone = focus is not None and State.DEFUNCT.is_in(await self._objects.states(focus))
        except CaptureTimeoutError:
            raise
        except CaptureError:
            is_gone = True
        if is_gone:
            self._focus.forget()
            return None
        return focus

    async def _lost(self) -> Lost | None:
        """The object that lost the focus only because of a keyboard grab."""
        lost = self._focus.lost
        return lost if lost and lost.is_meant((await self._ask_front()).since_s) else None

    async def _is_behind(self, focus: Object) -> bool:
        """Whether the user has left the object's window without its program reporting that it lost the focus.

        An inactive window is still trusted if its program is in front: while a key is grabbed, or one of Harken's own
        windows is open, it may report itself as inactive.
        """
        line, is_known = self._focus.line, True
        if not line or focus != self._focus.item:
            return False
        try:
            if await is_in_front(self._objects, line):
                return False
        except CaptureTimeoutError:
            is_known = False
        except CaptureError:
            pass
        front = (await self._ask_front()).pid
        if front == os.getpid():
            return False
        return front != await self._objects.pid(focus) if front else is_known

    async def _find_focus(self) -> Object | None:
        """Search the active window for the focus, if nothing has been reported since we began to listen.

        Raises CaptureTimeoutError if the program in front does not answer.
        """
        left = [_WALK_OBJECTS]
        others = []
        for app in await self._children(_ROOT):
            if await self._objects.is_own(app):
                continue
            for window in await self._windows(app):
                if not State.ACTIVE.is_in(await self._states(window)):
                    others.append(window)
                elif found := await self._walk(window, left):
                    return found
        front = (await self._ask_front()).pid
        for window in others:  # may report themselves as inactive while a key is grabbed
            if front and await self._objects.pid(window) == front and (found := await self._walk(window, left)):
                return found
        return None

    async def _windows(self, app: Object) -> list[Object]:
        try:
            return await self._objects.children(app)
        except CaptureTimeoutError:
            front = (await self._ask_front()).pid
            if front and front == await self._objects.pid(app):
                raise
        except CaptureError:
            pass
        return []

    async def _walk(self, window: Object, left: list[int]) -> Object | None:
        found, waiting = None, [window]
        while waiting and left[0] > 0:
            items, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
            left[0] -= len(items)
            states = await asyncio.gather(*map(self._states, items))
            focused = [item for item, known in zip(items, states, strict=True) if State.FOCUSED.is_in(known)]
            if focused:
                found = focused[0]
                if not await self._may_be_inside(found):
                    return found
                items, waiting = [found], []
            for children in reversed(await asyncio.gather(*map(self._children, items))):
                waiting[:0] = children
        return found

    async def _innermost(self, focus: Object) -> Object:
        """The focus inside a window that claims to have it itself, as LibreOffice's does after a grabbed key.

        While LibreOffice scrolls, nothing inside it has the focus for a moment, so ask again.
        """
        if not await self._may_be_inside(focus):
            return focus
        for again in range(_TRIES):
            if again:
                await asyncio.sleep(_AGAIN_S)
            found = await self._walk(focus, [_WALK_OBJECTS])
            if found and found != focus:
                return found
        return focus

    async def _may_be_inside(self, item: Object) -> bool:
        """Whether the real focus may be inside this item: LibreOffice's panel around a document claims it."""
        try:
            return await self._objects.role(item) in _CONTAINERS
        except CaptureError:
            return False

    async def _children(self, item: Object) -> list[Object]:
        try:
            return await self._objects.children(item)
        except CaptureError:
            return []

    async def _states(self, item: Object) -> int:
        try:
            return await self._objects.states(item)
        except CaptureError:
            return 0


async def open_place(_on_new_selection: Callable[[], None]) -> AtspiFocus:
    """Open it for `PlaceEntry`. Programs do not report what is selected, so the callback is never used."""
    focus = AtspiFocus()
    await focus.start()
    return focus
