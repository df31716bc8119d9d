"""`harken --trace`: what the file says of a real reading, from a key to the first frame and to the end."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from reader.support.timeline import Stage
from tests.desktop.desk import Desk

READ = "super+alt+r"
TEXT = "Quizzical walruses yawn."
PROCESSES = {"harken", "neural", "audio"}
# What a press must come to, in this order; the voice's part has been done before it if the selection was prepared.
BEFORE = [Stage.PRESSED, Stage.KEY, Stage.KEY_IN_CORE, Stage.FOUND, Stage.BEGUN, Stage.VOICE_CHOSEN]
ASKED = [Stage.CUT, Stage.REQUEST, Stage.ASKED]
BY_VOICE = [Stage.AT_VOICE, Stage.PHONEMES, Stage.NET, Stage.PIECE]
AFTER = [Stage.SOUND, Stage.PLAYED, Stage.AT_OUTPUT, Stage.STARTED, Stage.BLOCK, Stage.FRAME]


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desk]:
    with Desk(tray=True) as made:
        made.program = [*made.program, "--trace", str(made.folder / "trace.json")]
        made.start_harken()
        made.program = made.program[:-2]
        made.harken_call("settings", "set", "reading.prepare", "off")
        yield made


def test_a_reading_is_told_stage_by_stage_on_one_clock_without_its_text(desk: Desk) -> None:
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    before_us = time.perf_counter_ns() / 1000
    desk.keyboard.press(READ)
    desk.wait_for_record("ended", whole=True)
    after_us = time.perf_counter_ns() / 1000
    assert desk.harken
    desk.end(desk.harken)

    written = (desk.folder / "trace.json").read_text()
    events = json.loads(written)
    assert not [word for word in (*TEXT.split(), "mousepad") if word.strip(".").lower() in written.lower()]

    named = {event["args"]["name"] for event in events if event["name"] == "process_name"}
    assert named == PROCESSES
    spans = [event for event in events if event["ph"] == "X"]
    whole, *parts, reading = spans
    assert whole["name"] == f"{Stage.PRESSED} to {Stage.FRAME}"
    expected = [*BEFORE[1:], *ASKED, *BY_VOICE, *AFTER]
    assert [part["name"] for part in parts] == [f"until {stage}" for stage in expected]
    assert all(before["ts"] + before["dur"] == pytest.approx(after["ts"], abs=1) for before, after in pairwise(parts))
    assert sum(part["dur"] for part in parts) == pytest.approx(whole["dur"], abs=100)
    # The X server's clock is the computer's, to some milliseconds; all others are exactly the test's own.
    assert before_us - 10_000 < whole["ts"]
    assert before_us < parts[1]["ts"] < reading["ts"] + reading["dur"] < after_us
    assert reading["name"] == f"until {Stage.ENDED}"


def test_the_command_line_traces_its_reading_too(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "speak.json"
    assert desk.harken_call("speak", "--text", TEXT, "--trace", str(path)) == 0
    written = path.read_text()
    assert "walrus" not in written
    assert _stages(json.loads(written)) >= {Stage.COMMAND, *ASKED, *BY_VOICE, *AFTER, Stage.ENDED}


def _stages(events: list[dict[str, Any]]) -> set[str]:
    return {event["name"] for event in events if event["ph"] == "i"}
