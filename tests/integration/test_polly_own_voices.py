"""A voice that an account has had made for itself: heard, and gone one day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fakes.heard_desk import numbered
from tests.fakes.polly_desk import desk
from tests.fakes.polly_service import VOICES, Voice, operations, words

pytestmark = pytest.mark.own_time

OWN = Voice("vc-0a1b-2c3d", "en-US", ("generative",))
TEXT = numbered(3)


@pytest.mark.noisy
async def test_it_reads_and_one_that_has_gone_is_told_and_another_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "VOICES", (*VOICES, OWN))
    async with desk(tmp_path) as d:
        assert await d.read(TEXT, voice=f"polly/{OWN.id}") == words(TEXT)
        assert set(d.voices) == {f"polly/{OWN.id}"}
        assert d.notices == []
        d.events.clear()
        monkeypatch.setattr(operations, "VOICES", VOICES)  # while Harken still has it in its list
        assert await d.read(TEXT, voice=f"polly/{OWN.id}") == words(TEXT)
        assert set(d.voices) == {"local/en"}
        (told,) = d.notices
        assert "does not accept this voice" in told


@pytest.mark.noisy
async def test_one_that_is_not_in_the_list_is_told_and_another_reads(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        assert await d.read(TEXT, voice=f"polly/{OWN.id}") == words(TEXT)
        assert f"polly/{OWN.id}" not in d.voices
        (told,) = d.notices
        assert f"There is no voice “polly/{OWN.id}” here" in told
        assert json.loads(next(tmp_path.glob("voices*.json")).read_text())
