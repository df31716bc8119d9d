"""Follows what has the focus: programs report it on the accessibility bus (AT-SPI), and the last report is remembered.

What was remembered is believed only while nothing was missed. If the bus is gone, a report can't be understood, or
reports come faster than a person could change the focus, it is forgotten, and the next caller asks again.

Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from jeepney import HeaderFields, MatchRule, Message

from reader import tasks
from reader.capture.accessible import IFACE, Accessibles, Object, find_bus
from reader.dbus import Bus, open_bus
from reader.errors import CaptureError, DesktopError

log = logging.getLogger(__name__)

_EVENT = "object:state-changed:focused"
_REGISTRY = "org.a11y.atspi.Registry", "/org/a11y/atspi/registry", "org.a11y.atspi.Registry"
# More reports than this in a second are not caused by a person. Then reports are ignored for a while, which is doubled
# each time up to the longest, and as at first when it has been calm for as long.
_MOST_A_SECOND = 200
_REST_S = 1.0
_LONGEST_REST_S = 30.0
# Programs whose focus is remembered: Harken's own windows come and go over the one that is meant.
_REMEMBERED = 16


class Focus:
    """`item` has the focus, as far as anybody said; `role` is its AtspiRole, 0 while not known."""

    def __init__(self, objects: Accessibles) -> None:
        self.item: Object | None = None
        self.role = 0
        self._objects = objects
        self._bus: Bus | None = None
        self._told: dict[str, Object] = {}  # the last report of each program, the newest last
        self._news = asyncio.Event()
        self._flood = asyncio.Event()
        self._second = 0.0  # the one in which reports are counted
        self._count = 0
        self._rest_s = _REST_S
        self._rule = MatchRule(type="signal", interface=IFACE + "Event.Object", member="StateChanged")
        self._rule.add_arg_condition(0, "focused")
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to follow, for as long as Harken runs. Raises DesktopError when it can't be begun."""
        self._bus = await self._connect()
        self._tasks = [
            tasks.keep(self._follow, "follow the focus"),
            tasks.keep(self._learn, "learn what has the focus"),
        ]

    async def close(self) -> None:
        """Follow no more."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._disconnect()

    def forget(self) -> None:
        """Something may have been missed: nothing is known."""
        self._told.clear()
        self.item, self.role = None, 0

    async def _connect(self) -> Bus:
        """A separate connection, so that no answer waits for reports."""
        bus = await open_bus(await find_bus())
        try:
            await bus.call(*_REGISTRY, "RegisterEvent", "s", _EVENT)
        except BaseException:
            await bus.close()
            raise
        bus.listen(self._rule, self._on_report)
        return bus

    async def _disconnect(self) -> None:
        self.forget()
        if self._bus:
            await self._bus.close()
            self._bus = None

    async def _follow(self) -> None:
        """Listen until the bus goes."""
        try:
            bus = self._bus = self._bus or await self._connect()
            gone = tasks.start(bus.wait_until_gone(), "end of the accessibility bus")
            try:
                while not gone.done():
                    await self._listen(bus, gone)
            finally:
                gone.cancel()
            log.warning("the accessibility bus has gone; the focus is asked for with each key until it is back")
        except DesktopError as error:
            log.debug("the focus is not followed: %s", error)
        finally:
            await self._disconnect()

    async def _listen(self, bus: Bus, gone: asyncio.Task[None]) -> None:
        """Listen until there are too many reports, then wait until that may be over."""
        self._flood.clear()
        await bus.follow(self._rule)
        begun_s = asyncio.get_running_loop().time()
        flood = tasks.start(self._wait_for_flood(), "too many reports of the focus")
        try:
            await asyncio.wait({flood, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            flood.cancel()
        if gone.done():
            return
        await bus.leave(self._rule)
        self.forget()
        if asyncio.get_running_loop().time() - begun_s > self._rest_s:
            self._rest_s = _REST_S
        log.warning("the focus is reported too often; ignored for %g s", self._rest_s)
        await asyncio.wait({gone}, timeout=self._rest_s)
        self._rest_s = min(2 * self._rest_s, _LONGEST_REST_S)

    async def _wait_for_flood(self) -> None:
        await self._flood.wait()

    def _on_report(self, message: Message) -> None:
        now_s = asyncio.get_running_loop().time()
        if now_s - self._second > 1.0:
            self._second, self._count = now_s, 0
        self._count += 1
        if self._count > _MOST_A_SECOND:
            self.forget()
            self._flood.set()
            return
        report = _report(message)
        if report is None:
            log.debug("a report of the focus can't be understood")
            self.forget()
            return
        item, has_focus = report
        is_own = self._objects.is_known_own(item)
        if is_own:
            return
        if has_focus:
            self._told.pop(item.owner, None)
            self._told[item.owner] = item
            while len(self._told) > _REMEMBERED:
                del self._told[next(iter(self._told))]
            self.item, self.role = (item, 0) if is_own is False else (None, 0)  # until it is known whose it is
        elif self._told.get(item.owner) == item:
            del self._told[item.owner]
            if item == self.item:
                self.item, self.role = None, 0
        self._news.set()

    async def _learn(self) -> None:
        """Find out whose the newest report is, and what it is about: a key press need not wait for it then."""
        while True:
            await self._news.wait()
            self._news.clear()
            item = await self._newest()
            if item != self.item or not self.role:
                self.item, self.role = item, 0
                with contextlib.suppress(CaptureError):
                    role = await self._objects.role(item) if item else 0
                    if item == self.item:
                        self.role = role

    async def _newest(self) -> Object | None:
        """The newest focus that is not Harken's own: what is meant is in the window before that."""
        while self._told:
            item = next(reversed(self._told.values()))
            if not await self._objects.is_own(item):
                return item
            if self._told.get(item.owner) == item:
                del self._told[item.owner]
        return None


def _report(message: Message) -> tuple[Object, bool] | None:
    """(whose focus has changed, whether it has it now), None for what is no such report."""
    owner, path = (message.header.fields.get(field) for field in (HeaderFields.sender, HeaderFields.path))
    has_focus = message.body[1] if len(message.body) > 1 else None
    if isinstance(owner, str) and isinstance(path, str) and isinstance(has_focus, int):
        return Object(owner, path), bool(has_focus)
    return None
