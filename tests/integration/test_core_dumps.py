"""Whatever ends a process of Harken's, no image of its memory is left: it would hold texts and keys."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reader.workers.child import command
from tests.desktop.desk import wait_for
from tests.fakes.workers import WORKERS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what other systems offer has no /proc to look at")
TEXT = "Nobody but the listener may ever have this sentence, so it is long enough to be caught while it is spoken."
_WITHOUT_LIMITS = "import resource; resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)"
_RUN = "import sys; sys.argv[0] = 'harken'; from ui.launch import main; main()"


def start(folder: Path, *arguments: str, prefix: str = "") -> subprocess.Popen[bytes]:
    """Harken's program, in a folder where an image would be left, and let to leave one where that is allowed."""
    can_raise = (
        subprocess.run([sys.executable, "-c", _WITHOUT_LIMITS], capture_output=True, check=False).returncode == 0
    )
    raised = f"{_WITHOUT_LIMITS}; " if can_raise else ""
    return subprocess.Popen(
        [sys.executable, "-c", f"{raised}{prefix}{_RUN}", *arguments],
        cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "HARKEN_AUDIO": "none", "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip


def tree(pid: int) -> list[int]:
    """A process and all that came of it."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [pid, *(below for child in children.read_text().split() for below in tree(int(child)))]
    except OSError:
        return []


def names(pids: list[int]) -> str:
    return " ".join(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() for pid in pids)


def check_images(pids: list[int]) -> None:
    """Nobody may take an image of these, and if somebody did, nothing would be in it."""
    for pid in pids:
        (limit,) = (line for line in Path(f"/proc/{pid}/limits").read_text().splitlines() if "core file" in line)
        assert limit.split()[-3:-1] == ["0", "0"], names([pid])
        assert int(Path(f"/proc/{pid}/coredump_filter").read_text(), 16) == 0, names([pid])


def test_no_process_of_a_reading_may_leave_one(tmp_path: Path) -> None:
    process = start(tmp_path, "speak", "--text", f"Никто не должен это читать. {TEXT}")  # it takes two voices
    try:

        def has_voices() -> list[int]:
            found = tree(process.pid)
            return found if {"neural", "espeak"} <= set(names(found).split()) else []

        pids: list[int] = wait_for(has_voices, "voices")
        # A child is Python first, and ours a moment later; before that nothing was said to it.
        wait_for(lambda: all(Path(f"/proc/{pid}/coredump_filter").read_text().strip("0\n") == "" for pid in pids), "it")
        check_images(pids)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("kind", ["harken", *WORKERS])
@pytest.mark.parametrize("fault", [signal.SIGSEGV, signal.SIGABRT])
def test_a_fault_leaves_nothing_behind(tmp_path: Path, kind: str, fault: signal.Signals) -> None:
    """The very end of a process, with a limit that would let it be dumped before Harken's own code is there."""
    if kind == "harken":
        process = start(tmp_path, "speak", "-")
        assert process.stdin is not None
        process.stdin.write(TEXT.encode())
        process.stdin.flush()
    else:
        process = start(
            tmp_path,
            "--worker",
            *command(WORKERS[kind])[-3:],
            prefix="import os; os.environ['XDG_RUNTIME_DIR'] = '/nowhere'; ",
        )
    wait_for(lambda: Path(f"/proc/{process.pid}/coredump_filter").read_text().strip("0\n") == "", "its start")
    process.send_signal(fault)
    process.communicate()
    assert process.returncode == -fault
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "runtime"])


def test_only_the_tray_app_can_be_looked_at_by_portals() -> None:
    code = (
        "import ctypes; from reader.support import core_dumps; core_dumps.forbid(); prctl = ctypes.CDLL(None).prctl;"
        "print(prctl(3, 0, 0, 0, 0)); core_dumps.open_to_portals(); print(prctl(3, 0, 0, 0, 0))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1"]
    assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 1  # the test's own process is as it was
