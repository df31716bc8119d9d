"""Everything that must pass, in the order of how quickly it fails: `make test`.

Style and types first (types for each of the three systems, for two of them can't be run here), then the tests: those
with a desktop beside all others, because both mostly wait; and in CI, when those are through, every parser of foreign
bytes is fuzzed for a moment, and what is packaged is made and tried. Prints a line a step and ends with 1 if any
failed.

The tests on today's Wayland desktops need a Debian 13 of their own. On a bare machine it takes minutes to make, with
low priority, from the beginning on; these tests run beside the others once it is there (tests/wayland/__main__.py).

At the end it says which files took longest, and what held a loop longest in all tests; far too long is a failure
(tests/holds.py). A test that failed has failed the run: none is run a second time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from reader.support import holds
from tests.holds import FAILURES, TABLE
from tests.times import TIMES

_STEPS = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "types on Linux": ["mypy"],
    "types on Windows": ["mypy", "--platform", "win32", "reader", "ui"],
    "types on macOS": ["mypy", "--platform", "darwin", "reader", "ui"],
}
# In the order in which they are begun; the last of them ends first. The first waits until its root is made.
_WAYLAND = "tests on Wayland"
# In CI one session for each desktop has to do. These start one for each test, which takes 13 minutes: `make test` and
# `make test-wayland` run them.
_SESSIONS_OF_THEIR_OWN = ("keys", "kde", "gnome_extension", "accessibility", "sound", "orca")
_LEFT_OUT = _SESSIONS_OF_THEIR_OWN if os.environ.get("CI") else ()
_GROUPS = {
    _WAYLAND: ["tests.wayland", *(f"--ignore=tests/wayland/test_{name}.py" for name in _LEFT_OUT)],
    "tests on a desktop": ["pytest", "tests/desktop"],
    "other tests": [
        "pytest",
        "tests",
        "--ignore=tests/desktop",
        "--ignore=tests/packaging",
        "--ignore=tests/wayland",
        "--ignore=tests/windows",
    ],
}
# Beside a group's cache: what held a loop in it, for `make bench`.
HOLDS = "holds"


def main() -> int:
    """Run every step and return the exit code. Arguments go to pytest, which runs once then."""
    started = time.monotonic()
    running = {} if sys.argv[1:] else {_WAYLAND: _start(_WAYLAND)}
    failed = [name for name, command in _STEPS.items() if not _step(name, command)]
    if sys.argv[1:]:
        failed += [] if _step("tests", ["pytest", *sys.argv[1:]]) else ["tests"]
    else:
        failed += _tests(running, started)
        _print_times()
        failed += [] if _are_holds_short() else ["holds of the loop"]
    print("all passed" if not failed else "failed: " + ", ".join(failed))
    return 1 if failed else 0


def _step(name: str, command: list[str]) -> bool:
    print(f"--- {name}", flush=True)
    started = time.monotonic()
    is_good = subprocess.run([sys.executable, "-m", *command], check=False).returncode == 0
    print(f"--- {name}: {'ok' if is_good else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
    return is_good


def _tests(running: dict[str, subprocess.Popen[bytes]], started: float) -> list[str]:
    """Run the groups beside each other, and those that are running. Returns those that failed."""
    running |= {name: _start(name) for name in _GROUPS if name not in running}
    failed = []
    is_packaged = True
    for name, process in reversed(running.items()):
        code = process.wait()
        print(f"--- {name}\n{_output(name).read_text('utf-8', errors='replace')}", flush=True)
        print(f"--- {name}: {'ok' if not code else 'FAILED'} after {time.monotonic() - started:.0f} s", flush=True)
        if code:
            failed.append(name)
        if name == "other tests" and os.environ.get("CI"):
            is_clean = _step("fuzzing, for a moment each", ["tests.fuzz", "--seconds", "3"])
            is_packaged = _packages() and is_clean
    return failed if is_packaged else [*failed, "fuzzing or packages"]


def _packages() -> bool:
    """Make the packages and try them. Whether all is well."""
    started = time.monotonic()
    print("--- packages", flush=True)
    commands = ([sys.executable, "packaging/build.py", "--quick"], [sys.executable, "-m", "pytest", "tests/packaging"])
    env = os.environ | {"HARKEN_TEST_PACKAGES": "1"}
    is_good = all(subprocess.run(command, check=False, env=env).returncode == 0 for command in commands)
    print(f"--- packages: {'ok' if is_good else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
    return is_good


def _start(name: str) -> subprocess.Popen[bytes]:
    """Begin a group; what it prints goes into a file, and what it keeps into a cache of its own."""
    _output(name).parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", *_GROUPS[name], "-o", f"cache_dir={_cache(name)}"]
    shutil.rmtree(_cache(name) / HOLDS, ignore_errors=True)
    env = os.environ | {holds.VARIABLE: str((_cache(name) / HOLDS).resolve())}
    with _output(name).open("wb") as file:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, env=env)


def hold_folders() -> list[Path]:
    """What was measured of loops when all tests ran the last time."""
    return [folder for name in _GROUPS if (folder := _cache(name) / HOLDS).is_dir()]


def _print_times() -> None:
    """Say where the time of each group went."""
    for folder in hold_folders():
        if (path := folder / TIMES).exists():
            print(f"--- {folder.parent.name}: {path.read_text('utf-8')}", end="")


def _are_holds_short() -> bool:
    """Say what held a loop longest, and whether that can be."""
    far = []
    for folder in hold_folders():
        for path in filter(Path.exists, (folder / TABLE, folder / FAILURES)):
            lines = path.read_text("utf-8").splitlines()
            if path.name == FAILURES:
                far += lines
            elif lines:
                print(f"--- {folder.parent.name}: {lines[0]}")
    for line in far:
        print(f"HELD THE LOOP: {line}")
    return not far


def _cache(name: str) -> Path:
    return Path("build") / "tests" / name.replace(" ", "-")


def _output(name: str) -> Path:
    return _cache(name).with_suffix(".txt")


if __name__ == "__main__":
    sys.exit(main())
