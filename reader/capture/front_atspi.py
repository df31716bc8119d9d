"""What is in front, as programs themselves report it on the accessibility bus (window:activate and window:deactivate).

Less than a compositor knows: a program that reports nothing (Qt programs, until accessibility is on) may be in front
whenever none of the others says that it is. Then it is not known which window is in front. A window that is closed may
report nothing either (those of GTK 4), nor does a program that is killed. So the bus says which programs have gone, and
a window is asked whether it is still active before a selection is taken for its own.
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
# More reports than this in a second are not caused by a person: until the next second nothing is known.
_MOST_A_SECOND = 200


class AtspiFront:
    """Implements FrontWatch."""

    def __init__(self, front: FrontWindow) -> None:
        self._front = front
        self._objects = Accessibles()
        self._bus: Bus | None = None
        self._rule = MatchRule(type="signal", interface=IFACE + "Event.Window")
        self._gone = MatchRule(type="signal", sender=_BUS, interface=_BUS, member="NameOwnerChanged")
        self._active: Object | None = None  # the window that says that it is in front
        self._returns = 0  # how often one came to the front of which it was not known that it had left
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

    async def confirm(self) -> bool:
        """Whether the window says that it is active. A program that hangs is not believed: it could not tell."""
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
        """Be connected, until the bus goes."""
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
        """A name on the bus has another owner, or, when a program has ended, none."""
        name, new_owner = (*message.body, None, None, None)[:3:2]
        if isinstance(name, str) and not new_owner:
            self._tell(Object(name, ""), is_active=False)

    def _tell(self, window: Object, *, is_active: bool) -> None:
        """In the order in which it was reported. All windows of a program, without a path."""
        if self._news.full():
            self._leave(time.monotonic())
        else:
            self._news.put_nowait((window, is_active, time.monotonic()))

    def _leave(self, at_s: float) -> None:
        """It is not known any more what is in front."""
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
