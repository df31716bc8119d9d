"""Packed sound of Amazon Polly's keeps back the last of a passage: where a stream breaks off, no word is cut for it."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from reader.voices.polly.synthesis_stream import Limits, SynthesisStream
from tests.fakes.heard_desk import numbered
from tests.fakes.polly_desk import desk
from tests.fakes.polly_service import words

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
async def test_a_stream_that_ends_at_a_limit_cuts_no_word(tmp_path: Path, output_format: str, after_bytes: int) -> None:
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


async def test_a_decoder_that_stands_still_is_not_the_service_s_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is replaced after longer than the service may be silent. Nothing is said twice, and no connection given up."""
    stopped: list[int] = []
    hear = SynthesisStream._on_sound
    async with desk(tmp_path, formats=(("mp3", 24000),), limits=Limits(stall_s=1.0)) as made:

        def stop(stream: SynthesisStream, pcm: bytes) -> None:
            if len(made.service.streams) > 3 and not stopped and made.client.decoders._child:
                stopped.append(made.client.decoders._child.pid)
                os.kill(stopped[0], signal.SIGSTOP)
            hear(stream, pcm)

        monkeypatch.setattr(SynthesisStream, "_on_sound", stop)
        text = numbered(24)
        await made.read(text)
        assert stopped
        assert made.endings == [True]
        assert made.notices == []
        assert {stream.end for stream in made.service.streams} == {"closed"}
        assert sum(len(stream.spoken) for stream in made.service.streams) == 24
