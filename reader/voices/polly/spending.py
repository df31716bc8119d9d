"""How many characters were spoken at the user's expense, by month.

`billed` is what the service said at the end of its streams, `counted` what was sent on streams that were cut off before
they could say: at most that was billed. Kept in a small file, written whole.

With a limit, no text goes out that would exceed it: see `check`. It is lifted on the first of the month.

Several Harkens may run (the tray, and "harken speak --out"): each adds what is its own to what the file has by then.

Core thread only; the file is written on a thread.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from reader.errors import SpendingLimitError
from reader.support import files
from reader.words import translate

log = logging.getLogger(__name__)

# Two years.
_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Spent:
    """Characters of one month."""

    billed: int = 0
    counted: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.billed + other.billed, self.counted + other.counted)

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.billed - other.billed, self.counted - other.counted)

    @property
    def told(self) -> str:
        """For people; "" where nothing was spent."""
        more = f", and at most {self.counted:,} more on readings that were cut off" if self.counted else ""
        return f"{self.billed:,} characters billed this month{more}" if self.billed or more else ""


class Spending:
    """See the module."""

    def __init__(self, path: Path, today: Callable[[], datetime], limit_chars: int = 0) -> None:
        """A file that is missing or broken counts as empty. `limit_chars` is for each month, 0 for none."""
        self._limit_chars = limit_chars
        self._path = path
        self._today = today
        self._months = _read(path)
        self._unsaved: dict[str, Spent] = {}
        self._values = threading.Lock()  # of the two
        self._saving = threading.Lock()

    @property
    def this_month(self) -> Spent:
        """What was spent since the first of the month."""
        return self.months.get(self._month(), Spent())

    @property
    def months(self) -> dict[str, Spent]:
        """All there is, by "2026-11", the latest first."""
        with self._values:
            return dict(sorted(_sum(self._months, self._unsaved).items(), reverse=True))

    def check(self, more_chars: int = 0) -> None:
        """Raises SpendingLimitError when the limit is reached, or `more_chars` would exceed it."""
        if not self._limit_chars:
            return
        spent = self.this_month
        spent_chars = spent.billed + spent.counted
        if spent_chars >= self._limit_chars or spent_chars + more_chars > self._limit_chars:
            sentence = translate("reader", "This month's limit of {limit} characters for Amazon Polly is reached.")
            raise SpendingLimitError(sentence.format(limit=f"{self._limit_chars:,}"), code="limit")

    @property
    def is_used_up(self) -> bool:
        """Whether `check` raises now, whatever is to be said."""
        try:
            self.check()
        except SpendingLimitError:
            return True
        return False

    def add(self, *, billed: int = 0, counted: int = 0) -> None:
        """Characters more. `save` writes them down."""
        with self._values:
            self._unsaved = _sum(self._unsaved, {self._month(): Spent(billed, counted)})

    def save(self) -> None:
        """Write the file. May be called on any thread; a disk that takes nothing is no reason to be silent."""
        with self._saving:
            unsaved = self._unsaved
            months = _sum(_read(self._path), unsaved)
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                kept = dict(sorted(months.items())[-_MONTHS:])
                files.write_json(self._path, {month: asdict(spent) for month, spent in kept.items()})
            except OSError as error:
                log.warning("what was spent can't be written down: %s", error.strerror)
                return
            with self._values:
                self._months = months
                self._unsaved = {month: self._unsaved[month] - unsaved.get(month, Spent()) for month in self._unsaved}

    def _month(self) -> str:
        return self._today().strftime("%Y-%m")


def _sum(some: Mapping[str, Spent], others: Mapping[str, Spent]) -> dict[str, Spent]:
    return {month: some.get(month, Spent()) + others.get(month, Spent()) for month in {*some, *others}}


def _read(path: Path) -> dict[str, Spent]:
    try:
        months = json.loads(path.read_text("utf-8"))
        return {str(m): Spent(int(s["billed"]), int(s["counted"])) for m, s in months.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return {}
