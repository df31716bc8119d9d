"""Follows what has the focus: programs report it on the accessibility bus (AT-SPI), and the last report is remembered.

What was remembered is believed only while nothing was missed. If the bus is gone, a report can't be understood, or
reports come faster than a person could change the focus, it is forgotten, and the next caller asks again.

Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from jeepney import HeaderFields, Message

from reader import tasks
from reader.capture.accessible import Accessibles, Object
from reader.capture.controls import drop_down_list
from reader.capture.reports import Reports, rule_for
from reader.capture.roles import Role
from reader.errors import CaptureError

log = logging.getLogger(__name__)

_EVENT = "object:state-changed:focused"
# Programs whose focus is remembered: Harken's own windows come and go over the one that is meant.
_REMEMBERED = 16


class Focus:
    """`item` has the focus, as far as anybody said; `role` is its AtspiRole, 0 while not known."""

    def __init__(self, objects: Accessibles, on_focus: Callable[[Object | None], None] = lambda _item: None) -> None:
        """`on_focus` is called when something else has it, or nothing that is known."""
        self.item: Object | None = None
        self.role = 0
        self._objects = objects
        self._on_focus = on_focus
        self._met: Object | None = None  # what was reported last to `on_focus`
        self._told: dict[str, Object] = {}  # the last report of each program, the newest last
        self._news = asyncio.Event()
        self._reports = Reports(_EVENT, rule_for("StateChanged", "focused"), self._on_report, self.forget)
        self._learning: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to follow, until it is closed. Raises DesktopError when it can't be begun."""
        await self._reports.start()
        self._learning = tasks.keep(self._learn, "learn what has the focus")

    async def close(self) -> None:
        """Follow no more."""
        if self._learning:
            self._learning.cancel()
            await asyncio.wait([self._learning])
            self._learning = None
        await self._reports.close()

    def forget(self) -> None:
        """Something may have been missed: nothing is known."""
        self._told.clear()
        self.item, self.role = None, 0

    def _on_report(self, message: Message) -> None:
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
            if item != self._met:
                self._met = item
                self._on_focus(item)
            if item != self.item or not self.role:
                self.item, self.role = item, 0
                with contextlib.suppress(CaptureError):
                    role = await self._objects.role(item) if item else 0
                    if item == self.item:
                        self.role = role
                    if item and (whole := await drop_down_list(self._objects, item, role)):
                        self._replace(item, whole)

    def _replace(self, button: Object, whole: Object) -> None:
        """The button of GTK's drop-down list is no part of the program's tree, and is forgotten after some seconds."""
        if self.item == button and self._told.get(button.owner) == button:
            self._told[button.owner] = self.item = self._met = whole
            self.role = Role.COMBO_BOX

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
