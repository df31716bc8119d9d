"""What Harken leaves on a computer: its own files, and nobody else's notes about it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("voice", ["neural/heart", "espeak/en-us"])
def test_a_reading_leaves_nothing_but_harken_s_own_notes(tmp_path: Path, voice: str) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    env = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "ui.launch", "speak", "--text", "Hello there.", "--voice", voice]
    root = Path(__file__).parents[2]
    subprocess.run([*command, "--out", str(home / "heard.wav")], env=env, cwd=root, check=True, timeout=60)
    left = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}
    assert "heard.wav" in left
    # A library that counts its users writes its notes into .cache or .config.
    assert [path for path in left if path != "heard.wav" and not path.startswith(".local/state/harken/")] == []
