"""What happens when Harken loses its display: it quits cleanly, and starts again once the display is back.

Qt then exits on the spot, after a message in its log. A crashed compositor is back within seconds if the desktop
restarts it, as KDE does; if the session is over, it is not. (Qt can reconnect by itself, but crashes while doing so in
6.11.)
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
# For a compositor that is restarted: a desktop with its panels and programs takes some seconds on a slow machine.
_BACK_S = 10.0
_LOOK_S = 0.1  # there is no notification


class DisplayLoss:
    """GUI thread."""

    def __init__(self, stop: Callable[[], None]) -> None:
        """`stop` ends everything that runs in this process, and withdraws what other programs know of it."""
        self._stop: Callable[[], None] | None = stop

    def look(self, message: str) -> None:
        """Check one of Qt's messages. Does not return if it says that the display is gone."""
        if self._stop and message.startswith((_WAYLAND, _X)):
            stop, self._stop = self._stop, None  # Qt may repeat the message meanwhile
            stop()
            if message.startswith(_WAYLAND):
                _start_again(os.environ.get("WAYLAND_DISPLAY", ""))
            os._exit(0)  # Qt's own windows can't be closed any more


def _start_again(name: str) -> None:
    """Start again once the compositor answers; return if it does not. May block: nothing else runs here any more."""
    until_s = time.monotonic() + _BACK_S
    while time.monotonic() < until_s:
        if display.is_wayland_answering(name):
            program, *arguments = command()
            os.execve(program, [program, *arguments], {**os.environ, DISPLAY_LOST: "1"})  # noqa: S606 - Harken itself
        time.sleep(_LOOK_S)
    log.info("the display does not come back")
