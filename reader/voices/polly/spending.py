"""Counts the characters spoken at the user's expense, by month.

`billed` is what the service reported at the end of its streams; `counted` is what was sent on streams cut off before
they could report: the most that was billed for them. Stored in a small file, written as a whole.

With a limit, no text goes out that would exceed it: see `check`. A new month starts from zero.

Several Harkens may run (the tray, and "harken speak --out"): each adds its own count to what is in the file by then.

Core thread only; the file is written on a thread.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from reader import tasks
from reader.errors import SpendingLimitError
from reader.support import files, foreign
from reader.support.files import DamagedFileError
from reader.support.i18n import translate
from reader.voices.service import Spent

log = logging.getLogger(__name__)

# Two years.
_MONTHS = 24
_MAX_CHARS = 10**15


class Spending:
    def __init__(self, path: Path, today: Callable[[], datetime], limit_chars: int = 0) -> None:
        """A missing or damaged file counts as empty. `limit_chars` is per month, 0 for none."""
        self._limit_chars = limit_chars
        self._path = path
        self._today = today
        self._months: dict[str, Spent] = {}
        self.problem = ""  # why nothing is known about earlier readings
        try:
            self._months = _read(path)
        except (OSError, DamagedFileError) as error:
            sentence = translate("reader", "{file} can't be read ({why}), so earlier usage is not counted.")
            self.problem = sentence.format(file=foreign.shown(path.name), why=files.reason(error))
        self._unsaved: dict[str, Spent] = {}
        self._values = threading.Lock()  # for `_months` and `_unsaved`
        self._saving = threading.Lock()
        self._saves: set[asyncio.Task[None]] = set()

    @property
    def this_month(self) -> Spent:
        """The characters spent since the first of the month."""
        return self.months.get(self._month(), Spent())

    @property
    def months(self) -> dict[str, Spent]:
        """All months on record, by "2026-11", the latest first."""
        with self._values:
            return dict(sorted(_sum(self._months, self._unsaved).items(), reverse=True))

    def check(self, more_chars: int = 0) -> None:
        """Raises SpendingLimitError when the limit is reached, or `more_chars` would exceed it."""
        if not self._limit_chars:
            return
        spent = self.this_month
        spent_chars = spent.billed + spent.counted
        if spent_chars >= self._limit_chars or spent_chars + more_chars > self._limit_chars:
            sentence = translate(
                "reader", "This month's limit of {limit} characters for Amazon Polly has been reached."
            )
            raise SpendingLimitError(sentence.format(limit=f"{self._limit_chars:,}"), code="limit")

    @property
    def is_used_up(self) -> bool:
        """Whether `check` would raise now, whatever the text."""
        try:
            self.check()
        except SpendingLimitError:
            return True
        return False

    def add(self, *, billed: int = 0, counted: int = 0) -> None:
        """Add to the count. `save` writes it to the file."""
        with self._values:
            self._unsaved = _sum(self._unsaved, {self._month(): Spent(billed, counted)})

    def save_soon(self) -> None:
        """Write the file on a thread. Wait for it with `saved`."""
        task = tasks.start(asyncio.to_thread(self.save), "save what was spent")
        self._saves.add(task)
        task.add_done_callback(self._saves.discard)

    async def saved(self) -> None:
        """Wait for all pending writes."""
        await asyncio.gather(*self._saves, return_exceptions=True)

    def save(self) -> None:
        """Write the file. Any thread. A disk that can't be written to is no reason to fall silent."""
        with self._saving:
            unsaved = self._unsaved
            try:
                months = self._write(unsaved)
            except OSError as error:
                log.warning("what was spent can't be written down: %s", files.reason(error))
                return
            with self._values:
                self._months = months
                self._unsaved = {month: self._unsaved[month] - unsaved.get(month, Spent()) for month in self._unsaved}

    def _write(self, more: Mapping[str, Spent]) -> dict[str, Spent]:
        """Add to what the file has by now, and return the result. Raises OSError."""
        with files.locked(self._path.parent):
            try:
                before = _read(self._path)
            except DamagedFileError:
                before = {}
                aside = files.keep_aside(self._path)
                log.info("the counts of what was spent were damaged: kept as %s", aside.name)
            months = _sum(before, more)
            kept = dict(sorted(months.items())[-_MONTHS:])
            files.write_json(self._path, {month: asdict(spent) for month, spent in kept.items()})
        return months

    def _month(self) -> str:
        return self._today().strftime("%Y-%m")


def _sum(some: Mapping[str, Spent], others: Mapping[str, Spent]) -> dict[str, Spent]:
    return {month: some.get(month, Spent()) + others.get(month, Spent()) for month in {*some, *others}}


def _read(path: Path) -> dict[str, Spent]:
    """Read the file. Raises OSError, DamagedFileError."""
    try:
        months = files.read_json(path)
    except FileNotFoundError:
        return {}
    try:
        return {month: Spent(_count(spent["billed"]), _count(spent["counted"])) for month, spent in months.items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedFileError(translate("reader", "its contents are damaged")) from error


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MAX_CHARS:
        raise ValueError("no count")
    return value
