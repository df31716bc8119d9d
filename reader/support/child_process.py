"""How to kill an asyncio child process. Core thread only."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys


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
