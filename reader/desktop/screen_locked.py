"""Whether a Linux desktop's screen is locked, according to its screen saver on the session bus.

GNOME, KDE, Cinnamon, MATE and Xfce have one that can be asked. Lockers that are only a window, such as i3lock, don't
report it. The connection is made on first use, and again after it is lost.

Core thread only.
"""

from __future__ import annotations

import asyncio

from jeepney import DBusAddress, MessageFlag, new_method_call

from reader.dbus import Bus, open_bus
from reader.errors import DesktopError, NoAnswerError

# The names of screen savers, which are also their interfaces, and the paths of their objects.
_SAVERS = {
    "org.gnome.ScreenSaver": "/org/gnome/ScreenSaver",
    "org.freedesktop.ScreenSaver": "/org/freedesktop/ScreenSaver",
    "org.cinnamon.ScreenSaver": "/org/cinnamon/ScreenSaver",
    "org.mate.ScreenSaver": "/org/mate/ScreenSaver",
    "org.xfce.ScreenSaver": "/org/xfce/ScreenSaver",
}
_LIMIT_S = 0.2


class BusScreenLock:
    """Implements ScreenLock."""

    def __init__(self) -> None:
        self._bus: Bus | None = None

    async def is_locked(self) -> bool:
        try:
            if self._bus is None or self._bus.is_gone:
                await self.close()
                self._bus = await open_bus(limit_s=_LIMIT_S)
        except DesktopError:
            return False
        bus = self._bus
        return any(await asyncio.gather(*(_is_active(bus, name, path) for name, path in _SAVERS.items())))

    async def close(self) -> None:
        bus, self._bus = self._bus, None
        if bus:
            await bus.close()


async def _is_active(bus: Bus, name: str, path: str) -> bool:
    """What one screen saver answers. It is not started for this."""
    question = new_method_call(DBusAddress(path, name, name), "GetActive")
    question.header.flags = MessageFlag.no_auto_start
    try:
        answer = await bus.ask(question, _LIMIT_S)
    except NoAnswerError:
        return True
    except DesktopError:  # it isn't running, or has no such method
        return False
    return answer == (True,)
