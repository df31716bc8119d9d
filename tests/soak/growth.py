"""Whether something grows with the number of readings: in the second half of a run there is no more than in the first.

What is counted is noted whenever all is quiet. The first notes are those of a Harken that still meets things for the
first time; from then on the least of a stretch counts, because what comes and goes is no leak.
"""

from __future__ import annotations

import gc
import sys
import threading
from pathlib import Path

from tests.soak.story import SoakError, Story

# By so much the second half may have more, of each count: something of it may be there for the first time. Of
# megabytes a tenth as well.
_SLACK = {"tasks": 2, "timers": 4, "threads": 2, "files": 4, "children": 1, "blocks": 12_000}
_SLACK_MB = 12
_LEAST_NOTES = 24


class Growth:
    def __init__(self, story: Story) -> None:
        self._story = story
        self._notes: list[tuple[int, dict[str, int]]] = []

    def note(self, **counts: int) -> None:
        """All is quiet in this process: how much there is, with what it has itself."""
        gc.collect()
        files = len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0
        own = {"threads": threading.active_count(), "files": files, "blocks": sys.getallocatedblocks()}
        self.note_other(**counts, **own)

    def note_other(self, **counts: int) -> None:
        """All is quiet: how much there is in another process."""
        self._notes.append((self._story.readings, counts))

    def check(self) -> str:
        """What there was after so many readings, and twice as many. Raises SoakError if there is more."""
        if len(self._notes) < _LEAST_NOTES:
            return "too short a run to see growth"
        notes = self._notes[len(self._notes) // 3 :]
        half = len(notes) // 2
        names = sorted({name for _, counts in notes for name in counts})
        found = {name: [_least(part, name) for part in (notes[:half], notes[half:])] for name in names}
        told = ", ".join(f"{name} {first} then {second}" for name, (first, second) in found.items())
        told += f"; readings {notes[0][0]} to {notes[half][0]} to {notes[-1][0]}"
        for name, (first, second) in found.items():
            slack = _SLACK_MB + first // 10 if name.endswith("MB") else _SLACK[name]
            if second - first > slack:
                raise SoakError(f"{name} grow: {told}")
        return told


def _least(notes: list[tuple[int, dict[str, int]]], name: str) -> int:
    return min((counts[name] for _, counts in notes if name in counts), default=0)
