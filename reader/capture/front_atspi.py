"""What is in front, as programs themselves report it on the accessibility bus (window:activate and window:deactivate).

This is less than a compositor knows: whenever no program claims to be in front, one that reports nothing may be (Qt
programs, until accessibility is on). Then the window in front is unknown. A window may also close without a report (GTK
4's), and a killed program reports nothing. So the bus reports which programs have gone, and a window is asked whether
it is still active before a selection is attributed to it.
"""

from __future__ import annotations

import asyncio
import logging
import time

from jeepney import HeaderFields, MatchRule, Message

from reader import tasks
from reader.capture.accessible import IFACE, Accessibles, Object, find_bus
from reader.capture.front import FrontWindow, Other
from reader.capture.roles import State
from reader.dbus import STARTING_LIMIT_S, Bus, open_bus
from reader.errors import CaptureError, DesktopError

log = logging.getLogger(__name__)

_REGISTRY = "org.a11y.atspi.Registry", "/org/a11y/atspi/registry", "org.a11y.atspi.Registry"
_EVENTS = ("window:activate", "window:deactivate", "window:destroy")
_LEFT = ("Deactivate", "Destroy")
_BUS = "org.freedesktop.DBus"
# More reports in a second than this are not caused by a person: until the next second, nothing is known.
_MOST_A_SECOND = 200


class AtspiFront:
    """Implements FrontWatch."""

    def __init__(self, front: FrontWindow) -> None:
        self._front = front
        self._objects = Accessibles()
        self._bus: Bus | None = None
        self._rule = MatchRule(type="signal", interface=IFACE + "Event.Window")
        self._gone = MatchRule(type="signal", sender=_BUS, interface=_BUS, member="NameOwnerChanged")
        self._active: Object | None = None  # the window that claims to be in front
        self._returns = 0  # how often a window came to the front that was not known to have left
        self._news: asyncio.Queue[tuple[Object, bool, float]] = asyncio.Queue(_MOST_A_SECOND)
        self._second_s, self._count = 0.0, 0
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start watching. Raises DesktopError if that is impossible, and then needs no closing."""
        self._bus = await self._connect()
        self._tasks = [
            tasks.keep(self._follow, "follow the window in front"),
            tasks.keep(self._learn, "learn what is in front"),
        ]

    async def confirm(self) -> bool:
        """Whether the window says that it is active. A hung program is not trusted: it could not report changes."""
        if self._active is None:
            return True
        try:
            return State.ACTIVE.is_in(await self._objects.states(self._active))
        except CaptureError:
            return False

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
        await self._disconnect()

    async def _connect(self) -> Bus:
        bus = await open_bus(await find_bus())
        try:
            for event in _EVENTS:
                await bus.call(*_REGISTRY, "RegisterEvent", "s", event, limit_s=STARTING_LIMIT_S)
            bus.listen(self._rule, self._on_report)
            await bus.follow(self._rule)
            bus.listen(self._gone, self._on_gone)
            await bus.follow(self._gone)
        except BaseException:
            await bus.close()
            raise
        return bus

    async def _disconnect(self) -> None:
        self._leave(time.monotonic())
        if self._bus:
            await self._bus.close()
            self._bus = None

    async def _follow(self) -> None:
        """Stay connected until the bus goes."""
        try:
            bus = self._bus = self._bus or await self._connect()
            await bus.wait_until_gone()
        except DesktopError as error:
            log.debug("what is in front is not followed: %s", error)
        finally:
            await self._disconnect()

    def _on_report(self, message: Message) -> None:
        now_s = time.monotonic()
        if now_s - self._second_s > 1.0:
            self._second_s, self._count = now_s, 0
        self._count += 1
        owner, path, member = (
            message.header.fields.get(field) for field in (HeaderFields.sender, HeaderFields.path, HeaderFields.member)
        )
        is_understood = isinstance(owner, str) and isinstance(path, str)
        if self._count > _MOST_A_SECOND or not is_understood:
            self._leave(now_s)
        elif member == "Activate" or member in _LEFT:
            self._tell(Object(str(owner), str(path)), is_active=member == "Activate")

    def _on_gone(self, message: Message) -> None:
        """A bus name has a new owner, or none if its program has ended."""
        name, new_owner = (*message.body, None, None, None)[:3:2]
        if isinstance(name, str) and not new_owner:
            self._tell(Object(name, ""), is_active=False)

    def _tell(self, window: Object, *, is_active: bool) -> None:
        """Queue a report, to be handled in order. A window without a path stands for all windows of a program."""
        if self._news.full():
            self._leave(time.monotonic())
        else:
            self._news.put_nowait((window, is_active, time.monotonic()))

    def _leave(self, at_s: float) -> None:
        """Record that what is in front is no longer known."""
        self._active = None
        self._front.change(Other.UNKNOWN, at_s)

    async def _learn(self) -> None:
        while True:
            window, is_active, at_s = await self._news.get()
            if is_active:
                self._returns += window == self._active
                self._active = window
                is_own = await self._objects.is_own(window)
                self._front.change(Other.OWN if is_own else (window, self._returns), at_s)
            elif self._active and window in (self._active, Object(self._active.owner, "")):
                self._leave(at_s)
