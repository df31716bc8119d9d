"""Harken's end of a child process: start it, talk to it, end it.

Core thread only. Frames are passed to `on_frame` in order; once the child is gone, for whatever reason, `on_end` is
called once. Restarting it is up to the owner, who knows what was lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reader import tasks
from reader.support import child_process, timeline
from reader.workers import sandbox
from reader.workers.frames import HEAD, MARKS, BrokenFrameError, Frame, FrameKind, decode_head, encode
from reader.workers.worker import Worker

log = logging.getLogger(__name__)

# More than the sound of a long sentence, so that reading from the pipe is never paused in the middle of one.
_BUFFER_BYTES = 1 << 20
_LOGGED_BYTES = 2000
# How many messages are handled before other tasks get a turn, some 1 ms: those already here are handled without
# waiting.
_AT_A_TIME = 16
_ENTRY = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r}); "
    "from reader.workers.__main__ import main; sys.exit(main(*sys.argv[-2:]))"
)


def command(worker: Worker) -> list[str]:
    """The command line for this kind of child. In a frozen program the executable is Harken itself."""
    # The name is for people who look at the list of processes.
    arguments = [worker.name, worker.module, str(worker.memory_bytes)]
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker", *arguments]
    # Not `-m`, which would look for modules in the folder that Harken was started in.
    return [sys.executable, "-P", "-c", _ENTRY, "reader.workers", *arguments]


class Child:
    """One running child process."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        name: str,
        on_frame: Callable[[Frame], None],
        on_end: Callable[[], None],
        *,
        is_group: bool = False,
    ) -> None:
        self._process = process
        self._name = name
        self._is_group = is_group
        self._on_frame = on_frame
        self._on_end = on_end
        self._tasks = [
            tasks.start(self._receive(), f"{name} frames"),
            tasks.start(self._log_errors(), f"{name} errors"),
        ]

    @classmethod
    async def start(
        cls, worker: Worker, on_frame: Callable[[Frame], None], on_end: Callable[[], None], *, is_group: bool = False
    ) -> Child:
        """Start a child. Raises OSError if the system can't.

        `is_group`: processes that the child starts end with it (not on Windows). It then has no terminal either.
        """
        pipe = asyncio.subprocess.PIPE
        process = await child_process.start(
            *command(worker),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            limit=_BUFFER_BYTES,
            start_new_session=is_group,
            env=sandbox.environment(worker),
        )
        log.debug("%s started as %d", worker.name, process.pid)
        return cls(process, worker.name, on_frame, on_end, is_group=is_group)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, tag: int, body: dict[str, Any] | bytes) -> None:
        """Send a message, now. It is lost if the child has died: `on_end` reports that."""
        stdin = self._process.stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(encode(tag, body))

    def kill(self) -> None:
        """Kill it. `on_end` follows."""
        child_process.kill(self._process, is_group=self._is_group)

    async def close(self) -> None:
        """Kill it and wait until it is gone, without calling `on_end`. Takes no longer than the system does."""
        self._on_end = _nothing
        if self._process.stdin is not None:
            self._process.stdin.close()
        self.kill()
        await self._process.wait()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _receive(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        try:
            while True:
                for _ in range(_AT_A_TIME):
                    kind, tag, length = decode_head(await stdout.readexactly(HEAD.size))
                    frame = Frame(kind, tag, await stdout.readexactly(length))
                    if kind is FrameKind.JSON and timeline.is_collecting():
                        timeline.take_over(frame.json().get(MARKS), self.pid, self._name)
                    self._on_frame(frame)
                await asyncio.sleep(0)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except BrokenFrameError as error:
            log.error("%s wrote something that is no message: %s", self._name, error)
        except Exception:  # kill a child that sends nonsense too, or its caller would wait forever
            log.exception("a message of %s can't be used", self._name)
        self.kill()
        code = await self._process.wait()
        if stdin := self._process.stdin:  # pending writes fail; asyncio logs that unless it is retrieved
            stdin.close()
            with contextlib.suppress(OSError):
                await stdin.wait_closed()
        log.debug("%s ended with %s", self._name, code)
        self._on_end()

    async def _log_errors(self) -> None:
        stderr = self._process.stderr
        assert stderr is not None
        while text := await stderr.read(_LOGGED_BYTES):
            log.debug("%s: %s", self._name, text.decode(errors="replace").rstrip())


def _nothing() -> None:
    pass
