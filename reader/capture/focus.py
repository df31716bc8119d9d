"""Follows the focus: programs report it on the accessibility bus (AT-SPI), and the last report is remembered.

It is trusted only while no report can have been missed. If the bus goes, a report is malformed, or reports come faster
than a person could move the focus, it is forgotten, and the next caller asks again.

While any program grabs the keyboard, as Harken itself does on X11 while one of its keys is down, the server takes the
focus from every window, and programs report that it is lost: `Lost`.

Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from jeepney import HeaderFields, Message

from reader import tasks
from reader.capture.accessible import Accessibles, Object
from reader.capture.controls import drop_down_list
from reader.capture.in_front import WINDOWS, lineage
from reader.capture.reports import Reports, rule_for
from reader.capture.roles import Role, State
from reader.errors import CaptureError

log = logging.getLogger(__name__)

_EVENT = "object:state-changed:focused"
# How many programs' focus is remembered: Harken's own windows come and go over the one that is meant.
_REMEMBERED = 16
_WINDOWS = frozenset({Role.FRAME, Role.DIALOG, Role.WINDOW, Role.ROOT_PANE})
# Reports of the same change from the X server, the window manager and the program arrive within this time.
_APART_S = 0.5
# A focus that returns within this time was never really lost: usually a key has been released.
_MOMENT_S = 0.5


class Held(NamedTuple):
    """The focus within a program, and when it was reported (seconds, time.monotonic())."""

    item: Object
    gained_s: float
    before: Object | None = None  # the program's previous focus, if not reported as lost


class Lost(NamedTuple):
    """The last focus and its role, and when gaining and losing it was reported (seconds, time.monotonic())."""

    item: Object
    role: int
    gained_s: float
    lost_s: float

    def is_meant(self, front_since_s: float | None) -> bool:
        """Whether it still counts as focused: the window in front is the one in which it got the focus.

        A keyboard grab leaves that window in front. A different window would have come to the front when the focus was
        lost, and so later than the focus was gained; the window manager may report this window later than the
        program does.
        """
        if front_since_s is None or front_since_s <= self.gained_s:
            return front_since_s is not None
        return front_since_s - self.gained_s < _APART_S < self.lost_s - front_since_s


class Focus:
    """`item` has the focus, according to the reports; `role` is its AtspiRole, 0 while unknown.

    `line` is the item and its ancestors up to its window; empty if the window is unknown.
    """

    def __init__(self, objects: Accessibles, on_focus: Callable[[Object | None], None] = lambda _item: None) -> None:
        """`on_focus` is called when the focus moves, or is no longer known."""
        self.item: Object | None = None
        self.role = 0
        self.line: Sequence[Object] = ()
        self._last_line: Sequence[Object] = ()  # in case the last focus comes back
        self._objects = objects
        self._on_focus = on_focus
        self._met: Object | None = None  # last value passed to `on_focus`
        self._told: dict[str, Held] = {}  # the last report of each program, newest last
        self._lost: Lost | None = None
        self._dropped: tuple[Object, Object] | None = None  # a button that had the focus, and its drop-down list
        self._again: asyncio.TimerHandle | None = None
        self._news = asyncio.Event()
        self._reports = Reports(_EVENT, rule_for("StateChanged", "focused"), self._on_report, self.forget)
        self._learning: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Follow the focus until closed. Raises DesktopError if that is impossible."""
        await self._reports.start()
        self._learning = tasks.keep(self._learn, "learn what has the focus")

    async def close(self) -> None:
        """Stop following."""
        if self._again:
            self._again.cancel()
        if self._learning:
            self._learning.cancel()
            await asyncio.wait([self._learning])
            self._learning = None
        await self._reports.close()

    def forget(self) -> None:
        """Forget everything, since a report may have been missed."""
        self._told.clear()
        self._lost, self._last_line = None, ()
        self._set(None)

    @property
    def lost(self) -> Lost | None:
        """What has lost the focus, if nothing else is known to have gained it since."""
        held = self._told.get(self.item.owner) if self.item else None
        return None if held and self._lost and held.gained_s >= self._lost.lost_s else self._lost

    def learn_again(self) -> None:
        """Ask for what is not known of the focus: its program may have been too busy to answer."""
        self._news.set()

    def _set(self, item: Object | None, role: int = 0) -> None:
        """Set the focus. If it is the last one coming back, the rest is restored."""
        self.item, self.role = item, role
        self.line = self._last_line if self._last_line and self._last_line[0] == item else ()

    def _on_report(self, message: Message) -> None:
        report = _report(message)
        if report is None:
            log.debug("a report of the focus can't be understood")
            self.forget()
            return
        item, has_focus = report
        if self._dropped and item == self._dropped[0]:
            item = self._dropped[1]
        is_own = self._objects.is_known_own(item)
        if is_own:
            return
        now_s = asyncio.get_running_loop().time()
        if has_focus:
            role = self._role_of(item)
            last = self._told.pop(item.owner, None)
            before = last and (last.before if last.item == item else last.item)
            self._told[item.owner] = Held(item, now_s, before)
            while len(self._told) > _REMEMBERED:
                del self._told[next(iter(self._told))]
            is_known = is_own is False
            self._set(item if is_known else None, role if is_known else 0)  # until its owner is known
        elif self._has(item):
            held = self._told.pop(item.owner)
            if item == self.item:
                self._lost = Lost(item, self.role, held.gained_s, now_s)
                self._set(None)
        self._news.set()

    def _has(self, item: Object) -> bool:
        held = self._told.get(item.owner)
        return held is not None and held.item == item

    def _role_of(self, item: Object) -> int:
        if item == self.item:
            return self.role
        return self._lost.role if self._lost and self._lost.item == item else 0

    async def _learn(self) -> None:
        """Look up who owns the newest report, and what it is about, so that a key press need not wait for it."""
        while True:
            await self._news.wait()
            self._news.clear()
            item = await self._inner(await self._newest())
            if item != self._met and not self._may_come_back():
                self._met = item
                self._on_focus(item)
            if item != self.item or not self.role:
                self._set(item)
                with contextlib.suppress(CaptureError):
                    role = await self._objects.role(item) if item else 0
                    if item == self.item:
                        self.role = role
                    if item and (whole := await drop_down_list(self._objects, item, role)):
                        self._replace(item, whole)
            await self._learn_line()

    async def _learn_line(self) -> None:
        if (item := self.item) and not self.line:
            line = await lineage(self._objects, item)
            with contextlib.suppress(CaptureError):
                if await self._objects.role(line[-1]) in WINDOWS and item == self.item:
                    self.line = self._last_line = line

    def _may_come_back(self) -> bool:
        """Whether the last reported item may regain the focus in a moment. Checks again after that."""
        if not (self.lost and self.lost.item == self._met):
            return False
        loop = asyncio.get_running_loop()
        left_s = self.lost.lost_s + _MOMENT_S - loop.time()
        if left_s <= 0:
            return False
        if self._again:
            self._again.cancel()
        self._again = loop.call_later(left_s, self._news.set)
        return True

    def _replace(self, button: Object, whole: Object) -> None:
        """Switch to the list: GTK's drop-down button is outside the program's tree, and forgotten in some seconds."""
        if self.item == button and self._has(button):
            self._told[button.owner] = self._told[button.owner]._replace(item=whole)
            self._set(whole, Role.COMBO_BOX)
            self._met = whole
            self._dropped = button, whole

    async def _inner(self, item: Object | None) -> Object | None:
        """The focus inside a window that claims it for itself, as LibreOffice's do after a grabbed key."""
        held = self._told.get(item.owner) if item else None
        if item is None or held is None or held.before is None:
            return item
        with contextlib.suppress(CaptureError):
            if await self._objects.role(item) in _WINDOWS:
                states, before = await asyncio.gather(*map(self._objects.states, (item, held.before)))
                if State.FOCUSED.is_in(before) and not State.FOCUSED.is_in(states) and self._has(item):
                    self._told[item.owner] = Held(held.before, held.gained_s)
                    return held.before
        return item

    async def _newest(self) -> Object | None:
        """The newest focus outside Harken: the user means the window before Harken's own."""
        while self._told:
            item = next(reversed(self._told.values())).item
            if not await self._objects.is_own(item):
                return item
            if self._has(item):
                del self._told[item.owner]
        return None


def _report(message: Message) -> tuple[Object, bool] | None:
    """(the object whose focus has changed, whether it has it now), None if it is no such report."""
    owner, path = (message.header.fields.get(field) for field in (HeaderFields.sender, HeaderFields.path))
    has_focus = message.body[1] if len(message.body) > 1 else None
    if isinstance(owner, str) and isinstance(path, str) and isinstance(has_focus, int):
        return Object(owner, path), bool(has_focus)
    return None
