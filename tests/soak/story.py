"""What a run did last, and how it is done again: what is told when something does not hold."""

from __future__ import annotations

import random
import traceback
from collections import Counter, deque
from collections.abc import Callable

_TOLD = 50


class SoakError(AssertionError):
    """Something does not hold."""


class Story:
    """A run, told by its seed. `now_s` is set by whoever has a time."""

    def __init__(self, level: str, seed: int) -> None:
        self.level = level
        self.seed = seed
        self.chance = random.Random(seed)
        self.now_s: Callable[[], float] = lambda: 0.0
        self.counts: Counter[str] = Counter()
        self.readings = 0
        self._last: deque[str] = deque(maxlen=_TOLD)
        self._answers: deque[str] = deque(maxlen=_TOLD)

    def note_answer(self, what: object) -> None:
        """Harken tells something."""
        self._answers.append(f"{self.now_s():10.3f} s  {what}")

    def note(self, what: str, **more: object) -> None:
        """Something is done, or happens."""
        self.counts[what] += 1
        told = ", ".join(f"{key} {value}" for key, value in more.items())
        self._last.append(f"{self.now_s():10.3f} s  {what}{': ' if told else ''}{told}")

    def told(self, error: BaseException) -> str:
        """What went on before `error`, and how to see it again."""
        cause = "".join(traceback.format_exception(error.__cause__)) if error.__cause__ else ""
        lines = [
            f"soak, {self.level}: {type(error).__name__}: {error}",
            *cause.splitlines(),
            f"in reading {self.readings} of seed {self.seed}; the last {len(self._last)} actions:",
            *self._last,
            *(["what Harken told last:", *self._answers] if self._answers else []),
            f"again: make soak SEED={self.seed} LEVEL={self.level}",
        ]
        return "\n".join(lines)

    def summary(self) -> str:
        """How much of everything there was."""
        counts = ", ".join(f"{what} {count}" for what, count in sorted(self.counts.items()))
        return f"{self.level}: seed {self.seed}, {self.readings} readings; {counts}"
