"""What the service sends becomes the same frames, wherever it is cut."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache

import pytest

from reader.errors import StreamCorruptError
from reader.voices.remote import decode
from reader.voices.remote.decode import FORMATS, STARTS, Decoders
from reader.voices.remote.mp3 import Frames
from reader.workers.frames import Frame
from tests.fakes.polly_service import hear, speak, words
from tests.fakes.polly_service.codecs import FORMATS as ENCODERS

RATE_HZ = 24000
TEXT = "Some words are packed and unpacked again"
PACKED = [name for name in FORMATS if name != "pcm"]


class Heard:
    """What a decoder made, and how it ended."""

    def __init__(self, decoders: Decoders, name: str) -> None:
        self.sound = bytearray()
        self.endings: list[StreamCorruptError | None] = []
        self._change = asyncio.Event()
        self.decoder = decoders.decoder(name, RATE_HZ, self._on_sound, self._on_end)

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


@asynccontextmanager
async def made() -> AsyncIterator[Decoders]:
    decoders = Decoders()
    try:
        yield decoders
    finally:
        await decoders.close()


async def decoded(decoders: Decoders, name: str, *pieces: bytes) -> Heard:
    """All of what came in these pieces."""
    heard = Heard(decoders, name)
    for piece in pieces:
        heard.decoder.feed(piece)
    heard.decoder.finish()
    await heard.until(lambda: bool(heard.endings))
    return heard


@cache
def packed(name: str, times: int = 1) -> bytes:
    encoder = ENCODERS[name, RATE_HZ](RATE_HZ)
    return encoder.add(speak(" ".join([TEXT] * times), RATE_HZ)) + encoder.finish()


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


# ---- pcm ----


@pytest.mark.parametrize("size", [1, 2, 7, 400, 100_000])
async def test_pcm_is_passed_on_in_whole_frames(size: int) -> None:
    sound = speak("Odd cuts", 16000)
    heard = Heard(Decoders(), "pcm")
    for piece in cut(sound, size):
        heard.decoder.feed(piece)
        assert len(heard.sound) % 2 == 0
    heard.decoder.finish()
    assert bytes(heard.sound) == sound
    assert heard.endings == [None]


async def test_pcm_that_is_cancelled_is_not_heard() -> None:
    heard = Heard(Decoders(), "pcm")
    heard.decoder.feed(b"\x01\x02\x03")
    heard.decoder.cancel()
    heard.decoder.feed(b"\x04\x05\x06")
    assert bytes(heard.sound) == b"\x01\x02"


# ---- packed ----


@pytest.mark.parametrize("name", PACKED)
async def test_cuts_make_no_difference(name: str) -> None:
    async with made() as decoders:
        whole = await decoded(decoders, name, packed(name))
        assert hear(bytes(whole.sound), RATE_HZ, words(TEXT)) == words(TEXT)
        for size in (1, 7, 400):
            heard = await decoded(decoders, name, *cut(packed(name), size))
            assert heard.endings == [None]
            assert heard.sound == whole.sound, size


@pytest.mark.parametrize("name", PACKED)
async def test_streams_side_by_side_do_not_mix(name: str) -> None:
    async with made() as decoders:
        alone = await decoded(decoders, name, packed(name))
        heard = await asyncio.gather(*(decoded(decoders, name, *cut(packed(name), 90 + i)) for i in range(5)))
        assert all(one.sound == alone.sound and one.endings == [None] for one in heard)


async def test_mp3_is_heard_as_far_as_it_came() -> None:
    async with made() as decoders:
        heard, frames, count = Heard(decoders, "mp3"), Frames(), 0
        for piece in cut(packed("mp3")[: len(packed("mp3")) // 2], 100):
            heard.decoder.feed(piece)
            frames.feed(piece)
            while frames.take():
                count += 1
        # But for the first, which says what follows, and what fills no block of the decoder's.
        await heard.until(lambda: len(heard.sound) >= (count - 2) * 576 * 2)
        assert not heard.endings
        heard.decoder.cancel()


async def test_a_tag_in_front_of_mp3_is_passed_over() -> None:
    # What the service's encoder writes there, with bytes in it that look like the beginning of a frame.
    tag = b"ID3\x04\x00\x00\x00\x00\x01\x00" + b"\xff\xf3\x64\xc4" * 32
    async with made() as decoders:
        whole = await decoded(decoders, "mp3", packed("mp3"))
        for size in (1, 9, 1000):
            heard = await decoded(decoders, "mp3", *cut(tag + packed("mp3"), size))
            assert heard.sound == whole.sound


@pytest.mark.parametrize("name", PACKED)
async def test_nothing_is_a_sound_too(name: str) -> None:
    async with made() as decoders:
        heard = await decoded(decoders, name)
        assert (bytes(heard.sound), heard.endings) == (b"", [None])


@pytest.mark.parametrize("name", PACKED)
async def test_garbage_is_told_as_damage(name: str) -> None:
    chance = random.Random(1)
    samples = [b"\0", b"<html>" * 500, bytes(5000), b"ID3", b"\xff" * 3000, b"OggS" * 50, packed(name)[:20]]
    samples += [bytes(chance.choices(range(255), k=chance.choice([10, 1000, 20_000]))) for _ in range(10)]
    async with made() as decoders:
        for sample in samples:
            heard = await decoded(decoders, name, *cut(sample, 300))
            (error,) = heard.endings
            assert isinstance(error, StreamCorruptError), sample[:20]
            assert not heard.sound


@pytest.mark.parametrize("name", PACKED)
async def test_damage_within_is_told_or_passed_over_and_the_next_stream_is_whole(name: str) -> None:
    """Also where the decoder dies of it, which takes no more than its process."""
    async with made() as decoders:
        whole = await decoded(decoders, name, packed(name))
        for seed in range(80):
            heard = await decoded(decoders, name, *cut(damaged(packed(name), seed), 400))
            assert len(heard.endings) == 1
            assert len(heard.sound) < 50 * len(whole.sound)
        assert (await decoded(decoders, name, packed(name))).sound == whole.sound


def damaged(data: bytes, seed: int) -> bytes:
    """With bytes in it that are others: many in one place, or a few all over it, also in the head."""
    chance, made = random.Random(seed), bytearray(data)
    if seed % 2:
        start = chance.randrange(len(made) - 500)
        made[start : start + 500] = chance.randbytes(500)
    else:
        for _ in range(chance.choice([1, 5, 30])):
            made[chance.randrange(chance.choice([len(made), 4000]))] = chance.randrange(256)
    return bytes(made)


async def test_an_odd_rate_is_not_believed() -> None:
    """At 1 Hz two seconds of sound would be half a day of it."""
    data = bytearray(packed("ogg_vorbis"))
    at = data.index(b"\x01vorbis") + 12
    data[at : at + 4] = (1).to_bytes(4, "little")
    async with made() as decoders:
        heard = await decoded(decoders, "ogg_vorbis", *cut(bytes(data), 400))
        assert isinstance(heard.endings[0], StreamCorruptError)
        assert not heard.sound


@pytest.mark.parametrize("name", PACKED)
async def test_a_decoder_that_is_killed_loses_and_repeats_nothing(name: str) -> None:
    async with made() as decoders:
        whole = await decoded(decoders, name, packed(name))
        heard = Heard(decoders, name)
        pieces = cut(packed(name), len(packed(name)) // 12)
        for number, piece in enumerate(pieces):
            heard.decoder.feed(piece)
            if number in (3, 8):
                await kill(decoders)
        heard.decoder.finish()
        await heard.until(lambda: bool(heard.endings))
        assert heard.endings == [None]
        assert heard.sound == whole.sound


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("size", [777, 100_000])
async def test_decoders_that_are_killed_all_along_a_stream_make_the_same_sound(name: str, size: int) -> None:
    """Each within a page or a frame: at its first new sound, and behind the piece that came last."""
    async with made() as decoders:
        whole = await decoded(decoders, name, packed(name))
        heard, killed = Heard(decoders, name), set()
        receive, news = decoders._receive, asyncio.Event()

        def meet(frame: Frame) -> None:
            before = len(heard.sound)
            receive(frame)
            child = decoders._child
            if len(heard.sound) > before and child and child.pid not in killed:
                killed.add(child.pid)
                os.kill(child.pid, signal.SIGKILL)
            news.set()

        decoders._receive = meet  # type: ignore[method-assign]
        await kill(decoders)  # the next ones are met
        for piece in cut(packed(name), size):
            heard.decoder.feed(piece)
            while heard.decoder.is_owed:  # type: ignore[attr-defined]
                news.clear()
                await news.wait()
            if decoders._child:
                await kill(decoders)
        heard.decoder.finish()
        await heard.until(lambda: bool(heard.endings))
        assert heard.endings == [None]
        assert heard.sound == whole.sound
        assert killed


async def kill(decoders: Decoders) -> None:
    """End its process, once there is one, and wait until that is known."""
    while not (child := decoders._child):
        assert decoders._starting
        await decoders._starting
    with suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)
    await asyncio.gather(*child._tasks)


async def test_a_decoder_that_never_gets_ready_is_told_as_damage() -> None:
    async with made() as decoders:
        heard = Heard(decoders, "mp3")
        heard.decoder.feed(packed("mp3"))
        killed: set[int] = set()
        while not heard.endings:
            if (child := decoders._child) and child.pid not in killed:
                killed.add(child.pid)
                os.kill(child.pid, signal.SIGKILL)
            await asyncio.sleep(0)
        assert len(killed) == STARTS
        assert isinstance(heard.endings[0], StreamCorruptError)
        assert (await decoded(decoders, "mp3", packed("mp3"))).endings == [None]


async def test_a_stream_on_which_decoders_hang_is_told_as_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is so short that a minute of sound takes longer."""
    monkeypatch.setattr(decode, "ANSWER_LIMIT_S", 0.0)
    async with made() as decoders:
        heard = await decoded(decoders, "mp3", packed("mp3") * 40)
        assert isinstance(heard.endings[0], StreamCorruptError)
        monkeypatch.setattr(decode, "ANSWER_LIMIT_S", 10.0)
        assert (await decoded(decoders, "mp3", packed("mp3"))).endings == [None]


async def test_a_decoder_that_hangs_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "ANSWER_LIMIT_S", 0.3)
    async with made() as decoders:
        whole = await decoded(decoders, "mp3", packed("mp3"))
        os.kill(decoders._child.pid, signal.SIGSTOP)  # type: ignore[union-attr]
        assert (await decoded(decoders, "mp3", packed("mp3"))).sound == whole.sound


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("part", [0.0, 0.5, 1.0])
async def test_what_is_cancelled_is_not_heard(name: str, part: float) -> None:
    async with made() as decoders:
        heard = Heard(decoders, name)
        if part:
            heard.decoder.feed(packed(name, 8)[: round(len(packed(name, 8)) * part)])
            await heard.until(lambda: len(heard.sound) > 0)
        heard.decoder.cancel()
        before = len(heard.sound)
        other = await decoded(decoders, name, packed(name))
        assert other.endings == [None]
        assert (len(heard.sound), heard.endings) == (before, [])
