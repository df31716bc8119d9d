"""Where the pointer comes to rest on an X server, and which process owns the window there.

The server is polled four times a second, and ten times while the pointer moves. It could report movements, but a mouse
makes up to a thousand a second, and none are reported if a program moves the pointer. On Wayland, programs can't see
the pointer.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from Xlib.error import DisplayError, XError
from Xlib.ext import res

from reader.capture.x11_transfer import window_id
from reader.errors import DesktopError
from reader.x11 import XThread

_LOOK_AGAIN_S = 0.25
_MOVES_S = 0.1  # the same while it moves
# The pointer rests when it has not moved for this long: longer than a pause on its way, shorter than a user would wait.
_RESTS_S = 0.4
# The deepest nesting of windows.
_DEEPEST = 20


class Rest(NamedTuple):
    """A point of the screen, and the process of the window there; 0 if unknown."""

    x: int
    y: int
    pid: int


class PointerWatch(XThread):
    """The polling thread, with its own connection. Use `watch`."""

    def __init__(self, on_rest: Callable[[Rest], None]) -> None:
        """`on_rest` is called on the thread each time the pointer rests at a new point.

        Raises DisplayError (or another of Xlib's) if there is no X server.
        """
        super().__init__("x11 pointer")
        self._on_rest = on_rest
        self._at = (-1, -1)
        self._since_s: float | None = None  # since when it has been there without resting yet; None while it rests
        self.begin()

    def opened(self) -> None:
        self._at = self._where()
        self._since_s = None

    def look(self, events: list[Any]) -> float | None:
        now_s, at = time.monotonic(), self._where()
        if at != self._at:
            self._at, self._since_s = at, now_s
        elif self._since_s is not None and now_s - self._since_s >= _RESTS_S:
            self._since_s = None
            self._on_rest(Rest(*at, self._pid()))
        return _LOOK_AGAIN_S if self._since_s is None else _MOVES_S

    def _where(self) -> tuple[int, int]:
        found = self.root.query_pointer()
        return int(found.root_x), int(found.root_y)

    def _pid(self) -> int:
        """The process that owns the window under the pointer."""
        window = self.root
        with contextlib.suppress(XError):
            for _ in range(_DEEPEST):
                inner = window_id(window.query_pointer().child)
                if not inner:
                    break
                window = self.window_of(inner)
            if window.id == self.root.id or not self.display.has_extension("X-Resource"):
                return 0
            spec = [{"client": window.id, "mask": res.LocalClientPIDMask}]
            for answer in self.display.res_query_client_ids(spec).ids:
                if answer.value:
                    return int(answer.value[0])
        return 0


def watch(on_rest: Callable[[Rest], None]) -> PointerWatch:
    """Start watching; waits for the server. Raises DesktopError with the reason if it can't."""
    try:
        return PointerWatch(on_rest)
    except (DisplayError, XError, OSError) as error:
        raise DesktopError(str(error)) from error
