"""The desktop of the tests itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.desktop.desk import wait_for

# A desktop with a Harken, which says the numbers of its processes and where it is.
_DESK = """
import signal
from tests.desktop.desk import Desk
with Desk() as desk:
    desk.start_harken()
    print(*(process.pid for process in desk._processes), desk.folder, flush=True)
    signal.pause()
"""


def is_there(pid: str) -> bool:
    """Whether a process has not ended. One that nobody has waited for has no command line."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


def test_nothing_goes_on_of_a_desktop_whose_test_run_is_killed() -> None:
    command = [sys.executable, "-c", _DESK]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        *pids, folder = run.stdout.readline().split()
        run.kill()
    try:
        assert len(pids) == 5
        wait_for(lambda: not any(map(is_there, pids)), "the end of the desktop")
    finally:
        shutil.rmtree(folder)
