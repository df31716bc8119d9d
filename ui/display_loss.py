"""What becomes of Harken when its display goes: it ends as it should, and starts again once the display is back.

Qt then ends the process on the spot, after a message in its log. A compositor that has crashed is back within seconds
where the desktop starts it again, as KDE does; where the session is over, it is not. (Qt can connect again by itself,
and crashes at that in 6.11.)
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable

from reader.desktop.launch import DISPLAY_LOST, command
from reader.support import display

log = logging.getLogger(__name__)

_WAYLAND, _X = "The Wayland connection broke", "The X11 connection broke"
# For a compositor that is started again: a desktop with its panels and programs takes some seconds on a slow machine.
_BACK_S = 10.0
_LOOK_S = 0.1  # nobody tells when it is back


class DisplayLoss:
    """GUI thread."""

    def __init__(self, stop: Callable[[], None]) -> None:
        """`stop` ends all that runs in this process, with what it has told the desktop and other programs."""
        self._stop: Callable[[], None] | None = stop

    def look(self, message: str) -> None:
        """Qt says this. Does not return when it is that the display has gone."""
        if self._stop and message.startswith((_WAYLAND, _X)):
            stop, self._stop = self._stop, None  # Qt may say so again meanwhile
            stop()
            if message.startswith(_WAYLAND):
                _start_again(os.environ.get("WAYLAND_DISPLAY", ""))
            os._exit(0)  # Qt's own windows can't be closed any more


def _start_again(name: str) -> None:
    """Once the compositor answers; returns if it does not. Nothing runs here any more that could be kept waiting."""
    until_s = time.monotonic() + _BACK_S
    while time.monotonic() < until_s:
        if display.is_wayland_answering(name):
            program, *arguments = command()
            os.execve(program, [program, *arguments], {**os.environ, DISPLAY_LOST: "1"})  # noqa: S606 - Harken itself
        time.sleep(_LOOK_S)
    log.info("the display does not come back")
