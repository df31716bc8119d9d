"""The published comparison: the same words, coming one by one, sentence by sentence and over one stream.

Published (for 970 words of 7,045 characters, one every 30 ms, generative voice, MP3 at 24 kHz): 115,226 ms with 27
calls of SynthesizeSpeech, 70,071 ms with one stream. The stand-in is given the service's share of these times: with the
first word behind the first sentence, 27 calls wait 27 times for their first sound and the stream once, so a wait takes
(115.2 - 70.1) / 26 s, and what is left of 70.1 s makes the sound. What the client adds is measured.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from reader.audio.file import FileDevice
from tests.fakes.polly_desk import Desk, desk
from tests.fakes.polly_service import PollyService, speak

PUBLISHED_CALLS_S, PUBLISHED_STREAM_S, PUBLISHED_CALLS = 115.226, 70.071, 27
WORDS, WORD_EVERY_S = 970, 0.03
FORMAT = ("mp3", 24000)


@dataclass(frozen=True)
class Run:
    """How one way did: seconds from the first word, and what it took."""

    total_s: float
    first_s: float
    calls: int


def text() -> str:
    """970 words in 27 sentences, of 7,045 characters or nearly."""
    letters = "abcdefghijklmnop"
    sentences = []
    for sentence in range(PUBLISHED_CALLS):
        count = WORDS // PUBLISHED_CALLS + (sentence < WORDS % PUBLISHED_CALLS)
        words = [letters[(sentence + i) % 9 :][: 4 + (sentence + 3 * i) % 5] for i in range(count)]
        words[5] += ","  # a clause ends there
        sentences.append(" ".join(words).capitalize() + ".")
    return " ".join(sentences)


def paced(sound_s: float) -> PollyService:
    """A service with the published times."""
    service = PollyService()
    service.first_audio_s = (PUBLISHED_CALLS_S - PUBLISHED_STREAM_S) / (PUBLISHED_CALLS - 1)
    arrival_s = WORDS / PUBLISHED_CALLS * WORD_EVERY_S
    service.pace = sound_s / (PUBLISHED_STREAM_S - service.first_audio_s - arrival_s)
    return service


async def compare() -> dict[str, Run]:
    """Both ways at once, each with a service of its own: they take two minutes and hardly any of the processor."""
    whole = text()
    sound_s = sum(len(speak(sentence, 16000)) / 2 / 16000 for sentence in re.findall(r"[^.]+\.", whole))
    ways: dict[str, Callable[[Desk, str], Awaitable[float]]] = {
        "SynthesizeSpeech, one sentence after the other": _sentences,
        "Harken: bidirectional streams, into a file": _stream,
    }
    runs = await asyncio.gather(*(_run(way, whole, sound_s) for way in ways.values()))
    return dict(zip(ways, runs, strict=True))


async def _run(way: Callable[[Desk, str], Awaitable[float]], whole: str, sound_s: float) -> Run:
    service = paced(sound_s)
    with tempfile.TemporaryDirectory() as folder:
        async with desk(Path(folder), service, formats=[FORMAT], device=FileDevice(Path(folder) / "heard.wav")) as d:
            await d.engine.start()
            started_s = time.perf_counter()
            first_s = await way(d, whole) - started_s
            total_s = time.perf_counter() - started_s
    return Run(total_s, first_s, len(service.streams) + len(service.speeches))


async def _arriving(whole: str) -> AsyncIterator[str]:
    """Word by word."""
    started_s = time.perf_counter()
    for number, word in enumerate(re.findall(r"\S+\s*", whole)):
        await asyncio.sleep(max(started_s + number * WORD_EVERY_S - time.perf_counter(), 0))
        yield word


async def _sentences(d: Desk, whole: str) -> float:
    """As a program does that has no stream: wait for a sentence, have it spoken, and then the next."""
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    async def collect() -> None:
        sentence = ""
        async for word in _arriving(whole):
            sentence += word
            if sentence.rstrip().endswith("."):
                queue.put_nowait(sentence)
                sentence = ""
        queue.put_nowait(None)

    collecting = asyncio.create_task(collect())
    first_s = 0.0
    while (sentence := await queue.get()) is not None:
        values = {
            "Text": sentence, "VoiceId": "Matthew", "Engine": "generative",
            "OutputFormat": FORMAT[0], "SampleRate": str(FORMAT[1]),
        }  # fmt: skip
        async with d.client.ask("SynthesizeSpeech", values) as response:
            async for _ in response.pieces:
                first_s = first_s or time.perf_counter()
    await collecting
    return first_s


async def _stream(d: Desk, whole: str) -> float:
    """The way of `harken speak - --out`: as fast as the service makes it, and each passage in the file once proven."""
    reading = d.begin("", is_whole=False)

    async def feed() -> None:
        async for word in _arriving(whole):
            reading.feed(word)
        reading.close()

    feeding = asyncio.create_task(feed())
    await d.until(lambda: d.voices)
    first_s = time.perf_counter()
    await d.until(lambda: d.endings)
    await feeding
    assert d.endings == [True]
    assert not d.notices, d.notices
    return first_s
