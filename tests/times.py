"""Where the time of a test run goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

# Beside the measurements of holds: the table.
TIMES = "times.txt"
_SHOWN = 15


def slowest(durations_s: Iterable[tuple[str, float]]) -> list[str]:
    """The files that took longest, as lines, of (id of a test, seconds), one for each of its phases."""
    files: dict[str, float] = defaultdict(float)
    tests: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for test_id, time_s in durations_s:
        file, _, name = test_id.partition("::")
        files[file] += time_s
        tests[file][name] += time_s
    lines = [f"{sum(files.values()):.0f} s in tests of {len(files)} files; longest were"]
    for file in sorted(files, key=lambda file: -files[file])[:_SHOWN]:
        longest = max(tests[file], key=lambda name: tests[file][name])
        lines.append(f"{files[file]:6.0f} s: {file}, of them {tests[file][longest]:.1f} s {longest}")
    return lines
