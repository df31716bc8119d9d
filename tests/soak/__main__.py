"""Soaks: `make soak`, or `python -m tests.soak [--seconds N] [--readings N] [--seed N] [LEVEL …]`.

    fakes       the core in this process; `--readings` of a seed are always the same
    desktop     the tray app on a desktop of its own

Each level has its share of the seconds. What fails is told with the last actions and the command that does it again.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable

from tests.soak.story import Story

_LEVELS = ("fakes", "desktop")
_NO_END = 1 << 60


def main() -> int:
    """Run what is asked for and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--seconds", type=float, default=8 * 3600.0, help="of all levels together")
    parser.add_argument("--readings", type=int, default=_NO_END, help="end each level after so many")
    parser.add_argument("--seed", type=int, default=None, help="any number; without, another one each time")
    parser.add_argument("levels", nargs="*", metavar="LEVEL", help=", ".join(_LEVELS))
    options = parser.parse_args()
    levels = options.levels or list(_LEVELS)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 31)
    with tempfile.TemporaryDirectory(prefix="harken-soak-") as home:
        _live_in(home)
        results = [_run(level, seed, options.seconds / len(levels), options.readings) for level in levels]
    return 0 if all(results) else 1


def _run(level: str, seed: int, seconds: float, readings: int) -> bool:
    """One level. Whether all is well."""
    story = Story(level, seed)
    print(f"{level}: seed {seed}", flush=True)
    run = _level(level)
    begun_s = time.monotonic()
    until_s = begun_s + seconds
    try:
        growth = run(story, readings, lambda: time.monotonic() > until_s)
    except BaseException as error:
        print(story.told(error), flush=True)
        if not isinstance(error, AssertionError):
            raise
        return False
    print(f"{story.summary()}; {time.monotonic() - begun_s:.0f} s; {growth}", flush=True)
    return True


def _level(level: str) -> Callable[[Story, int, Callable[[], bool]], str]:
    if level == "desktop":
        from tests.soak import desktop

        return desktop.main
    from tests.soak import fakes

    return fakes.main


def _live_in(home: str) -> None:
    """Nothing of the user's own is touched."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        os.environ[name] = home
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "HARKEN_RECORD", "HARKEN_AUDIO"):
        os.environ.pop(name, None)
    for name in [name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
        del os.environ[name]


if __name__ == "__main__":
    sys.exit(main())
