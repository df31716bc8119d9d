"""The sessions of these tests themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop.desk import wait_for

pytestmark = pytest.mark.desktop


def processes_in(folder: str) -> list[str]:
    """Those that have the session's folder mounted."""
    found = []
    for mounts in Path("/proc").glob("[0-9]*/mountinfo"):
        try:
            if folder in mounts.read_text(encoding="utf-8"):
                found.append(mounts.parent.name)
        except OSError:  # it has ended meanwhile
            continue
    return found


def test_nothing_goes_on_of_a_session_whose_test_run_is_killed(wayland_root: Path) -> None:
    command = [sys.executable, "-m", "tests.wayland.desk", "sway"]
    env = os.environ | {"HARKEN_TEST_ROOT": str(wayland_root)}
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True, env=env) as run:
        assert run.stdout
        folder = run.stdout.readline().removeprefix("folder: ").strip()
        there = processes_in(folder)
        run.kill()
    try:
        assert len(there) > 5
        wait_for(lambda: not processes_in(folder), "the end of the session")
    finally:
        shutil.rmtree(folder)
