"""Everything that must pass, in the order of how quickly it fails: `make test`.

Style and types first (types for each of the three systems, for two of them can't be run here), then the
tests. Prints a line a step and ends with 1 if any failed.

Tests of a whole desktop share the machine with whatever else it does. A few of them that failed get one second chance,
alone; those that pass then are named as unsteady, for somebody to look at.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

_STEPS = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "types on Linux": ["mypy"],
    "types on Windows": ["mypy", "--platform", "win32", "reader", "ui"],
    "types on macOS": ["mypy", "--platform", "darwin", "reader", "ui"],
    "tests": ["pytest", *sys.argv[1:]],
}
_SOME_FAILED = 1  # pytest's exit code
_MAX_UNSTEADY = 4


def main() -> int:
    """Run every step and return the exit code."""
    failed = []
    for name, command in _STEPS.items():
        print(f"--- {name}", flush=True)
        started = time.monotonic()
        code = _run(command)
        if name == "tests" and code == _SOME_FAILED and (unsteady := _unsteady()):
            print("--- once more, alone: " + ", ".join(unsteady), flush=True)
            code = _run(["pytest", *unsteady])
            if not code:
                print("UNSTEADY: " + ", ".join(unsteady))
        print(f"--- {name}: {'ok' if not code else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
        if code:
            failed.append(name)
    print("all passed" if not failed else "failed: " + ", ".join(failed))
    return 1 if failed else 0


def _run(command: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", *command], check=False).returncode


def _unsteady() -> list[str]:
    """The tests that failed, if they are few and all on a desktop or on a socket; else none gets a second chance."""
    failed: list[str] = sorted(json.loads(Path(".pytest_cache/v/cache/lastfailed").read_text("utf-8")))
    is_excusable = all(test.startswith(("tests/desktop/", "tests/integration/")) for test in failed)
    return failed if is_excusable and len(failed) <= _MAX_UNSTEADY else []


if __name__ == "__main__":
    sys.exit(main())
