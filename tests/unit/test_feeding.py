"""A text that comes from a thread: the reading is closed behind it, whatever becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from reader.core.feeding import feed


class Reading:
    """As much of one as is fed."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def feed_in_time(self, text: str) -> None:
        self.told.append(text)

    def close(self) -> None:
        self.told.append("closed")


def broken(error: Exception) -> Iterator[str]:
    yield "One."
    raise error


async def fed(texts: Iterator[str], problems: list[str]) -> list[str]:
    """What a reading is told of them."""
    reading: Any = Reading()
    await asyncio.to_thread(feed, texts, reading, asyncio.get_running_loop(), problems.append)
    return list(reading.told)


async def test_a_reading_is_closed_behind_its_text() -> None:
    problems: list[str] = []
    assert await fed(iter(["One.", "Two."]), problems) == ["One.", "Two.", "closed"]
    assert problems == []


@pytest.mark.noisy
@pytest.mark.parametrize("error", [ValueError(), RuntimeError()])
async def test_a_text_that_breaks_off_is_told_and_ends_its_reading(error: Exception, noise: list[str]) -> None:
    problems: list[str] = []
    assert await fed(broken(error), problems) == ["One.", "closed"]
    assert len(problems) == 1
    assert problems[0].startswith("Harken could not read this.")
    assert noise == ["reader.core.feeding: the text broke off"]


def test_a_loop_that_has_ended_takes_no_more() -> None:
    loop, reading, problems = asyncio.new_event_loop(), Reading(), list[str]()
    loop.close()
    feed(iter(["One."]), reading, loop, problems.append)  # type: ignore[arg-type]
    assert (reading.told, problems) == ([], [])
