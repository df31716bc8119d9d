"""What held the loop longest, of what tests and benches have had measured (reader/support/holds.py)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LIMIT_MS = 5.0
# What fails a run, if the same function does it again, or once if it is far more. A machine five times as slow does
# not. What is not cut into turns takes more on any machine, each time; a rented one has given 26 and 30 ms, once each,
# to callbacks of microseconds.
FAILURE_MS, FAILURE_TIMES = 25.0, 2
FAR_MS = 50.0
# Beside the measurements of a run: what came of them, and what of it fails the run.
TABLE, FAILURES = "table.txt", "failures.txt"
_SHOWN = 10
# What may hold it longer, and why: (the function, what is in the name of the test).
EXCEPTIONS = {
    ("reader/audio/none.py: NoDevice._tick", ""): "tests let it hear a thousand times as fast as an ear does",
    ("reader/audio/player.py: Player._pump", "test_a_long_text_crosses"): "the same: seconds of sound in one turn",
    ("reader/ipc/server.py: Server._on_client", "who_never_reads"): "the test has it send 16 MB",
}


@dataclass(frozen=True)
class Hold:
    """One callback that took its time. `where` is the test it was measured in, or the text."""

    what: str
    cpu_ms: float
    wall_ms: float
    collecting_ms: float
    program: str
    where: str
    imported: tuple[str, ...] = ()  # modules
    stolen_ms: float = 0.0  # by the host, of both processors, in some 50 ms before it ended

    @property
    def is_ours(self) -> bool:
        """Whether it is the product's: a step of a test's own coroutine does what the test does."""
        return not self.what.startswith("tests/")

    @property
    def judged_ms(self) -> float:
        """What counts. Pytest's own process has all tests and their tools to tidy up, which no Harken has."""
        own_ms = self.cpu_ms - self.collecting_ms if "pytest" in self.program else self.cpu_ms
        return max(own_ms - self.stolen_ms, 0.0)

    @property
    def excuse(self) -> str:
        """Why it may be too long, "" where nothing says so."""
        known = (why for (what, where), why in EXCEPTIONS.items() if what == self.what and where in self.where)
        return next(known, "")


class Holds:
    """Reads a folder of measurements as it grows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[Path, int] = {}
        self.all: list[Hold] = []

    def look(self, where: str) -> None:
        """Take in what is new."""
        for path in self.folder.glob("*.jsonl"):
            with path.open(encoding="utf-8") as file:
                file.seek(self._read.get(path, 0))
                for line in iter(file.readline, ""):
                    if not line.endswith("\n"):
                        break
                    found = json.loads(line)
                    times = found["cpu"], found["wall"], found["collecting"]
                    imported = tuple(found["imported"])
                    hold = Hold(found["what"], *times, found["program"], where, imported, found["stolen"])
                    self.all.append(hold)
                    self._read[path] = file.tell()


def failures(holds: Iterable[Hold]) -> list[str]:
    """Those that no machine excuses, as lines."""
    far = {hold for hold in holds if hold.is_ours and not hold.excuse and hold.judged_ms >= FAILURE_MS}
    counts = Counter(hold.what for hold in far)
    far = {hold for hold in far if counts[hold.what] >= FAILURE_TIMES or hold.judged_ms >= FAR_MS}
    return [f"{hold.judged_ms:.1f} ms: {hold.what} [{hold.where}]" for hold in sorted(far, key=lambda hold: hold.where)]


def table(holds: Iterable[Hold]) -> list[str]:
    """The longest of each function, as lines; the first says whether all is well."""
    longest: dict[str, Hold] = {}
    for hold in sorted(holds, key=lambda hold: (not hold.excuse, hold.judged_ms)):
        if hold.is_ours:
            longest[hold.what] = hold
    worst = sorted(longest.values(), key=lambda hold: -hold.judged_ms)
    above = [hold for hold in worst if hold.judged_ms >= LIMIT_MS and not hold.excuse]
    most_ms = max((hold.judged_ms for hold in worst if not hold.excuse), default=0.0)
    lines = [f"the loop's longest hold: {most_ms:.1f} ms; {len(above)} above {LIMIT_MS:g} ms"]
    for hold in worst[: max(_SHOWN, len(above))]:
        why = f" ({hold.excuse})" if hold.excuse else ""
        imported = f", {', '.join(hold.imported[:3])} imported meanwhile" if hold.imported else ""
        stolen = f", {hold.stolen_ms:.0f} of it stolen by the host" if hold.stolen_ms else ""
        tidying = f", {hold.collecting_ms:.1f} of it tidying up" if hold.collecting_ms >= 1 else ""
        took = f"{hold.cpu_ms:6.1f} ms{tidying}{stolen}{imported}, {hold.wall_ms:.1f} passed"
        lines.append(f"{took}: {hold.what}{why} [{hold.where}]")
    return lines
