"""Packed sound of Amazon Polly's keeps back the last of a passage: where a stream breaks off, no word is cut for it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.polly_desk import desk, numbered
from tests.fakes.polly_service import words

Run = Callable[[Coroutine[Any, Any, Any]], Any]
# At the first sentence, and within paragraphs.
PLACES = [
    ("mp3", 12_000),
    ("mp3", 25_000),
    ("mp3", 45_000),
    ("ogg_vorbis", 3_000),
    ("ogg_vorbis", 12_000),
    ("ogg_vorbis", 20_000),
]
# Of the service's limits, that of a stream's age.
_QUOTA: dict[str, Any] = {"quotaCode": "input-stream-timeout", "serviceCode": "polly"}


@pytest.mark.noisy
@pytest.mark.parametrize(("output_format", "after_bytes"), PLACES)
def test_a_stream_that_ends_at_a_limit_cuts_no_word(
    run: Run, tmp_path: Path, output_format: str, after_bytes: int
) -> None:
    async def go() -> None:
        text = numbered(24)
        async with desk(tmp_path, formats=((output_format, 24000),)) as made:
            limit = made.service.faults.exception("ServiceQuotaExceededException", after_bytes=after_bytes, **_QUOTA)
            with limit as fault:
                heard = await made.read(text)
            assert fault.hits
            rest = iter(heard)
            assert [word for word in words(text) if word not in rest] == []
            assert len(heard) - len(words(text)) <= 7 * fault.hits  # a sentence again, behind half a word of it
            assert made.notices == []

    run(go())
