"""Everything that must pass: `make test`.

Style first, which takes a second; then everything else in groups, as many at once as the machine has cores and one
more, because most tests also wait: types (for each of the three systems, for two of them can't be run here), tests, and
in CI every parser of foreign bytes, fuzzed for a moment, a moment of endurance (tests/soak), and what is packaged, made
and tried. Prints a line a step and ends with 1 if any failed.

The tests on today's Wayland desktops need a Debian 13 of their own. On a bare machine it takes minutes to make, with
low priority, from the beginning on; these tests run beside the others once it is there (tests/wayland/__main__.py).
In CI the tests on Windows run as well, that is, in Wine; they come last and alone: they start slowly, and nearly
all of their time is the processor's.

At the end it says which files took longest, and what held a loop longest in all tests; far too long is a failure
(tests/holds.py). A test that failed has failed the run: none is run a second time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from pathlib import Path

from reader.support import holds
from tests.holds import FAILURES, TABLE
from tests.times import TIMES

_STYLE = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
}
_TYPES = [["mypy"], *(["mypy", "--platform", system, "reader", "ui"] for system in ("win32", "darwin"))]
_IS_CI = bool(os.environ.get("CI"))
# In CI one session for each desktop has to do. These start one for each test, which takes 13 minutes: `make test` and
# `make test-wayland` run them.
_SESSIONS_OF_THEIR_OWN = ("keys", "kde", "gnome_extension", "accessibility", "sound", "orca")
_LEFT_OUT = _SESSIONS_OF_THEIR_OWN if _IS_CI else ()


def _desktop_tests() -> tuple[list[str], list[str]]:
    """The files of tests/desktop in two groups. A user can have only one Orca: its tests are in the same one."""
    files = sorted(map(str, Path("tests/desktop").glob("test_*.py")))
    of_orca = [file for file in files if "orca" in file]
    others = [file for file in files if file not in of_orca]
    return [*of_orca, *others[1::2]], others[::2]


_FIRST, _SECOND = _desktop_tests()
# What is in groups of its own; a new folder is among the rest.
_APART = ("integration", "desktop", "wayland", "packaging", "windows")
_INTEGRATION, _SMALL = "tests of parts together", "tests of single parts"
# In the order in which they are begun, the longest first. The first waits until its root is made.
_TESTS = {
    "tests on Wayland": ["tests.wayland", *(f"--ignore=tests/wayland/test_{name}.py" for name in _LEFT_OUT)],
    _INTEGRATION: ["pytest", "tests/integration"],
    "tests on a desktop": ["pytest", *_FIRST],
    _SMALL: ["pytest", "tests", *(f"--ignore=tests/{part}" for part in _APART)],
    "tests on another desktop": ["pytest", *_SECOND],
}
# These begin as every time: what only another beginning finds is found by `make fuzz`, and fails nobody else's change.
_FUZZING = ["tests.fuzz", "--seconds", "3", "--jobs", "1", "--seed", "1"]
_SOAKING = ["tests.soak", "--seconds", "100", "--readings", "500", "--seed", "1"]
_PACKAGES = "packages"
_WINDOWS = "tests on Windows"
# Beside a group's cache: what held a loop in it, for `make bench`.
HOLDS = "holds"


def main() -> int:
    """Run every step and return the exit code. Arguments go to pytest, which runs once then."""
    failed = [name for name, command in _STYLE.items() if not _step(name, command)]
    if sys.argv[1:]:
        failed += [f"types ({command[-1]})" for command in _TYPES if not _step("types", command)]
        failed += [] if _step("tests", ["pytest", *sys.argv[1:]]) else ["tests"]
    else:
        failed += _all_groups()
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


def _all_groups() -> list[str]:
    """Run the groups, some at once, and show what each printed when it has ended. Returns those that failed."""
    started = time.monotonic()
    failed = []
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        running: dict[Future[bool], str] = {pool.submit(_run_tests, name): name for name in _TESTS}
        small = [future for future, name in running.items() if name in (_INTEGRATION, _SMALL)]
        running[pool.submit(_run, "types", [["-m", *command] for command in _TYPES])] = "types"
        if _IS_CI:
            running[pool.submit(_run, "fuzzing", [["-m", *_FUZZING]])] = "fuzzing"
            running[pool.submit(_run, "endurance", [["-m", *_SOAKING]])] = "endurance"
            running[pool.submit(_run_packages, small)] = _PACKAGES
            running[pool.submit(_run_last, list(running), _WINDOWS, ["tests.windows"])] = _WINDOWS
        for future in as_completed(running):
            name, is_good = running[future], future.result()
            print(f"--- {name}\n{_output(name).read_text('utf-8', errors='replace')}", flush=True)
            print(f"--- {name}: {'ok' if is_good else 'FAILED'} after {time.monotonic() - started:.0f} s", flush=True)
            failed += [] if is_good else [name]
    return failed


def _run(name: str, commands: Sequence[Sequence[str]], **env: str) -> bool:
    """Run a group's commands of Python's in turn. What they print goes into a file. Whether all is well."""
    _output(name).parent.mkdir(parents=True, exist_ok=True)
    with _output(name).open("wb") as file:
        codes = [
            subprocess.run(
                [sys.executable, *command], check=False, env=os.environ | env,
                stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
            ).returncode
            for command in commands
        ]  # fmt: skip
    return not any(codes)


def _run_tests(name: str) -> bool:
    """Run a group of tests, which keeps what it knows in a cache of its own."""
    shutil.rmtree(_cache(name) / HOLDS, ignore_errors=True)
    command = ["-m", *_TESTS[name], "-o", f"cache_dir={_cache(name)}"]
    return _run(name, [command], **{holds.VARIABLE: str((_cache(name) / HOLDS).resolve())})


def _run_packages(others: Sequence[Future[bool]]) -> bool:
    """Make the packages and try them, when the tests that look at what is made on the way are through."""
    wait(others)
    commands = (["packaging/build.py", "--quick"], ["-m", "pytest", "tests/packaging"])
    return _run(_PACKAGES, commands, HARKEN_TEST_PACKAGES="1")


def _run_last(others: Sequence[Future[bool]], name: str, command: Sequence[str]) -> bool:
    """Run a group when all others are through."""
    wait(others)
    return _run(name, [["-m", *command]])


def hold_folders() -> list[Path]:
    """What was measured of loops when all tests ran the last time."""
    return [folder for name in _TESTS if (folder := _cache(name) / HOLDS).is_dir()]


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
