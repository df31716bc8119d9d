"""How asyncio's child processes are started and killed, so that none outlives its loop. Core thread only."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import weakref
from typing import Any

# Longer than the system takes to end a killed process, unless it waits for a disk that does not answer.
_GONE_S = 2.0

_started: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, set[asyncio.subprocess.Process]] = (
    weakref.WeakKeyDictionary()
)


async def start(*command: str, **options: Any) -> asyncio.subprocess.Process:
    """As asyncio.create_subprocess_exec, but `end_all` knows the process. Raises OSError."""
    process = await asyncio.create_subprocess_exec(*command, **options)
    running = _started.setdefault(asyncio.get_running_loop(), set())
    running -= {one for one in running if one.returncode is not None}
    running.add(process)
    return process


async def end_all() -> None:
    """Kill those of this loop that are left, and wait until they are gone. Call it before the loop is closed.

    A task that is cancelled while it waits for a process leaves it behind.
    """
    left = [process for process in _started.pop(asyncio.get_running_loop(), ()) if process.returncode is None]
    for process in left:
        kill(process)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_GONE_S):
            await asyncio.gather(*(process.wait() for process in left))


def kill(process: asyncio.subprocess.Process, *, is_group: bool = False) -> None:
    """Kill a process if it is still running; with `is_group`, also everything it has started (not on Windows)."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:  # WORKAROUND asyncio: kill() may take the exit status from the watcher, which then complains
            end = os.killpg if is_group else os.kill
            end(process.pid, signal.SIGKILL)
