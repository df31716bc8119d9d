"""speech-dispatcher hears of the end of each message, whatever that ends with."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from reader.speechd import module, protocol
from reader.speechd.module import Module

SPEAK = b"SPEAK\nSome text.\n.\n"


class Output:
    """What speech-dispatcher would hear."""

    def __init__(self) -> None:
        self.said = b""
        self.changed = asyncio.Event()

    def write(self, data: bytes) -> None:
        self.said += data
        self.changed.set()

    async def drain(self) -> None:
        pass

    async def until(self, what: bytes) -> None:
        while not self.said.endswith(what):
            self.changed.clear()
            await self.changed.wait()


class Speaker:
    """One that speaks nothing, and may fail at once."""

    error: Exception | None = None

    def __init__(self, *given: object) -> None:
        self.spoken: list[str] = []

    def speak(self, words: Any, wishes: object) -> None:
        if self.error:
            raise self.error
        self.spoken.append(words.text)

    def stop(self) -> None:
        pass

    async def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def speaker(monkeypatch: pytest.MonkeyPatch) -> type[Speaker]:
    class Own(Speaker):
        pass

    monkeypatch.setattr(module, "Speaker", Own)
    return Own


def begun() -> tuple[Module, Output]:
    output = Output()
    return Module(cast(module._Pipe, output)), output


def unforeseen(*given: object) -> Any:
    raise ValueError("unforeseen")


@pytest.mark.noisy
@pytest.mark.parametrize("is_long", [False, True])
@pytest.mark.parametrize("where", ["its words", "its voice"])
async def test_a_message_that_fails_in_an_unforeseen_way_ends(
    is_long: bool, where: str, speaker: type[Speaker], monkeypatch: pytest.MonkeyPatch, noise: list[str]
) -> None:
    if is_long:  # it is worded on a thread
        monkeypatch.setattr(module, "_LONG_CHARS", 3)
    if where == "its words":
        monkeypatch.setattr(module, "worded", unforeseen)
    else:
        speaker.error = ValueError("unforeseen")
    talk, output = begun()
    for number in range(2):  # and the next one is not refused
        await talk.receive(SPEAK)
        await output.until(protocol.BEGIN + protocol.END)
        assert noise == ["reader.speechd.module: a message failed"] * (number + 1)
    await talk.close()


@pytest.mark.noisy
async def test_settings_that_can_not_be_read_again_leave_the_old_ones(
    monkeypatch: pytest.MonkeyPatch, noise: list[str]
) -> None:
    talk, _ = begun()
    monkeypatch.setattr(module, "_dates", lambda: (1, 2))
    monkeypatch.setattr(talk._settings, "reload", unforeseen)
    await talk.receive(SPEAK)
    wording = talk._wording
    assert wording
    await wording
    assert cast(Speaker, talk._speaker).spoken == ["Some text."]
    assert noise == ["reader.tasks: the task “read settings again” failed"]
    await talk.close()
