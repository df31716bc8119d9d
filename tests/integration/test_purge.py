"""`harken purge`: what is removed, what is asked before, and what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reader.settings.paths import log_file, settings_file, state_folder
from reader.settings.store import Settings

ROOT = Path(__file__).parents[2]


def purge(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reader", "purge", *arguments],
        check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=ROOT, timeout=60,
    )  # fmt: skip


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A home in which Harken was used, and somebody else's file."""
    Settings(settings_file()).set("voice.speed", 1.5)
    for path in (state_folder() / "crashes/1-2-fault.txt", log_file()):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("something")
    if sys.platform == "linux":
        entry = tmp_path / "autostart/harken.desktop"
        entry.parent.mkdir(exist_ok=True)
        entry.write_text("[Desktop Entry]\nType=Application\nExec=harken\n")
    (tmp_path / "theirs.txt").write_text("a file of the user's")
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(name for _, _, names in os.walk(folder) for name in names)


def test_everything_of_ours_goes_and_nothing_else(used: Path) -> None:
    done = purge("--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert str(settings_file().parent) in done.stdout
    assert files(used) == ["theirs.txt"]


def test_the_users_own_files_in_harkens_folders_stay(used: Path) -> None:
    own = [settings_file().with_name("my notes.toml"), state_folder() / "kept/settings.toml", log_file().with_name("x")]
    for path in own:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("the user's own")
    done = purge("--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(path.exists() for path in own)
    assert files(used) == sorted(["theirs.txt", *(path.name for path in own)])
    assert str(settings_file().parent) in done.stdout


def test_whatever_harken_writes_is_known(used: Path) -> None:
    names = ["polly-voices.json", "polly-spent.json", "polly-spent.broken-2.json", "recent-voices.json", "updates.json"]
    names += ["voices-offered.json", "player.json"]
    for name in [*names, "lowered.json", "windows.ini", "first-steps-shown", ".harken-0123456789ab.part"]:
        (state_folder() / name).write_text("something")
    settings_file().with_name("settings.broken.toml").write_text("something")
    log_file().with_name("harken.log.1").write_text("something")
    (state_folder() / "crashes/1-2-fault.told").touch()
    assert purge("--yes").returncode == 0
    assert files(used) == ["theirs.txt"]
    assert not state_folder().exists()


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows takes its null device for a terminal, which then has ended"
)
def test_nothing_is_removed_where_no_one_can_confirm(used: Path) -> None:
    before = files(used)
    done = purge()
    assert done.returncode == 1
    assert "--yes" in done.stderr
    assert files(used) == before
