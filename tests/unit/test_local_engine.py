"""What becomes of texts when a voice's process can't start, or ends, with a process made by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from reader.errors import VoiceMissingError
from reader.flow import SpeechRequest, Voice
from reader.voices.local import engine as module
from reader.voices.local.engine import LocalEngine
from reader.workers.frames import Frame, FrameKind
from reader.workers.worker import Worker

pytestmark = pytest.mark.own_time

VOICE = Voice("toy/tlh", "Toy", "tlh")
REQUEST = SpeechRequest(1, 0, "One is first.", VOICE, 1.0)


class Child:
    """A process that is ready at once, and says nothing."""

    started: list[Child]

    def __init__(self, receive: Callable[[Frame], None], on_end: Callable[[], None]) -> None:
        self.sent: list[dict[str, Any]] = []
        self.killed = asyncio.Event()
        self.end = on_end
        ready = json.dumps({"is": "ready", "rate_hz": 8000}).encode()
        asyncio.get_running_loop().call_soon(receive, Frame(FrameKind.JSON, 0, ready))

    @classmethod
    async def start(cls, worker: Worker, receive: Callable[[Frame], None], on_end: Callable[[], None]) -> Child:
        cls.started.append(cls(receive, on_end))
        return cls.started[-1]

    def send(self, tag: int, message: dict[str, Any]) -> None:
        self.sent.append(message)

    def kill(self) -> None:
        self.killed.set()

    async def close(self) -> None:
        pass


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    """The processes."""
    Child.started = []
    monkeypatch.setattr(module, "Child", Child)
    return Child.started


def made(find: Callable[[], Sequence[Voice]] = lambda: [VOICE]) -> LocalEngine:
    return LocalEngine("toy", (0.5, 4.0), Worker("toy", "tests.fakes.toy_worker", memory_bytes=1 << 28), find)


@pytest.mark.noisy
@pytest.mark.usefixtures("started")
async def test_voices_that_are_found_in_no_foreseen_way_fail_what_waits_for_them(noise: list[str]) -> None:
    def find() -> Sequence[Voice]:
        raise ValueError("unforeseen")

    engine = made(find)
    stream = engine.open_stream(1)
    await stream.send(REQUEST)
    with pytest.raises(VoiceMissingError):
        await anext(aiter(stream))
    assert noise == ["reader.voices.local.engine: toy does not start"]
    await engine.close()


@pytest.mark.noisy
async def test_a_process_that_hung_on_what_is_no_longer_wanted_says_nothing_of_the_next_text(
    started: list[Child], noise: list[str]
) -> None:
    engine = made()
    await engine.start()
    first = engine.open_stream(1)
    await first.send(REQUEST)
    await started[0].killed.wait()  # it says nothing: it hangs
    engine.cancel(first)
    started[0].end()
    await engine.start()
    second = engine.open_stream(2)
    await second.send(REQUEST)
    for number in range(1, 3):  # ended from outside, twice
        started[number].end()
        await engine.start()
    assert len(started[3].sent) == 1  # it is not deadly yet
    assert noise == ["reader.voices.local.engine: toy ended, starting it again"] * 3
    await engine.close()
