"""What is recorded of events, a line each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reader.core.record import Recorder
from reader.core.voice_downloads import VoiceDownloading
from reader.core.voice_offer import VoiceOffered
from reader.flow import Event, Notice


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (Notice(0, "Sound is back."), "notice"),
        (VoiceOffered(0, "fr", 60_000_000), "VoiceOffered"),
        (VoiceDownloading(0, "fr-voice", 10), "VoiceDownloading"),
    ],
)
def test_every_record_says_of_which_kind_it_is(event: Event, kind: str, tmp_path: Path) -> None:
    record = Recorder(str(tmp_path / "record.jsonl"), pytest.fail)
    record(event)
    record.close()
    assert json.loads((tmp_path / "record.jsonl").read_text("utf-8"))["event"] == kind
