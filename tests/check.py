"""Everything that must pass, in the order of how quickly it fails: `make test`.

Style and types first (types for each of the three systems, for two of them can't be run here), then the
tests. Prints a line a step and ends with 1 if any failed.
"""

from __future__ import annotations

import subprocess
import sys
import time

_STEPS = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "types on Linux": ["mypy"],
    "types on Windows": ["mypy", "--platform", "win32", "reader", "ui"],
    "types on macOS": ["mypy", "--platform", "darwin", "reader", "ui"],
    "tests": ["pytest", *sys.argv[1:]],
}


def main() -> int:
    """Run every step and return the exit code."""
    failed = []
    for name, command in _STEPS.items():
        print(f"--- {name}", flush=True)
        started = time.monotonic()
        code = subprocess.run([sys.executable, "-m", *command], check=False).returncode
        print(f"--- {name}: {'ok' if not code else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
        if code:
            failed.append(name)
    print("all passed" if not failed else "failed: " + ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
