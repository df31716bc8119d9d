"""The Linux desktop's accessibility switch: org.a11y.Status, IsEnabled.

Qt programs and Firefox report nothing unless it is on when they start. The service behind it (at-spi-bus-launcher)
stores it as GNOME's setting toolkit-accessibility if the desktop has that, and so permanently; otherwise it is off
again in the next session, and Harken switches it on at each start. Either way it stays on when Harken quits, for
programs that are started later.

A note in Harken's own folder records that Harken switched it on: if it was on before, it is never switched off.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path

from reader.dbus import Bus, connect
from reader.errors import DesktopError

log = logging.getLogger(__name__)

_STATUS = "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties"
_INTERFACE = "org.a11y.Status"


class BusSwitch:
    """Implements AccessibilitySwitch."""

    def __init__(self, note: Path) -> None:
        self._note = note

    async def is_on(self) -> bool | None:
        try:
            async with connect() as bus:
                return await _read(bus, "IsEnabled")
        except DesktopError as error:
            log.debug("whether accessibility is on is not known: %s", error)
            return None

    async def set(self, is_wanted: bool) -> bool | None:
        if not is_wanted and not await asyncio.to_thread(self._note.exists):
            return await self.is_on()  # it is not Harken's to switch off
        try:
            async with connect() as bus:
                is_on = await _read(bus, "IsEnabled")
                if is_on is None or is_on is is_wanted:
                    await asyncio.to_thread(self._forget, is_on=is_on)
                    return is_on
                if not is_wanted and not await self._may_switch_off(bus):
                    return True
                await bus.call(*_STATUS, "Set", "ssv", _INTERFACE, "IsEnabled", ("b", is_wanted))
                await asyncio.to_thread(self._remember if is_wanted else self._forget)
                return await _read(bus, "IsEnabled")
        except DesktopError as error:
            log.warning("accessibility could not be switched: %s", error)
            return None

    async def _may_switch_off(self, bus: Bus) -> bool:
        """Whether nothing else needs it: no screen reader was switched on since."""
        return not await _read(bus, "ScreenReaderEnabled")

    def _remember(self) -> None:
        try:
            self._note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._note.touch()
        except OSError as error:
            log.warning("it is not noted that Harken has switched accessibility on: %s", error)

    def _forget(self, *, is_on: bool | None = False) -> None:
        """Remove the note if it is off, no matter what switched it off."""
        if is_on is False:
            with contextlib.suppress(OSError):
                self._note.unlink(missing_ok=True)


async def _read(bus: Bus, name: str) -> bool | None:
    """One of the service's properties; None for an answer of the wrong type. Raises DesktopError."""
    answer = await bus.call(*_STATUS, "Get", "ss", _INTERFACE, name)
    value = answer[0][1] if answer and isinstance(answer[0], tuple) and len(answer[0]) == 2 else None
    return value if isinstance(value, bool) else None
