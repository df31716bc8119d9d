"""What holds for every engine: the neural one, eSpeak NG, that of added voices, a speech server, the one tests use."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from reader.core.engines_here import local_engines
from reader.errors import VoiceError
from reader.flow import AudioChunk, SpeechRequest
from reader.http.address import ServerAddress
from reader.support.voice_folder import voices_folder
from reader.voices.base import Engine, Holding, SpeechStream
from reader.voices.local import engine as local
from reader.voices.server.engine import Choices, ServerEngine
from tests.fakes.engine import FakeEngine
from tests.fakes.speech_server import SpeechServer

NAMES = ("fake", "neural", "piper", "espeak", "server")
LOCAL = ("neural", "piper", "espeak")
# eSpeak's pitch flutters on through its utterances, so their ends move by some 5 ms.
ESPEAK_VARIES_BYTES = 800
LONG = "When the train finally arrived, everyone who had been waiting climbed aboard without a word to anyone."


@pytest.fixture(autouse=True)
def added_voice(tmp_path: Path, added_voices: Path) -> None:
    shutil.copytree(added_voices, voices_folder())


def is_same(name: str, first: bytes, second: bytes) -> bool:
    """Whether two sounds of the same text are the same: the pieces of an added voice are up to rounding."""
    if name == "piper" and len(first) == len(second):
        values = [np.frombuffer(pcm, np.int16).astype(int) for pcm in (first, second)]
        return bool(np.abs(values[0] - values[1]).max() <= 4)
    return first == second or name == "espeak"


def make(name: str) -> Engine:
    return FakeEngine() if name == "fake" else local_engines()[name]


async def no_key() -> str:
    return ""


@asynccontextmanager
async def made(name: str) -> AsyncIterator[Engine]:
    if name != "server":
        yield make(name)
        return
    async with SpeechServer() as running:
        yield ServerEngine(Choices(ServerAddress.of(running.url), "alloy", "tts-1", "pcm"), no_key)


@asynccontextmanager
async def started(name: str) -> AsyncIterator[Engine]:
    async with made(name) as engine, running(engine):
        yield engine


@asynccontextmanager
async def running(engine: Engine) -> AsyncIterator[Engine]:
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


def request(engine: Engine, text: str, segment: int = 0, speed: float = 1.0, utterance: int = 1) -> SpeechRequest:
    voice = next(v for v in engine.voices() if v.language in ("en", ""))
    return SpeechRequest(utterance, segment, text, voice, speed)


async def collect(stream: SpeechStream) -> list[AudioChunk]:
    return [chunk async for chunk in stream]


async def first_of(stream: SpeechStream) -> AsyncIterator[AudioChunk]:
    """The sound of the next request."""
    async for chunk in stream:
        yield chunk
        if chunk.is_last:
            return


async def say(engine: Engine, *texts: str, speed: float = 1.0) -> list[AudioChunk]:
    stream = engine.open_stream(1)

    async def send() -> None:
        for i, text in enumerate(texts):
            await stream.send(request(engine, text, i, speed))  # which may wait for room
        await stream.finish()

    sending = asyncio.create_task(send())
    chunks = await collect(stream)
    await sending
    return chunks


def seconds(chunks: list[AudioChunk]) -> float:
    return sum(len(c.pcm) / 2 / c.rate_hz for c in chunks)


@pytest.mark.parametrize("name", NAMES)
class TestEveryEngine:
    async def test_sound_comes_in_the_order_of_the_requests(self, name: str) -> None:
        async with started(name) as engine:
            chunks = await say(engine, "First of all.", "Then this.", "Last.")
            assert [c.segment for c in chunks] == sorted(c.segment for c in chunks)
            assert [c.segment for c in chunks if c.is_last] == [0, 1, 2]
            assert {c.utterance_id for c in chunks} == {1}
            for segment in range(3):
                assert seconds([c for c in chunks if c.segment == segment]) > 0.03

    async def test_the_same_text_gives_the_same_sound(self, name: str) -> None:
        async with started(name) as engine:
            first = b"".join(c.pcm for c in await say(engine, LONG))
            second = b"".join(c.pcm for c in await say(engine, LONG))
            assert len(first) == pytest.approx(len(second), abs=ESPEAK_VARIES_BYTES)
            assert is_same(name, first, second)

    async def test_a_stream_without_requests_ends(self, name: str) -> None:
        async with started(name) as engine:
            assert await say(engine) == []

    async def test_a_cancelled_stream_ends_at_once_and_says_nothing_more(self, name: str) -> None:
        async with started(name) as engine:
            stream = engine.open_stream(1)
            for i in range(2 if name == "server" else 5):  # a third one waits
                await stream.send(request(engine, LONG, i))
            stream.cancel()
            assert await collect(stream) == []
            assert seconds(await say(engine, "After that.")) > 0.05

    async def test_two_streams_do_not_mix(self, name: str) -> None:
        async with started(name) as engine:
            one, two = engine.open_stream(1), engine.open_stream(2)
            await one.send(request(engine, "One here.", utterance=1))
            await two.send(request(engine, "Two here.", utterance=2))
            await one.finish()
            await two.finish()
            assert {c.utterance_id for c in await collect(one)} == {1}
            assert {c.utterance_id for c in await collect(two)} == {2}

    async def test_what_has_no_sound_ends_all_the_same(self, name: str) -> None:
        async with started(name) as engine:
            chunks = await say(engine, "", "word")
            assert [c.segment for c in chunks if c.is_last] == [0, 1]

    async def test_requests_may_come_before_the_voice_is_ready(self, name: str) -> None:
        async with started(name) as warm:
            voice = request(warm, "x").voice
        async with made(name) as engine:
            starting = asyncio.create_task(engine.start())
            stream = engine.open_stream(1)
            await stream.send(SpeechRequest(1, 0, "Early.", voice, 1.0))
            await stream.finish()
            assert seconds(await collect(stream)) > 0.05
            await starting
            await engine.close()


@pytest.mark.parametrize("name", LOCAL)
class TestVoicesOnThisComputer:
    @pytest.mark.parametrize("speed", [0.5, 1.5, 2.0])
    async def test_speed(self, name: str, speed: float) -> None:
        async with started(name) as engine:
            own = seconds(await say(engine, LONG))
            chunks = await say(engine, LONG, speed=speed)
            assert own / seconds(chunks) == pytest.approx(speed, rel=0.15)
            assert chunks[0].speed == pytest.approx(speed)

    async def test_beyond_its_range_it_says_how_fast_it_was(self, name: str) -> None:
        async with started(name) as engine:
            chunks = await say(engine, "Quick.", speed=5.0)
            assert {c.speed for c in chunks} == {engine.speeds[1]}

    async def test_no_dead_time_at_either_end(self, name: str) -> None:
        import numpy as np

        async with started(name) as engine:
            chunks = await say(engine, "Nine more men.")
            sound = np.abs(np.frombuffer(b"".join(c.pcm for c in chunks), np.int16).astype(int))
            loud = np.flatnonzero(sound > 100)
            rate = chunks[0].rate_hz
            assert loud[0] / rate < 0.012
            assert (sound.size - loud[-1]) / rate < 0.03

    @pytest.mark.parametrize(
        "text", ["say [[h@'loU]] now", "say [word](/wɜːd/) now", "say <break time='3s'/> now", "say \x01 50w now"]
    )
    async def test_markup_in_foreign_text_is_read_not_obeyed(self, name: str, text: str) -> None:
        async with started(name) as engine:
            plain = seconds(await say(engine, "say now"))
            assert plain < seconds(await say(engine, text)) < plain + 4.5

    @pytest.mark.noisy
    async def test_a_killed_process_loses_nothing(self, name: str, noise: list[str]) -> None:
        async with started(name) as engine:
            texts = ["First of all, this.", LONG, "And the last one."]
            whole = [b"".join(c.pcm for c in await say(engine, text)) for text in texts]
            stream = engine.open_stream(1)
            for i, text in enumerate(texts):
                await stream.send(request(engine, text, i))
            await stream.finish()
            heard: list[bytes] = [b"", b"", b""]
            killed = 0
            async for chunk in stream:
                heard[chunk.segment] += chunk.pcm
                if killed <= chunk.segment and killed < 2:
                    killed += 1
                    os.kill(engine._child.pid, signal.SIGKILL)  # type: ignore[attr-defined]
            assert killed == 2
            for found, wanted in zip(heard, whole, strict=True):
                assert len(found) == pytest.approx(len(wanted), abs=2 * ESPEAK_VARIES_BYTES)
                assert is_same(name, found, wanted)
        assert noise

    @pytest.mark.noisy
    async def test_what_was_held_has_the_same_sound_and_keeps_no_other_waiting(self, name: str) -> None:
        async with started(name) as engine:
            whole = b"".join(c.pcm for c in await say(engine, LONG))
            for meanwhile in ("nothing", "another", "killed"):
                stream = engine.open_stream(1)
                assert isinstance(stream, Holding)
                stream.hold()
                await stream.send(request(engine, LONG))
                await stream.finish()
                sound = aiter(stream)
                heard = (await anext(sound)).pcm
                assert heard
                if meanwhile == "another":
                    assert seconds(await say(engine, "Another one.")) > 0.05
                elif meanwhile == "killed":
                    os.kill(engine._child.pid, signal.SIGKILL)  # type: ignore[attr-defined]
                stream.go()
                heard += b"".join([chunk.pcm async for chunk in sound])
                assert len(heard) == pytest.approx(len(whole), abs=2 * ESPEAK_VARIES_BYTES)
                assert is_same(name, heard, whole)

    @pytest.mark.noisy
    async def test_one_that_keeps_dying_is_given_up(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(local, "DEATHS", 4)
        async with started(name) as engine:
            stream = engine.open_stream(1)
            await stream.send(request(engine, LONG))

            async def murder() -> None:
                killed: set[int] = set()
                while len(killed) < local.DEATHS:
                    child = engine._child  # type: ignore[attr-defined]
                    if child and engine._is_open and child.pid not in killed:  # type: ignore[attr-defined]
                        os.kill(child.pid, signal.SIGKILL)
                        killed.add(child.pid)
                    await asyncio.sleep(0.001)

            # Stopped first, so that it can't finish in between.
            os.kill(engine._child.pid, signal.SIGSTOP)  # type: ignore[attr-defined]
            killing = asyncio.create_task(murder())
            for i in range(200):
                await stream.send(request(engine, LONG, i + 1))
            with pytest.raises(VoiceError):
                await collect(stream)
            await killing
            # The next utterance finds it started again.
            assert seconds(await say(engine, "Back again.")) > 0.05

    @pytest.mark.noisy
    async def test_a_text_that_is_deadly_is_told_and_the_voice_goes_on_behind_it(self, name: str) -> None:
        async with started(name) as engine:
            texts = ["First of all, this.", LONG, "And the last one."]
            whole = [seconds(await say(engine, text)) for text in texts]
            stream = engine.open_stream(1)
            await stream.send(request(engine, texts[0], 0))
            heard = [chunk async for chunk in first_of(stream)]
            killed: set[int] = set()

            async def be_deadly() -> None:
                while len(killed) < local.DEATHS_OF_A_TEXT:
                    child = engine._child  # type: ignore[attr-defined]
                    if child and engine._is_open and child.pid not in killed:  # type: ignore[attr-defined]
                        killed.add(child.pid)
                        os.kill(child.pid, signal.SIGKILL)
                    await asyncio.sleep(0.001)

            os.kill(engine._child.pid, signal.SIGSTOP)  # type: ignore[attr-defined]
            for i in (1, 2):
                await stream.send(request(engine, texts[i], i))
            await stream.finish()
            _, rest = await asyncio.gather(be_deadly(), collect(stream))
            heard += rest
            assert [(c.segment, c.is_broken) for c in heard if c.is_last] == [(0, False), (1, True), (2, False)]
            for i in (0, 2):
                assert seconds([c for c in heard if c.segment == i]) == pytest.approx(whole[i], abs=0.05)

    @pytest.mark.noisy
    async def test_one_that_is_killed_while_it_starts_is_started_again(self, name: str) -> None:
        engine = make(name)
        starting = asyncio.create_task(engine.start())
        killed: set[int] = set()
        while len(killed) < local.STARTS - 1:
            child = engine._child  # type: ignore[attr-defined]
            if child and child.pid not in killed:
                killed.add(child.pid)
                os.kill(child.pid, signal.SIGKILL)
            await asyncio.sleep(0.001)
        await starting
        assert seconds(await say(engine, "Here at last.")) > 0.05
        await engine.close()

    @pytest.mark.noisy
    async def test_one_that_hangs_is_replaced(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(local, "ANSWER_LIMIT_S", 0.3)
        async with started(name) as engine:
            os.kill(engine._child.pid, signal.SIGSTOP)  # type: ignore[attr-defined]
            assert seconds(await say(engine, "Still here.")) > 0.05


async def test_voices_are_alike_in_loudness_and_leave_room_for_peaks() -> None:
    loudness_db = {}
    for name in LOCAL:
        async with started(name) as engine:
            chunks = await say(engine, LONG, "Ships from many countries passed by night.", "Stop! Why? Go on.")
            sound = np.frombuffer(b"".join(c.pcm for c in chunks), np.int16) / 32768
            loudness_db[name] = 10 * np.log10((sound**2).mean())
            assert np.abs(sound).max() < 0.9
    for name in ("neural", "piper"):
        assert loudness_db[name] == pytest.approx(loudness_db["espeak"], abs=1.5)
    assert loudness_db["espeak"] == pytest.approx(-23.5, abs=1.5)


@pytest.mark.parametrize("name", LOCAL)
async def test_signs_that_stand_alone_are_said(name: str) -> None:
    async with started(name) as engine:
        without = seconds(await say(engine, "a b"))
        for sign in "<>^|\\":
            assert seconds(await say(engine, sign)) > 0.2, sign
            assert seconds(await say(engine, f"a {sign} b")) > without + 0.2, sign


async def test_the_neural_voice_makes_nothing_of_another_script_and_ends() -> None:
    async with started("neural") as engine:
        chunks = await say(engine, "日本語")
        assert chunks[-1].is_last


@pytest.mark.parametrize("name", LOCAL)
async def test_every_voice_listed_can_speak(name: str) -> None:
    async with started(name) as engine:
        stream = engine.open_stream(1)
        voices = engine.voices()
        for i, voice in enumerate(voices):
            await stream.send(SpeechRequest(1, i, "Hello 123.", voice, 1.0))
        await stream.finish()
        chunks = await collect(stream)
        spoken = [seconds([c for c in chunks if c.segment == i]) for i in range(len(voices))]
        assert [v.id for v, length_s in zip(voices, spoken, strict=True) if length_s < 0.3] == []
