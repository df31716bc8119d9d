"""How many characters were spoken at the user's expense, by month.

`billed` is what the service said at the end of its streams, `counted` what was sent on streams that were cut off before
they could say: at most that was billed. Kept in a small file, written whole.

Core thread only; the file is written on a thread.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)

# Two years.
_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Spent:
    """Characters of one month."""

    billed: int = 0
    counted: int = 0

    @property
    def told(self) -> str:
        """For people; "" where nothing was spent."""
        more = f", and at most {self.counted:,} more on readings that were cut off" if self.counted else ""
        return f"{self.billed:,} characters billed this month{more}" if self.billed or more else ""


class Spending:
    """See the module."""

    def __init__(self, path: Path, today: Callable[[], datetime]) -> None:
        """A file that is missing or broken counts as empty."""
        self._path = path
        self._today = today
        self._saving = threading.Lock()  # whose draft it is
        self._months = _read(path)

    @property
    def this_month(self) -> Spent:
        """What was spent since the first of the month."""
        return self._months.get(self._month(), Spent())

    @property
    def months(self) -> dict[str, Spent]:
        """All there is, by "2026-11", the latest first."""
        return dict(sorted(self._months.items(), reverse=True))

    def add(self, *, billed: int = 0, counted: int = 0) -> None:
        """Characters more. `save` writes them down."""
        month = self._month()
        before = self._months.get(month, Spent())
        self._months[month] = Spent(before.billed + billed, before.counted + counted)

    def save(self) -> None:
        """Write the file. May be called on any thread; a disk that takes nothing is no reason to be silent."""
        with self._saving:
            self._write()

    def _write(self) -> None:
        kept = dict(sorted(self._months.items())[-_MONTHS:])
        draft = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps({month: asdict(spent) for month, spent in kept.items()}), "utf-8")
            os.replace(draft, self._path)
        except OSError as error:
            log.warning("what was spent can't be written down: %s", error.strerror)

    def _month(self) -> str:
        return self._today().strftime("%Y-%m")


def _read(path: Path) -> dict[str, Spent]:
    try:
        months = json.loads(path.read_text("utf-8"))
        return {str(m): Spent(int(s["billed"]), int(s["counted"])) for m, s in months.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return {}
