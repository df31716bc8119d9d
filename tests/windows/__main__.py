"""The tests in a Windows under Wine: `python -m tests.windows [PYTEST… | run PROGRAM… | package]`.

Without arguments, those beside this follow, which look at it from outside: real keys, another program, a sound server.
`run` starts something else there: `run harken doctor`, `run python -c …`, `run notepad`. `package` makes Harken's
packages for Windows in build/windows and tries them (package.py, test_package.py).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

from tests.desktop.desk import Desk
from tests.windows import package
from tests.windows.wine import CHECKOUT, HARKEN, PYTHON, made, needs, windows

# What calls Windows: its keys, clipboard, pipes, processes, files, registry. Whatever computes is tried on Linux, with
# fakes where it is about Windows.
_TESTS = (
    *(f"unit/test_{name}.py" for name in ("on_windows", "crashes", "frames", "log")),
    *(f"contract/test_{name}.py" for name in ("hotkeys", "capture", "ipc")),
    "integration/test_purge.py",
)

# More than they take beside twenty busy programs, and less than anybody waits for.
_LIMIT_S = 900.0
_PACKAGES = CHECKOUT / "build/windows"


def main(arguments: list[str]) -> int:
    """Run the tests, or a program, and return the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and nothing is left running
    try:
        if reason := needs():
            print(f"skipped: {reason}")
            return 0
        if not arguments:
            return _everything()
        if arguments[0] == "run":
            return _run(arguments[1:])
        return _package() if arguments == ["package"] else _inside(*arguments)
    except (RuntimeError, subprocess.CalledProcessError) as error:
        print(f"FAILED: {error}")
        return 1


def _everything() -> int:
    """What looks from outside runs beside what runs inside, in another Windows, and is shown behind it."""
    made()
    with tempfile.TemporaryFile() as printed, _outside("tests/windows", stdout=printed) as outside:
        try:
            failed = _inside(*(f"tests/{name}" for name in _TESTS))
        finally:
            failed_outside = _ended(outside)
        printed.seek(0)
        print(printed.read().decode(errors="replace"), flush=True)
    return failed or failed_outside


def _ended(outside: subprocess.Popen[bytes]) -> int:
    """Its exit code. It is asked to end behind the limit, and its Windows ends with it."""
    try:
        return outside.wait(_LIMIT_S)
    except subprocess.TimeoutExpired:
        print(f"FAILED: what looks from outside takes longer than {_LIMIT_S:g} s", flush=True)
        outside.send_signal(signal.SIGINT)
        return outside.wait() or 1


def _inside(*tests: str) -> int:
    """Run tests in a Windows without a screen, which is enough for them. Its output is copied."""
    started = time.monotonic()
    with windows() as there:
        print(f"Windows was up after {time.monotonic() - started:.0f} s", flush=True)
        return there.copied(PYTHON, "-m", "pytest", "-p", "no:cacheprovider", *tests, limit_s=_LIMIT_S)


def _outside(tests: str, **more: Any) -> subprocess.Popen[bytes]:
    """Start tests that look at Windows from outside."""
    return subprocess.Popen([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", tests], **more)


def _run(command: list[str]) -> int:
    names = {"python": (PYTHON,), "harken": HARKEN}
    with Desk(sound=False, bus=False) as desk, windows(desk.display) as there:
        return there.copied(*names.get(command[0], (command[0],)), *command[1:])


def _package() -> int:
    started = time.monotonic()
    shutil.rmtree(_PACKAGES, ignore_errors=True)
    with windows() as there:
        package.make(there, _PACKAGES)
    print(f"the packages were made after {time.monotonic() - started:.0f} s", flush=True)
    env = os.environ | {"HARKEN_WINDOWS_PACKAGES": str(_PACKAGES)}
    return _outside("tests/windows/test_package.py", env=env).wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
