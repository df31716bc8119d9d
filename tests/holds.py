"""What held the loop longest, of what tests and benches have had measured (reader/support/holds.py)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LIMIT_MS = 5.0
_SHOWN = 10
# What may hold it longer, and why. By the name of the function.
EXCEPTIONS: dict[str, str] = {
    "reader/audio/none.py: NoDevice._tick": "tests let it hear a thousand times as fast as an ear does",
}


@dataclass(frozen=True)
class Hold:
    """One callback that took its time. `where` is the test it was measured in, or the text."""

    what: str
    cpu_ms: float
    wall_ms: float
    collecting_ms: float
    where: str

    @property
    def is_ours(self) -> bool:
        """Whether it is the product's: a step of a test's own coroutine does what the test does."""
        return not self.what.startswith("tests/")


class Holds:
    """Reads a folder of measurements as it grows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}
        self.all: list[Hold] = []

    def look(self, where: str) -> None:
        """Take in what is new."""
        for path in self._folder.glob("*.jsonl"):
            with path.open(encoding="utf-8") as file:
                file.seek(self._read.get(path, 0))
                for line in iter(file.readline, ""):
                    if not line.endswith("\n"):
                        break
                    found = json.loads(line)
                    self.all.append(Hold(found["what"], found["cpu"], found["wall"], found["collecting"], where))
                    self._read[path] = file.tell()


def table(holds: Iterable[Hold]) -> list[str]:
    """The longest of each function, as lines; the first says whether all is well."""
    longest: dict[str, Hold] = {}
    for hold in sorted(holds, key=lambda hold: hold.cpu_ms):
        if hold.is_ours:
            longest[hold.what] = hold
    worst = sorted(longest.values(), key=lambda hold: -hold.cpu_ms)
    above = [h for h in worst if h.cpu_ms >= LIMIT_MS and h.what not in EXCEPTIONS]
    lines = [f"the loop's longest hold: {worst[0].cpu_ms if worst else 0:.1f} ms; {len(above)} above {LIMIT_MS:g} ms"]
    for hold in worst[: max(_SHOWN, len(above))]:
        why = f" ({EXCEPTIONS[hold.what]})" if hold.what in EXCEPTIONS else ""
        tidying = f", {hold.collecting_ms:.1f} of it tidying up" if hold.collecting_ms >= 1 else ""
        times = f"{hold.cpu_ms:6.1f} ms computed{tidying}, {hold.wall_ms:.1f} passed"
        lines.append(f"{times}: {hold.what}{why} [{hold.where}]")
    return lines
