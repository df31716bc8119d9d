"""Media keys on Windows: registered while something is being read, is paused, or was stopped a moment ago.

Windows keeps a registered key from all other programs, so at other times the keys are left to the music. Windows' own
media panel does not show Harken. Run under Wine, never on Windows itself. Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from reader import tasks, win32
from reader.desktop.base import Playing
from reader.errors import DesktopError
from reader.flow import Command

log = logging.getLogger(__name__)

# winuser.h: VK_MEDIA_…. Windows also reports the keys by these numbers.
_COMMANDS = {
    0xB0: Command.NEXT,
    0xB1: Command.PREVIOUS,
    0xB2: Command.STOP,
    0xB3: Command.PAUSE_RESUME,
}
_NO_REPEAT = 0x4000  # MOD_NOREPEAT
_CLOSE_LIMIT_S = 1.0


class MediaKeys:
    """Implements MediaControls."""

    def __init__(
        self,
        on_command: Callable[[Command], None],
        _on_speed: Callable[[float], None],
        _on_volume: Callable[[float], None],
    ) -> None:
        """Nothing is registered yet. No key changes the speed or Harken's own volume."""
        self._on_command = on_command
        self._is_wanted = self._is_taken = False
        self._thread: win32.MessageThread | None = None
        self._task: asyncio.Task[None] | None = None

    def show(self, playing: Playing | None) -> None:
        self._is_wanted = playing is not None
        if self._is_wanted != self._is_taken and (self._task is None or self._task.done()):
            self._task = tasks.start(self._follow(), "media keys")

    async def close(self) -> None:
        self.show(None)
        if self._task:
            await asyncio.wait([self._task], timeout=_CLOSE_LIMIT_S)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._thread:
            await asyncio.to_thread(self._thread.close)  # which unregisters its keys
            self._thread = None

    async def _follow(self) -> None:
        """Run until the registered keys are those wanted. If they can't be had, Harken works without them."""
        loop = asyncio.get_running_loop()

        def told(message: int, number: int) -> None:
            if message == win32.WM_HOTKEY and number in _COMMANDS:
                with suppress(RuntimeError):  # the loop is closed
                    loop.call_soon_threadsafe(self._on_command, _COMMANDS[number])

        while self._is_taken != self._is_wanted:
            wanted = self._is_wanted
            try:
                if self._thread is None:
                    self._thread = await asyncio.to_thread(win32.MessageThread, "media keys", told)
                await asyncio.wrap_future(self._thread.submit(_take if wanted else _leave))
            except DesktopError as error:
                log.info("no media keys: %s", error)
            self._is_taken = wanted


def _take() -> None:
    for key in _COMMANDS:
        if not win32.user32().RegisterHotKey(None, key, _NO_REPEAT, key):
            log.info("media key %#x is another program's: error %d", key, win32.last_error())


def _leave() -> None:
    for key in _COMMANDS:
        win32.user32().UnregisterHotKey(None, key)
