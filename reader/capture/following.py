"""Reads and announces without a key on the Linux desktop, as far as programs report over the accessibility bus.

Nothing is registered or watched until the user turns it on: programs then report what gets the focus and what is
selected in them, and the X server is watched for where the pointer rests. Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable

from jeepney import HeaderFields, Message

from reader import tasks
from reader.capture import pointer
from reader.capture.accessible import Accessibles, Object
from reader.capture.base import CaptureOptions
from reader.capture.focus import Focus
from reader.capture.follow import Follow
from reader.capture.reports import Reports, rule_for
from reader.errors import CaptureError, DesktopError
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

log = logging.getLogger(__name__)

NO_FOCUS = QT_TRANSLATE_NOOP(
    "reader", "Harken can't say what gets the focus: this session has no accessibility service. Install at-spi2-core."
)
NO_POINTER = QT_TRANSLATE_NOOP(
    "reader", "Harken can't say what the pointer rests on: this session has no accessibility service, or no X server."
)
ON_WAYLAND = QT_TRANSLATE_NOOP(
    "reader", "Harken can't say what the pointer rests on: on Wayland, programs can't see where the pointer is."
)
# A selection is complete when it has not changed for this long.
_SETTLED_S = 0.25
# The deepest nesting of objects.
_DEEPEST = 60
_ROOT = Object("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")


class Followed:
    """Implements Following."""

    def __init__(self, on_text: Callable[[str], None], on_new_selection: Callable[[], None]) -> None:
        self._objects = Accessibles()
        self._follow = Follow(self._objects, on_text)
        self._focus: Focus | None = None
        self._selections: SelectionReports | None = None
        self._pointer: PointerFollower | None = None
        self._on_new_selection = on_new_selection

    async def apply(self, options: CaptureOptions) -> list[str]:
        problems = []
        if options.follows_focus or options.follows_pointer:
            self._follow.start()
        if options.follows_focus and not self._focus and not await self._start_focus():
            problems.append(translate("reader", NO_FOCUS))
        if options.follows_pointer and not self._pointer and (why := await self._start_pointer()):
            problems.append(translate("reader", why))
        if options.every_selection and not self._selections:
            await self._start_selections()
        await self._stop(
            focus=not options.follows_focus,
            pointer=not options.follows_pointer,
            selections=not options.every_selection,
        )
        return problems

    async def close(self) -> None:
        await self._stop(focus=True, pointer=True, selections=True)

    async def _stop(self, *, focus: bool, pointer: bool, selections: bool) -> None:
        if focus and self._focus:
            await self._focus.close()
            self._focus = None
        if pointer and self._pointer:
            await self._pointer.close()
            self._pointer = None
        if selections and self._selections:
            await self._selections.close()
            self._selections = None
        if not (self._focus or self._pointer):
            await self._follow.close()
        if not (self._focus or self._pointer or self._selections):
            await self._objects.close()

    async def _start_focus(self) -> bool:
        focus = Focus(self._objects, self._follow.meet)
        try:
            await focus.start()
        except DesktopError as error:
            log.info("the focus can't be followed: %s", error)
            return False
        self._focus = focus
        return True

    async def _start_pointer(self) -> str:
        """Start following the pointer. Returns why it can't be done, or ""."""
        if os.environ.get("WAYLAND_DISPLAY"):
            return ON_WAYLAND  # XWayland sees the pointer only over X windows
        follower = PointerFollower(self._objects, self._follow)
        try:
            await self._objects.connect()
            await follower.start()
        except DesktopError as error:
            log.info("the pointer can't be followed: %s", error)
            return NO_POINTER
        self._pointer = follower
        return ""

    async def _start_selections(self) -> None:
        """The places see most selections; without this, those that programs keep to themselves would be missed."""
        selections = SelectionReports(self._objects, self._on_new_selection)
        try:
            await selections.start()
        except DesktopError as error:
            log.info("programs do not report selections: %s", error)
        else:
            self._selections = selections


