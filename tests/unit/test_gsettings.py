"""GNOME's program for settings, when it does not answer."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from reader.errors import DesktopError
from reader.gsettings import gsettings


async def test_one_that_does_not_answer_is_ended_without_a_look_at_its_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks takes it from the thread that waits for it, which says so in the log."""
    program = tmp_path / "gsettings"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    looks: list[int] = []
    poll = subprocess.Popen.poll

    def count(process: subprocess.Popen[bytes]) -> int | None:
        looks.append(process.pid)
        return poll(process)

    monkeypatch.setattr(subprocess.Popen, "poll", count)
    with pytest.raises(DesktopError, match="does not answer"):
        await gsettings("list-recursively", limit_s=0.1)
    assert looks == []
