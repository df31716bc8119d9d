"""Keeps a Linux desktop from locking its screen, with whichever of two services it has.

KDE, GNOME, Cinnamon, MATE and others have org.freedesktop.ScreenSaver; the portal is for sandboxed programs. Each hold
has its own connection: if Harken dies, or a service grants something after we gave up waiting, closing the connection
undoes it.

Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from reader import tasks
from reader.dbus import Bus, connect
from reader.errors import DesktopError
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# org.freedesktop.portal.Inhibit: the flag for "the session becomes idle".
_IDLE = 8
_CLOSE_LIMIT_S = 1.0

T = TypeVar("T")
Undo = Callable[[], Awaitable[object]]


class ScreenSaver:
    """Implements ScreenLockInhibitor."""

    def __init__(self) -> None:
        self._released: asyncio.Event | None = None  # of the current hold
        self._holds: set[asyncio.Task[None]] = set()

    def hold(self) -> None:
        if self._released is None:
            self._released = asyncio.Event()
            hold = tasks.start(_hold(self._released), "keep the screen unlocked")
            self._holds.add(hold)
            hold.add_done_callback(self._holds.discard)

    def release(self) -> None:
        if self._released:
            self._released.set()
            self._released = None

    async def close(self) -> None:
        """Waits a second at most for a service that hangs."""
        self.release()
        if self._holds:
            _, hanging = await asyncio.wait(self._holds, timeout=_CLOSE_LIMIT_S)
            for hold in hanging:
                hold.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)


async def _hold(released: asyncio.Event) -> None:
    try:
        async with connect() as bus:
            undo = await _inhibit(bus)
            await released.wait()
            await undo()
    except DesktopError as error:
        log.info("the screen may lock: %s", error)


async def _inhibit(bus: Bus) -> Undo:
    """Ask one service, then the other if the first refuses. Returns what undoes it. Raises DesktopError if both do."""
    reason = translate("reader", "Harken is reading aloud")
    try:
        return await _ask_screensaver(bus, reason)
    except DesktopError as error:
        log.debug("%s", error)
    return await _ask_portal(bus, reason)


async def _ask_screensaver(bus: Bus, reason: str) -> Undo:
    name = "org.freedesktop.ScreenSaver"
    at = name, "/org/freedesktop/ScreenSaver", name
    cookie = _only(await bus.call(*at, "Inhibit", "ss", "Harken", reason), int)
    return lambda: bus.call(*at, "UnInhibit", "u", cookie)


async def _ask_portal(bus: Bus, reason: str) -> Undo:
    name = "org.freedesktop.portal.Desktop"
    at = name, "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Inhibit"
    request = _only(await bus.call(*at, "Inhibit", "sua{sv}", "", _IDLE, {"reason": ("s", reason)}), str)
    return lambda: bus.call(name, request, "org.freedesktop.portal.Request", "Close")


def _only(answer: tuple[Any, ...], kind: type[T]) -> T:
    """The single value of an answer. Raises DesktopError for any other answer."""
    if len(answer) != 1 or not isinstance(answer[0], kind):
        raise DesktopError("Inhibit: an answer of the wrong kind")
    return answer[0]
