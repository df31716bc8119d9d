"""A download that a window has begun has an end that is told, whatever becomes of it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from reader.core import voice_downloads
from reader.core.voice_downloads import VoiceDownloaded, VoiceDownloads
from reader.flow import Event


@pytest.mark.noisy
async def test_one_that_fails_in_an_unforeseen_way_ends_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, noise: list[str]
) -> None:
    async def get(*_: object) -> None:
        raise ZeroDivisionError

    async def getting() -> Any:
        return SimpleNamespace(get=get)

    monkeypatch.setattr(voice_downloads, "getting", getting)
    told: asyncio.Queue[Event] = asyncio.Queue()
    downloads = VoiceDownloads(told.put_nowait, lambda: None)
    voice: Any = SimpleNamespace(key="de_DE-thorsten-low")
    await downloads.begin(voice, SimpleNamespace())  # type: ignore[arg-type]
    async with asyncio.timeout(5):
        ended = await told.get()
    assert isinstance(ended, VoiceDownloaded)
    assert (ended.key, ended.voice_id) == (voice.key, "")
    assert ended.problem.startswith("Harken could not do this.")
    assert noise == ["reader.core.voice_downloads: de_DE-thorsten-low could not be downloaded"]
    await downloads.close()
