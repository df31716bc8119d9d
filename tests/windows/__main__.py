"""The tests in a Windows under Wine: `python -m tests.windows [PYTEST…]`; `python -m tests.windows run PROGRAM…`.

Without arguments, those beside this follow, which look at it from outside: real keys, another program, a sound server.
`run` starts something else there: `run harken doctor`, `run python -c …`, `run notepad`.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from tests.windows.wine import HARKEN, PYTHON, windows

# What asks something of the system. All others compute, as they do on Linux, or are about what only Linux has.
_UNIT = "automation chord copying crashes frames listen log on_windows outputs ring streams wav"
_TESTS = (
    *("architecture/test_tasks.py", "contract/test_ipc.py"),
    *(f"unit/test_{name}.py" for name in _UNIT.split()),
)


def main(arguments: list[str]) -> int:
    """Run the tests, or a program, and return the exit code."""
    started = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and nothing is left running
    try:
        with windows() as there:
            print(f"Windows was up after {time.monotonic() - started:.0f} s", flush=True)
            tests = [f"tests/{name}" for name in _TESTS]
            if arguments[:1] == ["run"]:
                names = {"python": (PYTHON,), "harken": HARKEN}
                return there.copied(*names.get(arguments[1], (arguments[1],)), *arguments[2:])
            failed = there.copied(PYTHON, "-m", "pytest", "-p", "no:cacheprovider", *(arguments or tests))
    except RuntimeError as error:
        print(f"FAILED: {error}")
        return 1
    if not arguments:
        failed |= subprocess.run([sys.executable, "-m", "pytest", "tests/windows"], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
