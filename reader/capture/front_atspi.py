"""What is in front, as programs themselves report it on the accessibility bus (window:activate and window:deactivate).

Less than a compositor knows: a program that reports nothing (Qt programs, until accessibility is on) may be in front
whenever none of the others says that it is. Then it is not known which window is in front.
"""

from __future__ import annotations

import asyncio
import logging
import time

from jeepney import HeaderFields, MatchRule, Message

from reader import tasks
from reader.capture.accessible import IFACE, Accessibles, Object, find_bus
from reader.capture.front import FrontWindow, Other
from reader.dbus import Bus, open_bus
from reader.errors import DesktopError

log = logging.getLogger(__name__)

_REGISTRY = "org.a11y.atspi.Registry", "/org/a11y/atspi/registry", "org.a11y.atspi.Registry"
_EVENTS = ("window:activate", "window:deactivate")
# More reports than this in a second are not caused by a person: until the next second nothing is known.
_MOST_A_SECOND = 200


class AtspiFront:
    """Implements FrontWatch."""

    def __init__(self, front: FrontWindow) -> None:
        self._front = front
        self._objects = Accessibles()
        self._bus: Bus | None = None
        self._rule = MatchRule(type="signal", interface=IFACE + "Event.Window")
        self._news: asyncio.Queue[tuple[Object, bool, float]] = asyncio.Queue(_MOST_A_SECOND)
        self._second_s, self._count = 0.0, 0
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to watch. Raises DesktopError when it can't be begun, and then needs no closing."""
        self._bus = await self._connect()
        self._tasks = [
            tasks.keep(self._follow, "follow the window in front"),
            tasks.keep(self._learn, "learn what is in front"),
        ]

    def notes(self) -> list[str]:
        return [
            "a selection is read only in programs that report their windows for accessibility; Qt programs do after"
            " “harken settings set reading.enable_accessibility on” and a restart"
        ]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._objects.close()
        if self._bus:
            await self._bus.close()
            self._bus = None

    async def _connect(self) -> Bus:
        bus = await open_bus(await find_bus())
        try:
            for event in _EVENTS:
                await bus.call(*_REGISTRY, "RegisterEvent", "s", event)
            bus.listen(self._rule, self._on_report)
            await bus.follow(self._rule)
        except BaseException:
            await bus.close()
            raise
        return bus

    async def _follow(self) -> None:
        try:
            bus = self._bus = self._bus or await self._connect()
            await bus.wait_until_gone()
            await bus.close()
        except DesktopError as error:
            log.debug("what is in front is not followed: %s", error)
        finally:
            self._bus = None
            self._front.change(Other.UNKNOWN, time.monotonic())

    def _on_report(self, message: Message) -> None:
        now_s = time.monotonic()
        if now_s - self._second_s > 1.0:
            self._second_s, self._count = now_s, 0
        self._count += 1
        owner, path, member = (
            message.header.fields.get(field) for field in (HeaderFields.sender, HeaderFields.path, HeaderFields.member)
        )
        is_understood = isinstance(owner, str) and isinstance(path, str)
        if self._count > _MOST_A_SECOND or self._news.full() or not is_understood:
            self._front.change(Other.UNKNOWN, now_s)
        elif member in ("Activate", "Deactivate"):
            self._news.put_nowait((Object(str(owner), str(path)), member == "Activate", now_s))

    async def _learn(self) -> None:
        active: Object | None = None
        while True:
            window, is_active, at_s = await self._news.get()
            if is_active:
                active = window
                self._front.change(Other.OWN if await self._objects.is_own(window) else window, at_s)
            elif window == active:
                active = None
                self._front.change(Other.UNKNOWN, at_s)
