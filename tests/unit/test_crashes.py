"""What is written down when something breaks, and that it has no text of the user's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reader.support import crashes
from reader.support.crashes import CrashWatch

SECRET = "what the user was reading"
_START = (
    "import sys; from pathlib import Path; from reader.support.crashes import CrashWatch; w = CrashWatch(Path({!r})); "
)
if sys.platform == "win32":
    _FAULT, _FAULT_CODE, _FAULT_NAME = "import faulthandler; faulthandler._sigsegv()", 3, "Segmentation fault"
    _KILL = "import os; os.kill(os.getpid(), 9)"  # which no signal does there
else:
    _FAULT = "import os, signal, time; os.kill(os.getpid(), signal.SIGSEGV); time.sleep(60)"
    _FAULT_CODE, _FAULT_NAME = -signal.SIGSEGV, "Segmentation fault"
    _KILL = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


def fail_twice() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise ValueError(SECRET) from error


@pytest.mark.noisy
def test_a_report_has_places_and_types_but_no_text(tmp_path: Path) -> None:
    watch = CrashWatch(tmp_path / "crashes")
    watch.start([])
    try:
        with pytest.raises(ValueError, match=SECRET) as caught:
            fail_twice()
        sys.excepthook(ValueError, caught.value, caught.value.__traceback__)
        (report,) = crashes.reports(tmp_path / "crashes")
    finally:
        watch.stop()
    text = report.read_text()
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "test_crashes.py:" in text
    assert SECRET not in text


@pytest.mark.noisy
def test_a_thread_is_reported_too(tmp_path: Path) -> None:
    def fail() -> None:
        raise ValueError(SECRET)

    watch = CrashWatch(tmp_path)
    watch.start([])
    try:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        (report,) = crashes.reports(tmp_path)
    finally:
        watch.stop()
    assert "fail" in report.read_text()
    assert SECRET not in report.read_text()


def test_nothing_is_left_of_a_run_without_a_crash(tmp_path: Path) -> None:
    watch = CrashWatch(tmp_path / "crashes")
    watch.start([])
    watch.stop()
    assert list((tmp_path / "crashes").iterdir()) == []


def test_a_report_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "1-2-fault.txt").write_text("broken")
    assert crashes.untold(tmp_path) == tmp_path / "1-2-fault.txt"
    assert crashes.untold(tmp_path) is None


def run(code: str, restarts: str) -> tuple[int, str, str]:
    """Its exit code and outputs, once it has ended and whatever it was started again as, for all hold its output open.

    Raises subprocess.TimeoutExpired. subprocess.run would then wait for those without a limit, on Windows.
    """
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "HARKEN_RESTARTS": restarts}
    started = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    )
    try:
        printed, complaints = started.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        started.kill()
        raise
    return started.returncode, printed, complaints


def test_a_fault_is_written_down_and_it_is_started_again_a_few_times(tmp_path: Path) -> None:
    code = tmp_path / "crashing.py"
    code.write_text(
        _START.format(str(tmp_path / "crashes"))
        + f"print('started', flush=True); w.start([sys.executable, {str(code)!r}]); {_FAULT}"
    )
    code_of_exit, printed, _ = run(code.read_text(), "2")
    assert code_of_exit == _FAULT_CODE
    assert printed == "started\n" * 3
    reports = crashes.reports(tmp_path / "crashes")
    assert len(reports) == 3
    assert _FAULT_NAME in reports[0].read_text()


@pytest.mark.parametrize("end", ["w.stop()", _KILL])
def test_it_is_not_started_again_when_it_was_quit_or_killed(tmp_path: Path, end: str) -> None:
    code = _START.format(str(tmp_path)) + f"w.start(['echo', 'again']); {end}"
    assert run(code, "2")[1] == ""


def test_who_would_start_it_again_may_be_killed(tmp_path: Path) -> None:
    end = "w._phoenix.kill(); w.stop(); print('stopped')"
    code = _START.format(str(tmp_path / "crashes")) + f"w.start(['echo', 'again']); {end}"
    assert run(code, "2") == (0, "stopped\n", "")
    assert list((tmp_path / "crashes").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that stops a process")
def test_who_would_start_it_again_and_is_stopped_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARKEN_RESTARTS", "2")
    monkeypatch.setattr(crashes, "_PHOENIX_LIMIT_S", 0.05)
    watch = CrashWatch(tmp_path / "crashes")
    watch.start(["echo", "again"])
    assert watch._phoenix
    watch._phoenix.send_signal(signal.SIGSTOP)
    watch.stop()
    assert watch._phoenix.wait(60) == -signal.SIGKILL
    assert list((tmp_path / "crashes").iterdir()) == []


def test_the_file_of_a_harken_that_runs_stays_when_another_starts(tmp_path: Path) -> None:
    """One that was killed leaves an empty one, which goes."""
    folder = tmp_path / "crashes"
    folder.mkdir()
    (folder / "20260101-000000-999999999-fault.txt").touch()
    code = _START.format(str(folder)) + "w.start([]); print('there', flush=True); input()"
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "there\n"
        watch = CrashWatch(folder)
        watch.start([])
        watch.stop()
        assert [path.name.split("-")[2:] for path in folder.iterdir()] == [[str(other.pid), "fault.txt"]]
        other.communicate("")
