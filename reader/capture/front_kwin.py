"""What is in front on KDE, by a script of a few lines that KWin runs while Harken is running.

Over Wayland, KWin does not tell ordinary programs about other windows. But it runs scripts for any program in the
session, and these can call the program back over D-Bus. Calls from any sender but KWin are ignored.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import tempfile
import time
from pathlib import Path

from jeepney import MatchRule, Message, MessageFlag, message_bus, new_method_return

from reader import tasks
from reader.capture.front import FrontWindow, Other
from reader.dbus import Bus, open_bus
from reader.errors import DesktopError
from reader.support import files

log = logging.getLogger(__name__)

_KWIN = "org.kde.KWin"
_SCRIPTING = _KWIN, "/Scripting", "org.kde.kwin.Scripting"
_CALL = "/harken", "harken.Front", "Activated"
# How late a call may be. On a busy bus calls are delayed, and a selection made meanwhile would be attributed to the
# previous window: so KWin sends the time, in ms since 1970. After a clock change that may be any value.
_LATEST_S = 10.0
# KWin 6 has windowActivated and activeWindow, KWin 5 has them under their former names.
_SCRIPT = """function tell(window) {
    callDBus(%s, window ? String(window.internalId) : "", window ? window.pid : 0, String(Date.now()));
}
(workspace.windowActivated || workspace.clientActivated).connect(tell);
tell(workspace.activeWindow || workspace.activeClient);
"""


class KwinFront:
    """Implements FrontWatch."""

    def __init__(self, front: FrontWindow) -> None:
        self._front = front
        self._bus: Bus | None = None
        self._plugin = f"harken-front-{os.getpid()}"
        self._task: asyncio.Task[None] | None = None
        self._begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def start(self) -> None:
        """Start watching. Raises DesktopError if there is no KWin, or it runs no scripts."""
        self._bus = await open_bus()
        try:
            (owner,) = await self._bus.ask(message_bus.GetNameOwner(_KWIN))
            path, interface, member = _CALL
            call = MatchRule(type="method_call", sender=owner, path=path, interface=interface, member=member)
            self._bus.listen(call, self._on_call)
            self._task = tasks.start(self._watch_bus(self._bus), "the bus of KWin")
            await self._load(self._bus)
        except BaseException as error:
            await self.close()
            if isinstance(error, OSError | ValueError):
                raise DesktopError(f"{_KWIN}: {type(error).__name__}") from error
            raise

    async def confirm(self) -> bool:
        return True  # KWin reports every change

    def notes(self) -> list[str]:
        return []

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        if self._bus:
            try:
                await self._bus.call(*_SCRIPTING, "unloadScript", "s", self._plugin)
            except DesktopError as error:
                log.debug("KWin: %s", error)
            await self._bus.close()
            self._bus = None
        self._front.change(Other.UNKNOWN, time.monotonic())

    async def _load(self, bus: Bus) -> None:
        script = _SCRIPT % ", ".join(json.dumps(part) for part in (bus.unique_name, *_CALL))
        with tempfile.TemporaryDirectory(prefix="harken-", dir=os.environ.get("XDG_RUNTIME_DIR")) as folder:
            path = Path(folder, "front.js")
            await asyncio.to_thread(files.write_text, path, script)
            await bus.call(*_SCRIPTING, "loadScript", "ss", str(path), self._plugin)
            await bus.call(*_SCRIPTING, "start")
            # The file is read when the script runs, which its first call shows.
            await asyncio.wait([self._begun], timeout=2.0)
        if not self._begun.done():
            raise DesktopError(f"{_KWIN}: a script did not start")

    async def _watch_bus(self, bus: Bus) -> None:
        await bus.wait_until_gone()
        log.warning("KWin no longer tells which window is in front: the bus has gone")
        self._front.change(Other.UNKNOWN, time.monotonic())

    def _on_call(self, message: Message) -> None:
        if self._bus and not message.header.flags & MessageFlag.no_reply_expected:
            tasks.start(self._bus.send(new_method_return(message)), "an answer to KWin")
        window, pid, told_ms = (*message.body, None, None, None)[:3]
        if not self._begun.done():
            self._begun.set_result(None)
        at_s = time.monotonic() - _lateness_s(told_ms)
        if pid == os.getpid():
            self._front.change(Other.OWN, at_s)
        else:
            front = window if isinstance(window, str) and window else Other.NOTHING
            self._front.change(front, at_s, pid if isinstance(pid, int) else 0)


def _lateness_s(told_ms: object) -> float:
    """How long ago that was, in seconds; 0 if unknown."""
    if not isinstance(told_ms, str) or not re.fullmatch(r"[0-9]{1,15}", told_ms):
        return 0.0
    late_s = time.time() - int(told_ms) / 1000
    return late_s if 0 <= late_s <= _LATEST_S else 0.0
