"""Follows what has the focus: programs report it on the accessibility bus (AT-SPI), and the last report is remembered.

What was remembered is believed only while nothing was missed. If the bus is gone, a report can't be understood, or
reports come faster than a person could change the focus, it is forgotten, and the next caller asks again.

While anybody has the keyboard grabbed, as on X11 Harken itself for as long as one of its keys is down, the server takes
the focus from every window, and programs say that it is lost: `Lost`.

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
# Programs whose focus is remembered: Harken's own windows come and go over the one that is meant.
_REMEMBERED = 16
_WINDOWS = frozenset({Role.FRAME, Role.DIALOG, Role.WINDOW, Role.ROOT_PANE})
# What is told of one change by the X server, the window manager and the program arrives within this.
_APART_S = 0.5
# What has lost the focus for less than this and gets it back had it all the time: a key is down no longer, mostly.
_MOMENT_S = 0.5


class Held(NamedTuple):
    """What has the focus in a program, and when it was told (seconds, time.monotonic())."""

    item: Object
    gained_s: float
    before: Object | None = None  # what had it in the program, and is not said to have lost it


class Lost(NamedTuple):
    """What had the focus last, its role, and when it was told that it got and lost it (seconds, time.monotonic())."""

    item: Object
    role: int
    gained_s: float
    lost_s: float

    def is_meant(self, front_since_s: float | None) -> bool:
        """Whether it has the focus all the same: the window in front is the one in which it got it.

        A grab of the keyboard leaves that window in front. Another one came to the front when the focus was lost, and
        so behind the time when it was got; the window manager may be later than the program to tell of its own window.
        """
        if front_since_s is None or front_since_s <= self.gained_s:
            return front_since_s is not None
        return front_since_s - self.gained_s < _APART_S < self.lost_s - front_since_s


class Focus:
    """`item` has the focus, as far as anybody said; `role` is its AtspiRole, 0 while not known.

    `line` is the item and what it is in, up to its window; empty if that is not known to be one.
    """

    def __init__(self, objects: Accessibles, on_focus: Callable[[Object | None], None] = lambda _item: None) -> None:
        """`on_focus` is called when something else has it, or nothing that is known."""
        self.item: Object | None = None
        self.role = 0
        self.line: Sequence[Object] = ()
        self._last_line: Sequence[Object] = ()  # what had the focus and gets it back is where it was
        self._objects = objects
        self._on_focus = on_focus
        self._met: Object | None = None  # what was reported last to `on_focus`
        self._told: dict[str, Held] = {}  # the last report of each program, the newest last
        self._lost: Lost | None = None
        self._dropped: tuple[Object, Object] | None = None  # a button that had it, and the list that drops down there
        self._again: asyncio.TimerHandle | None = None
        self._news = asyncio.Event()
        self._reports = Reports(_EVENT, rule_for("StateChanged", "focused"), self._on_report, self.forget)
        self._learning: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to follow, until it is closed. Raises DesktopError when it can't be begun."""
        await self._reports.start()
        self._learning = tasks.keep(self._learn, "learn what has the focus")

    async def close(self) -> None:
        """Follow no more."""
        if self._again:
            self._again.cancel()
        if self._learning:
            self._learning.cancel()
            await asyncio.wait([self._learning])
            self._learning = None
        await self._reports.close()

    def forget(self) -> None:
        """Something may have been missed: nothing is known."""
        self._told.clear()
        self._lost, self._last_line = None, ()
        self._set(None)

    @property
    def lost(self) -> Lost | None:
        """What has lost the focus, if nothing else is known to have got it since."""
        held = self._told.get(self.item.owner) if self.item else None
        return None if held and self._lost and held.gained_s >= self._lost.lost_s else self._lost

    def _set(self, item: Object | None, role: int = 0) -> None:
        """What else is known of it is what was, when it had the focus last."""
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
            self._set(item if is_known else None, role if is_known else 0)  # until it is known whose it is
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
        """Find out whose the newest report is, and what it is about: a key press need not wait for it then."""
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
        """Whether what was met last may get the focus again in a moment. Behind that it is looked again."""
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
        """The button of GTK's drop-down list is no part of the program's tree, and is forgotten after some seconds."""
        if self.item == button and self._has(button):
            self._told[button.owner] = self._told[button.owner]._replace(item=whole)
            self._set(whole, Role.COMBO_BOX)
            self._met = whole
            self._dropped = button, whole

    async def _inner(self, item: Object | None) -> Object | None:
        """What has the focus in a window that says that it got it itself, as LibreOffice's do after a grabbed key."""
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
        """The newest focus that is not Harken's own: what is meant is in the window before that."""
        while self._told:
            item = next(reversed(self._told.values())).item
            if not await self._objects.is_own(item):
                return item
            if self._has(item):
                del self._told[item.owner]
        return None


def _report(message: Message) -> tuple[Object, bool] | None:
    """(whose focus has changed, whether it has it now), None for what is no such report."""
    owner, path = (message.header.fields.get(field) for field in (HeaderFields.sender, HeaderFields.path))
    has_focus = message.body[1] if len(message.body) > 1 else None
    if isinstance(owner, str) and isinstance(path, str) and isinstance(has_focus, int):
        return Object(owner, path), bool(has_focus)
    return None
