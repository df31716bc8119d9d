"""What was spent, counted and kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from reader.voices.polly.spending import Spending
from reader.voices.service import Spent

NOVEMBER, DECEMBER = datetime(2026, 11, 30, 23, 59), datetime(2026, 12, 1)


def today(*days: datetime) -> Callable[[], datetime]:
    """A calendar: each look at it gives the next day, and the last for ever."""
    left = list(days)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def test_what_is_added_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "spent.json"
    spending = Spending(path, today(NOVEMBER))
    assert spending.this_month == Spent()
    spending.add(billed=100)
    spending.add(billed=20, counted=3)
    assert spending.this_month == Spent(120, 3)
    spending.save()
    assert Spending(path, today(NOVEMBER)).this_month == Spent(120, 3)
    assert [file.name for file in path.parent.iterdir()] == ["spent.json"]


def test_each_month_is_by_itself_and_the_latest_comes_first(tmp_path: Path) -> None:
    day = NOVEMBER
    spending = Spending(tmp_path / "spent.json", lambda: day)
    spending.add(billed=1)
    day = DECEMBER
    spending.add(billed=2)
    assert spending.this_month == Spent(2)
    assert list(spending.months.items()) == [("2026-12", Spent(2)), ("2026-11", Spent(1))]


def test_a_month_that_ends_meanwhile_is_not_counted_into_the_next(tmp_path: Path) -> None:
    spending = Spending(tmp_path / "spent.json", today(NOVEMBER))
    spending.add(billed=1000)
    spending._today = today(NOVEMBER, DECEMBER)
    spending.add(billed=1)
    assert sum(spent.billed for spent in spending.months.values()) == 1001


def test_two_years_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "spent.json"
    day = NOVEMBER
    spending = Spending(path, lambda: day)
    for year in range(2023, 2027):
        for month in range(1, 13):
            day = datetime(year, month, 1)
            spending.add(billed=1)
    spending.save()
    kept = list(Spending(path, today(NOVEMBER)).months)
    assert len(kept) == 24
    assert (kept[0], kept[-1]) == ("2026-12", "2025-01")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"2026-11": 3}',
        b'{"2026-11": {"billed": 3}}',
        b'{"2026-11": {"billed": "many", "counted": 0}}',
        b'{"2026-11": {"billed": NaN, "counted": 0}}',
        b'{"2026-11": {"billed": Infinity, "counted": 0}}',
        b'{"2026-11": {"billed": -5, "counted": 0}}',
        b'{"2026-11": {"billed": 1e999, "counted": 0}}',
        b'{"2026-11": {"billed": ' + b"9" * 5000 + b', "counted": 0}}',
        b'{"2026-11": {"billed": true, "counted": 0}}',
        b" " * (1 << 20),
    ],
)
def test_a_broken_file_counts_as_empty(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "spent.json"
    path.write_bytes(data)
    spending = Spending(path, today(NOVEMBER))
    assert spending.months == {}
    assert "spent.json can't be read" in spending.problem
    assert path.read_bytes() == data
    spending.add(billed=1)
    spending.save()
    again = Spending(path, today(NOVEMBER))
    assert (again.this_month, again.problem) == (Spent(1), "")
    assert path.with_suffix(".broken.json").read_bytes() == data  # so that it can still be looked at


def test_two_readings_that_end_at_once_are_both_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "spent.json"
    spending = Spending(path, today(NOVEMBER))
    replace, both = os.replace, threading.Barrier(2, timeout=0.05)

    def replace_slowly(source: Path, target: Path) -> None:
        with suppress(threading.BrokenBarrierError):
            both.wait()  # for the other thread, if it comes
        replace(source, target)

    monkeypatch.setattr(os, "replace", replace_slowly)
    spending.add(billed=7)
    threads = [threading.Thread(target=spending.save) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Neither has taken the other's draft away, of which the log would tell.
    assert Spending(path, today(NOVEMBER)).this_month == Spent(7)


@pytest.mark.noisy
def test_a_disk_that_takes_nothing_is_no_failure(tmp_path: Path, noise: list[str]) -> None:
    (tmp_path / "file").write_text("")
    spending = Spending(tmp_path / "file" / "spent.json", today(NOVEMBER))
    spending.add(billed=1)
    spending.save()
    assert spending.this_month == Spent(1)
    assert "can't be written down" in noise[0]


def test_what_another_harken_spent_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "spent.json"
    tray, command = Spending(path, today(NOVEMBER)), Spending(path, today(NOVEMBER))
    tray.add(billed=100)
    tray.save()
    command.add(billed=50)
    command.save()
    tray.add(billed=7)
    assert tray.this_month == Spent(107)  # as far as it knows
    tray.save()
    assert tray.this_month == Spending(path, today(NOVEMBER)).this_month == Spent(157)


def test_what_is_added_while_it_is_written_is_neither_lost_nor_doubled(tmp_path: Path) -> None:
    path = tmp_path / "spent.json"
    spending = Spending(path, today(NOVEMBER))

    def save_often() -> None:
        for _ in range(50):
            spending.save()

    savers = [threading.Thread(target=save_often) for _ in range(3)]
    for saver in savers:
        saver.start()
    for _ in range(2000):
        spending.add(billed=1)
    for saver in savers:
        saver.join()
    spending.save()
    assert spending.this_month == Spending(path, today(NOVEMBER)).this_month == Spent(2000)


@pytest.mark.noisy
def test_what_could_not_be_written_is_written_later(tmp_path: Path, noise: list[str]) -> None:
    path = tmp_path / "spent.json"
    path.mkdir()  # so that no file can be put there
    spending = Spending(path, today(NOVEMBER))
    spending.add(billed=5)
    spending.save()
    assert len(noise) == 1
    path.rmdir()
    spending.save()
    assert Spending(path, today(NOVEMBER)).this_month == Spent(5)


@pytest.mark.parametrize(
    ("spent", "told"),
    [
        (Spent(), ""),
        (Spent(1234), "1,234 characters billed this month"),
        (Spent(0, 5), "0 characters billed this month, and up to 5 more for readings that were stopped"),
    ],
)
def test_the_words_for_it(spent: Spent, told: str) -> None:
    assert spent.summary == told
