"""The tests on today's Wayland desktops, and before them the root that they need: `python -m tests.wayland [PYTEST…]`.

Making the root on a bare machine takes minutes and has a low priority: other tests run meanwhile. Where the user has no
right to make it, one sentence says so and nothing is run. Where making it fails, that fails in CI, and nowhere else.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.wayland.desk import needs, root


def main(arguments: list[str]) -> int:
    """Make the root if it is not there, run the tests, and return the exit code."""
    started = time.monotonic()
    if reason := needs():
        print(f"skipped: {reason}")
        return 0
    try:
        made = root(nice=19)
    except RuntimeError as error:
        if os.environ.get("CI"):
            print(f"FAILED: {error}")
            return 1
        print(f"skipped: {error}")
        return 0
    print(f"the root was there after {time.monotonic() - started:.0f} s: {made}", flush=True)
    return subprocess.run(
        [sys.executable, "-m", "pytest", str(Path(__file__).parent), *arguments],
        check=False, env=os.environ | {"HARKEN_TEST_ROOT": str(made)},
    ).returncode  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
