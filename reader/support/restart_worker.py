"""Waits for Harken to exit, and restarts it if a fault in a library killed it: for Windows, which has no shell."""

from __future__ import annotations

import os
import subprocess
import sys

# Environment variables, see crashes.py: where Harken would have recorded the fault, and the command to start it.
REPORT, COMMAND = "HARKEN_CRASH_REPORT", "HARKEN_CRASH_COMMAND"


def run(fd_in: int, _fd_out: int) -> None:
    """Start Harken if its end of the pipe closes without a word and its report isn't empty."""
    if os.read(fd_in, 1):
        return
    report, command = os.environ.pop(REPORT), os.environ.pop(COMMAND).split("\n")
    if os.path.exists(report) and os.path.getsize(report):
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW
        subprocess.Popen(command, stdin=subprocess.DEVNULL, creationflags=flags)