class SelectionReports:
    """Learns from programs that their selection has changed; the places tell what it is."""

    def __init__(self, objects: Accessibles, on_new_selection: Callable[[], None]) -> None:
        self._objects = objects
        self._on_new_selection = on_new_selection
        self._changed_s = 0.0
        self._in: Object | None = None  # where the newest selection is
        self._settling: asyncio.TimerHandle | None = None
        self._telling: asyncio.Task[None] | None = None
        rule = rule_for("TextSelectionChanged")
        self._reports = Reports("object:text-selection-changed", rule, self._on_report, lambda: None)

    async def start(self) -> None:
        """Start. Raises DesktopError."""
        await self._reports.start()

    async def close(self) -> None:
        """Stop."""
        await self._reports.close()
        if self._settling:
            self._settling.cancel()
        if self._telling:
            self._telling.cancel()
            await asyncio.wait([self._telling])

    def _on_report(self, message: Message) -> None:
        loop = asyncio.get_running_loop()
        self._changed_s = loop.time()
        fields = message.header.fields
        self._in = Object(str(fields.get(HeaderFields.sender)), str(fields.get(HeaderFields.path)))
        if self._settling is None:
            self._settling = loop.call_later(_SETTLED_S, self._settle)

    def _settle(self) -> None:
        """Use a single timer, however many reports come."""
        loop = asyncio.get_running_loop()
        left_s = self._changed_s + _SETTLED_S - loop.time()
        if left_s > 0:
            self._settling = loop.call_later(left_s, self._settle)
            return
        self._settling = None
        self._telling = tasks.start(self._tell(), "a new selection")

    async def _tell(self) -> None:
        """Report the selection. Deselecting is reported too, and then the X server has only an old selection."""
        try:
            if self._in and not await self._objects.is_own(self._in) and await self._objects.selection(self._in):
                self._on_new_selection()
        except CaptureError as error:
            log.debug("a new selection is not known: %s", type(error).__name__)


class PointerFollower:
    """Finds what is under the pointer each time it rests."""

    def __init__(self, objects: Accessibles, follow: Follow) -> None:
        self._objects = objects
        self._follow = follow
        self._watch: pointer.PointerWatch | None = None
        self._loop = asyncio.get_running_loop()
        self._finding: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start. Raises DesktopError."""
        self._watch = await asyncio.to_thread(pointer.watch, self._on_rest)

    async def close(self) -> None:
        """Stop."""
        if self._watch:
            await asyncio.to_thread(self._watch.close)
        if self._finding:
            self._finding.cancel()
            await asyncio.wait([self._finding])

    def _on_rest(self, rest: pointer.Rest) -> None:
        """Called on the watch's thread."""
        self._loop.call_soon_threadsafe(self._find_soon, rest)

    def _find_soon(self, rest: pointer.Rest) -> None:
        if self._finding:
            self._finding.cancel()
        self._finding = tasks.start(self._find(rest), "what the pointer rests on")

    async def _find(self, rest: pointer.Rest) -> None:
        if rest.pid == os.getpid():
            return
        try:
            item = await self._under(rest)
        except CaptureError as error:
            log.debug("what the pointer rests on is not known: %s", type(error).__name__)
            item = None
        self._follow.meet(item, in_front=False)

    async def _under(self, rest: pointer.Rest) -> Object | None:
        """The innermost object under the pointer. Raises CaptureError."""
        for app in await self._objects.children(_ROOT):
            if not rest.pid or await self._objects.pid(app) != rest.pid:
                continue
            # The newest window is on top: a menu, or a dialog over its window.
            for window in reversed(await self._objects.children(app)):
                if await self._contains(window, rest):
                    return await self._innermost(window, rest)
        return None

    async def _contains(self, window: Object, rest: pointer.Rest) -> bool:
        try:
            return await self._objects.contains(window, rest.x, rest.y)
        except CaptureError:
            return False

    async def _innermost(self, item: Object, rest: pointer.Rest) -> Object:
        for _ in range(_DEEPEST):
            try:
                inner = await self._objects.at_point(item, rest.x, rest.y)
            except CaptureError:
                break
            if inner == item:
                break
            item = inner
        return item
