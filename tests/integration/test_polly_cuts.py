"""Streams that are cut anywhere, in texts of every kind: nothing is lost, and hardly anything said twice.

These are a few of many: see polly_cuts.py.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest

from tests.integration import polly_cuts
from tests.integration.polly_cuts import KINDS, compare, read

pytestmark = [pytest.mark.noisy, pytest.mark.own_time]


@pytest.mark.parametrize("seed", range(len(KINDS)), ids=list(KINDS))
async def test_streams_that_are_cut_lose_nothing(tmp_path: Path, seed: int) -> None:
    for name in ("live", "file"):
        (tmp_path / name).mkdir()
    live, file = await asyncio.gather(
        read(tmp_path / "live", seed, cuts=3, is_file=False), read(tmp_path / "file", seed, cuts=3, is_file=True)
    )
    assert live.cuts + file.cuts >= 3
    assert live.is_good(is_file=False), live
    assert file.is_good(is_file=True), file


@pytest.mark.parametrize("seed", [0, 1, 3, 6], ids=["numbered", "items", "dialogue", "languages"])
async def test_a_service_that_stalls_within_sentences_and_is_cut_then_loses_nothing(tmp_path: Path, seed: int) -> None:
    for name in ("live", "file"):
        (tmp_path / name).mkdir()
    live, file = await asyncio.gather(
        read(tmp_path / "live", seed, cuts=3, is_file=False, stalls=True),
        read(tmp_path / "file", seed, cuts=3, is_file=True, stalls=True),
    )
    assert live.cuts + file.cuts >= 2
    assert live.is_good(is_file=False), live
    assert file.is_good(is_file=True), file


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        (" ".join(f"Sentence {i} is said." for i in range(1, 241)), 3),
        ("\n".join(f"- {polly_cuts._sentence(Random(i), 1 + i % 2, 0.0)}" for i in range(100)), 4),
    ],
    ids=["240 numbered sentences", "a list of 100 short items"],
)
async def test_long_texts_of_short_sentences(tmp_path: Path, text: str, cuts: int) -> None:
    outcome = await read(tmp_path, 8, cuts=cuts, is_file=True, text=text)
    assert outcome.cuts == cuts
    assert outcome.is_good(is_file=True), outcome


@pytest.mark.parametrize("seed", range(len(KINDS)), ids=list(KINDS))
async def test_healthy_streams_end_in_peace(tmp_path: Path, seed: int) -> None:
    outcome = await read(tmp_path, seed + 100, cuts=0, is_file=False)
    assert outcome.is_good(is_file=False), outcome
    assert set(outcome.ends) == {"closed"}


# ---- the ruler itself ----


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        ([1, 2, 3, 4, 5, 6], (0, 0, 0)),
        ([1, 2, 5, 6], (1, 0, 0)),
        ([1, 2, 3, 4], (1, 0, 0)),
        ([1, 2, 3, 4, 3, 4, 5, 6], (0, 1, 0)),
        ([1, 2, 3, 3, 4, 5, 6], (0, 0, 1)),
        ([1, 2, 3, -1, 3, 4, 5, 6], (0, 0, 1)),
        ([1, 2, 3, 4, 1, 2, 3, 4, 5, 6], (0, 2, 0)),
        ([1, 2, 3, 5, 6], (1, 0, 1)),
        ([], (3, 0, 0)),
    ],
)
def test_what_was_heard_is_compared(heard: list[int], told: tuple[int, int, int]) -> None:
    assert compare([[1, 2], [3, 4], [5, 6]], heard) == told


def test_sentences_that_begin_alike_are_told_apart() -> None:
    assert compare([[1, 2, 3], [1, 4], [1, 5, 6], [1, 7]], [1, 2, 3, 1, 5, 6, 1, 7]) == (1, 0, 0)
