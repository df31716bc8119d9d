"""The entry point of every child process, see child.py: runs the module named in its arguments.

Only messages may go to standard output, so the real one is moved away first: a library that prints would break the
pipe. A child exits when its input ends, so none outlives Harken.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys

from reader.support import core_dumps, timeline
from reader.workers import sandbox
from reader.workers.worker import READS


def main(module: str, memory_bytes: str) -> int:
    """Run one child until its input ends. The arguments are those of `child.command`. Returns the exit code."""
    core_dumps.forbid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends us
    if timeline.VARIABLE in os.environ:
        timeline.collect()
    messages = os.dup(1)
    os.dup2(2, 1)
    if int(memory_bytes):
        sandbox.enter(int(memory_bytes), os.environ.get(READS, ""))
    run = importlib.import_module(module).run
    with contextlib.suppress(BrokenPipeError):  # Harken is gone
        run(0, messages)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[-2:]))
