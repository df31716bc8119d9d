"""Reports of one kind from all programs, over the accessibility bus (AT-SPI), while there is a listener.

If the bus goes, it reconnects. If reports come faster than a person could cause them, they are ignored for a while. In
both cases some are missed, and the listener is informed. Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from jeepney import MatchRule, Message

from reader import tasks
from reader.capture.accessible import IFACE, find_bus
from reader.dbus import STARTING_LIMIT_S, Bus, open_bus
from reader.errors import DesktopError

log = logging.getLogger(__name__)

_REGISTRY = "org.a11y.atspi.Registry", "/org/a11y/atspi/registry", "org.a11y.atspi.Registry"
# More reports in a second than this are not caused by a person. They are then ignored for a pause, which doubles each
# time up to the longest, and is reset after an equally long calm.
_MOST_A_SECOND = 200
_REST_S = 1.0
_LONGEST_REST_S = 30.0


class Reports:
    """`on_report` gets each message and returns at once; `on_gap` is called when some may have been missed."""

    def __init__(
        self, event: str, rule: MatchRule, on_report: Callable[[Message], None], on_gap: Callable[[], None]
    ) -> None:
        """`event` is what programs are asked to report, `rule` the part of it that the bus should send."""
        self._event = event
        self._rule = rule
        self._on_report = on_report
        self._on_gap = on_gap
        self._bus: Bus | None = None
        self._flood = asyncio.Event()
        self._second_s = 0.0  # the second in which reports are counted
        self._count = 0
        self._rest_s = _REST_S
        self._following: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start listening. Raises DesktopError if that is impossible."""
        self._bus = await self._connect()
        self._following = tasks.keep(self._follow, f"follow {self._event}")

    async def close(self) -> None:
        """Stop listening. May be called twice."""
        if self._following:
            self._following.cancel()
            await asyncio.wait([self._following])
            self._following = None
        await self._disconnect()

    async def _connect(self) -> Bus:
        """Use a separate connection, so that no answer waits for reports."""
        bus = await open_bus(await find_bus())
        try:
            await bus.call(*_REGISTRY, "RegisterEvent", "s", self._event, limit_s=STARTING_LIMIT_S)
        except BaseException:
            await bus.close()
            raise
        bus.listen(self._rule, self._on_message)
        return bus

    async def _disconnect(self) -> None:
        self._on_gap()
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
            log.warning("the accessibility bus has gone; %s is not reported until it is back", self._event)
        except DesktopError as error:
            log.debug("%s is not followed: %s", self._event, error)
        finally:
            await self._disconnect()

    async def _listen(self, bus: Bus, gone: asyncio.Task[None]) -> None:
        """Listen until there are too many reports, then pause."""
        self._flood.clear()
        await bus.follow(self._rule)
        begun_s = asyncio.get_running_loop().time()
        flood = tasks.start(self._wait_for_flood(), "too many reports")
        try:
            await asyncio.wait({flood, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            flood.cancel()
        if gone.done():
            return
        await bus.leave(self._rule)
        self._on_gap()
        if asyncio.get_running_loop().time() - begun_s > self._rest_s:
            self._rest_s = _REST_S
        log.warning("%s is reported too often; ignored for %g s", self._event, self._rest_s)
        await asyncio.wait({gone}, timeout=self._rest_s)
        self._rest_s = min(2 * self._rest_s, _LONGEST_REST_S)

    async def _wait_for_flood(self) -> None:
        await self._flood.wait()

    def _on_message(self, message: Message) -> None:
        now_s = asyncio.get_running_loop().time()
        if now_s - self._second_s > 1.0:
            self._second_s, self._count = now_s, 0
        self._count += 1
        if self._count > _MOST_A_SECOND:
            self._on_gap()
            self._flood.set()
        else:
            self._on_report(message)


def rule_for(member: str, argument: str = "") -> MatchRule:
    """The match rule for one kind of object event."""
    rule = MatchRule(type="signal", interface=IFACE + "Event.Object", member=member)
    if argument:
        rule.add_arg_condition(0, argument)
    return rule
