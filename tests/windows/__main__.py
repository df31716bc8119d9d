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
import time

from tests.desktop.desk import Desk
from tests.windows import package
from tests.windows.wine import CHECKOUT, HARKEN, PYTHON, windows

# What asks something of the system. All others compute, as they do on Linux, or are about what only Linux has.
_UNIT = "automation chord copying crashes frames listen log on_windows outputs ring streams wav"
_TESTS = (
    *(
        "architecture/test_tasks.py",
        "integration/test_purge.py",
        *(f"contract/test_{name}.py" for name in ("ipc", "hotkeys", "capture")),
    ),
    *(f"unit/test_{name}.py" for name in _UNIT.split()),
)

_PACKAGES = CHECKOUT / "build/windows"


def main(arguments: list[str]) -> int:
    """Run the tests, or a program, and return the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and nothing is left running
    try:
        failed = _inside(arguments)
    except (RuntimeError, subprocess.CalledProcessError) as error:
        print(f"FAILED: {error}")
        return 1
    if not arguments:
        failed |= _outside("tests/windows")
    elif arguments == ["package"]:
        failed |= _outside("tests/windows/test_package.py", HARKEN_WINDOWS_PACKAGES=str(_PACKAGES))
    return failed


def _inside(arguments: list[str]) -> int:
    started = time.monotonic()
    with Desk(sound=False, bus=False) as desk, windows(desk.display) as there:
        print(f"Windows was up after {time.monotonic() - started:.0f} s", flush=True)
        if arguments[:1] == ["run"]:
            names = {"python": (PYTHON,), "harken": HARKEN}
            return there.copied(*names.get(arguments[1], (arguments[1],)), *arguments[2:])
        if arguments == ["package"]:
            shutil.rmtree(_PACKAGES, ignore_errors=True)
            package.make(there, _PACKAGES)
            print(f"the packages were made after {time.monotonic() - started:.0f} s", flush=True)
            return 0
        tests = [f"tests/{name}" for name in _TESTS]
        return there.copied(PYTHON, "-m", "pytest", "-p", "no:cacheprovider", *(arguments or tests))


def _outside(tests: str, **env: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", tests], check=False, env=os.environ | env).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
