"""The focused text through AT-SPI, the Linux desktop's accessibility bus.

Programs report what has the focus (`focus.py`), and on a key press two or three calls (`accessible.py`, 1 to 5 ms)
fetch its text: what is selected in it, else everything from the caret's paragraph on, else what the control is called
and shows. Plain D-Bus: pyatspi needs a compiled GObject stack.

Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from reader.capture import unreported
from reader.capture.accessible import NOTHING, SLOW, Accessibles, Object
from reader.capture.base import LIMIT_CHARS, CaptureOptions, Front, Selection
from reader.capture.controls import describe
from reader.capture.focus import Focus
from reader.capture.roles import CONTROLS, Role, State
from reader.errors import CaptureError, CaptureTimeoutError, DesktopError, NothingToReadError
from reader.flow import CapturedText, Source
from reader.support.i18n import translate

log = logging.getLogger(__name__)

_READ_LIMIT_S = 1.0
_WALK_OBJECTS = 600
_EMBEDDED_OBJECTS = 300
_EMBEDDED = "\ufffc"
# Longer selections come quicker through the X server.
_SHORT_CHARS = 4000

_ROOT = Object("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")


class AtspiFocus:
    """Implements Place."""

    def __init__(self) -> None:
        self._objects = Accessibles()
        self._focus = Focus(self._objects)

    async def start(self) -> None:
        """Connect and follow the focus.

        Raises CaptureError saying why it can't be used.
        """
        try:
            await self._objects.connect()
            await self._focus.start()
        except asyncio.CancelledError:  # Harken is quit while it starts
            await self.close()
            raise
        except DesktopError as error:
            await self.close()
            why = unreported.no_bus(str(error))
            raise CaptureError(f"no accessibility bus: {why}") from error

    async def front_pid(self) -> int:
        return 0

    async def why_nothing(self, pid: int) -> str:
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
        """Whether a process is on the bus, or something in front is. Raises CaptureError."""
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

    async def look(self) -> Selection | None:
        """Only plain text fields are believed: a page may be selected around its focus."""
        focus = self._focus.item
        if focus is None or self._focus.role not in (Role.TEXT, Role.ENTRY):
            return None
        try:
            start, end = await self._objects.first_selection(focus)
            if end <= start:
                return Selection(Front.ITS_OWN, "")
            if end - start > _SHORT_CHARS:
                return None
            text = await self._objects.text(focus, start, end)
        except CaptureError:
            return None
        return None if _EMBEDDED in text else Selection(Front.ITS_OWN, text)

    async def read(self, source: Source) -> CapturedText:
        """Of FOCUS only."""
        try:
            async with asyncio.timeout(_READ_LIMIT_S):
                focus = await self._living_focus() or await self._find_focus()
                if focus is None:
                    raise NothingToReadError(translate("reader", NOTHING))
                text = await self._text(focus)
        except TimeoutError as error:
            raise CaptureTimeoutError(translate("reader", SLOW)) from error
        if not text.strip():
            raise NothingToReadError(translate("reader", NOTHING))
        return CapturedText(text[:LIMIT_CHARS], source, is_cut=len(text) > LIMIT_CHARS)

    async def close(self) -> None:
        await self._focus.close()
        await self._objects.close()

    # ---- what an object says ----

    async def _text(self, focus: Object) -> str:
        """The text of an object as the user means it."""
        objects = self._objects
        role = await objects.role(focus)
        if role == Role.PASSWORD:
            raise CaptureError(translate("reader", "This is a password field. Harken does not read passwords aloud."))
        if role in CONTROLS:
            return await describe(objects, focus)
        try:
            caret = await objects.caret(focus)
            selected = await objects.selection(focus)
        except CaptureError:
            return await describe(objects, focus)
        start, end = selected or (0, -1)
        text = await self._expand(focus, start, end, [_EMBEDDED_OBJECTS])
        if not selected and caret > 0:
            paragraph = text.rfind("\n", 0, caret) + 1
            text = text[paragraph:] if text[paragraph:].strip() else text
        return text if text.strip() else await describe(objects, focus)

    async def _expand(self, item: Object, start: int, end: int, left: list[int]) -> str:
        """The text of an object with the objects embedded in it (links, paragraphs of a page) spelled out.

        `left` is how many more objects may be asked; those beyond are left out.
        """
        text = await self._objects.text(item, start, end)
        if _EMBEDDED not in text:
            return text
        between = text.split(_EMBEDDED, left[0])
        places = [len(before) for before in between[:-1]]
        left[0] -= len(places)
        offsets = [start + sum(places[: i + 1]) + i for i in range(len(places))]
        found = await asyncio.gather(*(self._embedded(item, offset, left) for offset in offsets))
        inner = [*found, ""]
        return "".join(part for pair in zip(between, inner, strict=True) for part in pair).replace(_EMBEDDED, "")

    async def _embedded(self, item: Object, offset: int, left: list[int]) -> str:
        try:
            inner = await self._objects.embedded(item, offset)
            text = await self._expand(inner, 0, -1, left)
            role = await self._objects.role_name(inner)
        except CaptureError:
            return ""
        return text if role in ("link", "text", "static", "image", "entry") else text + "\n"

    # ---- where the focus is ----

    async def _living_focus(self) -> Object | None:
        """The focus reported last, unless its program is gone: not every program says that it ends."""
        focus = self._focus.item
        if focus is not None:
            try:
                await self._objects.states(focus)
            except CaptureTimeoutError:
                raise
            except CaptureError:
                self._focus.forget()
        return self._focus.item

    async def _find_focus(self) -> Object | None:
        """What has the focus in the active window, if nothing was reported since we began to listen."""
        left = [_WALK_OBJECTS]
        for app in await self._children(_ROOT):
            if await self._objects.is_own(app):
                continue
            for window in await self._children(app):
                if await self._states(window) >> State.ACTIVE & 1 and (found := await self._walk(window, left)):
                    return found
        return None

    async def _walk(self, item: Object, left: list[int]) -> Object | None:
        waiting = [item]
        while waiting and left[0] > 0:
            left[0] -= 1
            item = waiting.pop()
            if await self._states(item) >> State.FOCUSED & 1:
                return item
            waiting += reversed(await self._children(item))
        return None

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
