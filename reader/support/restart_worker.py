"""Waits for Harken to end, and starts it again if a fault in a library ended it: for Windows, which has no shell."""

from __future__ import annotations

import os
import subprocess
import sys

# In its environment, see crashes.py: where Harken would have written of the fault, and how it is started.
REPORT, COMMAND = "HARKEN_CRASH_REPORT", "HARKEN_CRASH_COMMAND"


def run(fd_in: int, _fd_out: int) -> None:
    """Start Harken if its end of the pipe closes without a word, and its report says something."""
    if os.read(fd_in, 1):
        return
    report, command = os.environ.pop(REPORT), os.environ.pop(COMMAND).split("\n")
    if os.path.exists(report) and os.path.getsize(report):
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW
        subprocess.Popen(command, stdin=subprocess.DEVNULL, creationflags=flags)
