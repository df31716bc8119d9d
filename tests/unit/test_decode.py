"""What the service sends becomes the same frames, wherever it is cut."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any

import pytest

from reader.errors import StreamCorruptError
from reader.voices.polly.decode import FORMATS, decoder
from reader.voices.polly.mp3 import Frames
from tests.fakes.polly_service import hear, speak, words
from tests.fakes.polly_service.codecs import FORMATS as ENCODERS

Run = Callable[[Coroutine[Any, Any, Any]], Any]
RATE_HZ = 24000
TEXT = "Some words are packed and unpacked again"
PACKED = [name for name in FORMATS if name != "pcm"]


class Heard:
    """What a decoder made, and how it ended."""

    def __init__(self, name: str) -> None:
        self.sound = bytearray()
        self.endings: list[StreamCorruptError | None] = []
        self._change = asyncio.Event()
        before = set(threading.enumerate())
        self.decoder = decoder(name, RATE_HZ, self._on_sound, self._on_end)
        self.threads = [thread for thread in threading.enumerate() if thread not in before]

    def _on_sound(self, pcm: bytes) -> None:
        self.sound += pcm
        self._change.set()

    def _on_end(self, error: StreamCorruptError | None) -> None:
        self.endings.append(error)
        self._change.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self._change.clear()
            await self._change.wait()


async def decoded(name: str, *pieces: bytes) -> Heard:
    """All of what came in these pieces."""
    heard = Heard(name)
    for piece in pieces:
        heard.decoder.feed(piece)
    heard.decoder.finish()
    await heard.until(lambda: bool(heard.endings))
    return heard


@cache
def packed(name: str) -> bytes:
    encoder = ENCODERS[name, RATE_HZ](RATE_HZ)
    return encoder.add(speak(TEXT, RATE_HZ)) + encoder.finish()


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


# ---- pcm ----


@pytest.mark.parametrize("size", [1, 2, 7, 400, 100_000])
def test_pcm_is_passed_on_in_whole_frames(run: Run, size: int) -> None:
    sound = speak("Odd cuts", 16000)

    async def go() -> None:
        heard = Heard("pcm")
        for piece in cut(sound, size):
            heard.decoder.feed(piece)
            assert len(heard.sound) % 2 == 0
        heard.decoder.finish()
        assert bytes(heard.sound) == sound
        assert heard.endings == [None]

    run(go())


def test_pcm_that_is_cancelled_is_not_heard(run: Run) -> None:
    async def go() -> None:
        heard = Heard("pcm")
        heard.decoder.feed(b"\x01\x02\x03")
        heard.decoder.cancel()
        heard.decoder.feed(b"\x04\x05\x06")
        assert bytes(heard.sound) == b"\x01\x02"

    run(go())


# ---- packed ----


@pytest.mark.parametrize("name", PACKED)
def test_cuts_make_no_difference(run: Run, name: str) -> None:
    async def go() -> None:
        whole = await decoded(name, packed(name))
        assert hear(bytes(whole.sound), RATE_HZ, words(TEXT)) == words(TEXT)
        for size in (1, 7, 400):
            heard = await decoded(name, *cut(packed(name), size))
            assert heard.endings == [None]
            assert heard.sound == whole.sound, size

    run(go())


def test_mp3_is_heard_as_far_as_it_came(run: Run) -> None:
    async def go() -> None:
        heard, frames, count = Heard("mp3"), Frames(), 0
        for piece in cut(packed("mp3")[: len(packed("mp3")) // 2], 100):
            heard.decoder.feed(piece)
            frames.feed(piece)
            while frames.take():
                count += 1
        # But for the first, which says what follows, and what fills no block of the decoder's.
        await heard.until(lambda: len(heard.sound) >= (count - 2) * 576 * 2)
        assert not heard.endings
        heard.decoder.cancel()

    run(go())


def test_a_tag_in_front_of_mp3_is_passed_over(run: Run) -> None:
    # What the service's encoder writes there, with bytes in it that look like the beginning of a frame.
    tag = b"ID3\x04\x00\x00\x00\x00\x01\x00" + b"\xff\xf3\x64\xc4" * 32

    async def go() -> None:
        whole = await decoded("mp3", packed("mp3"))
        for size in (1, 9, 1000):
            heard = await decoded("mp3", *cut(tag + packed("mp3"), size))
            assert heard.sound == whole.sound

    run(go())


@pytest.mark.parametrize("name", PACKED)
def test_nothing_is_a_sound_too(run: Run, name: str) -> None:
    async def go() -> None:
        heard = await decoded(name)
        assert (bytes(heard.sound), heard.endings) == (b"", [None])

    run(go())


@pytest.mark.parametrize("name", PACKED)
def test_garbage_is_told_as_damage(run: Run, name: str) -> None:
    chance = random.Random(1)
    samples = [b"\0", b"<html>" * 500, bytes(5000), b"ID3", b"\xff" * 3000, b"OggS" * 50, packed(name)[:20]]
    samples += [bytes(chance.choices(range(255), k=chance.choice([10, 1000, 20_000]))) for _ in range(10)]

    async def go() -> None:
        for sample in samples:
            heard = await decoded(name, *cut(sample, 300))
            (error,) = heard.endings
            assert isinstance(error, StreamCorruptError), sample[:20]
            assert not heard.sound

    run(go())


@pytest.mark.parametrize("name", PACKED)
def test_damage_within_is_told_or_passed_over(run: Run, name: str) -> None:
    async def go() -> None:
        for seed in range(10):
            data = bytearray(packed(name))
            start = random.Random(seed).randrange(len(data) - 500)
            data[start : start + 500] = random.Random(seed).randbytes(500)
            heard = await decoded(name, *cut(bytes(data), 400))
            assert len(heard.endings) == 1

    run(go())


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("part", [0.0, 0.5, 1.0])
def test_cancelling_ends_the_thread(run: Run, name: str, part: float) -> None:
    async def go() -> None:
        heard = Heard(name)
        (thread,) = heard.threads
        if part:
            heard.decoder.feed(packed(name)[: round(len(packed(name)) * part)])
            await heard.until(lambda: len(heard.sound) > 0)
        heard.decoder.cancel()
        before = len(heard.sound)
        await asyncio.to_thread(thread.join, 10.0)
        assert not thread.is_alive()
        await asyncio.sleep(0)  # for what it may have posted
        assert (len(heard.sound), heard.endings) == (before, [])

    run(go())


def test_a_loop_that_has_ended_ends_the_thread() -> None:
    async def begin() -> threading.Thread:
        heard = Heard("mp3")
        heard.decoder.feed(packed("mp3"))
        heard.decoder.finish()
        return heard.threads[0]

    thread = asyncio.run(begin())
    thread.join(10.0)
    assert not thread.is_alive()
