"""The timeline: what is made of marks, what a child process can put into it, and where it can't be written."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.cli.main import main
from reader.core.trace import tracing
from reader.support import timeline
from reader.support.timeline import Mark, Stage
from reader.support.trace_events import TraceEvents
from reader.workers import frames

OWN, VOICE, SOUND = 1, 2, 3
NAMES = {OWN: "harken", VOICE: "neural", SOUND: "audio"}


@pytest.fixture
def collecting() -> Iterator[None]:
    timeline.collect()
    yield
    timeline.stop()


def mark(stage: Stage, at_ms: float, number: int = 0, process: int = OWN) -> Mark:
    return Mark(stage, round(at_ms * 1e6), number, process, NAMES[process], process, "MainThread")


def press(at_ms: float) -> list[Mark]:
    return [mark(Stage.KEY, at_ms), mark(Stage.KEY_IN_CORE, at_ms + 1), mark(Stage.FOUND, at_ms + 2)]


def reading(number: int, at_ms: float) -> list[Mark]:
    """From its beginning to its end; what other processes have marked comes late."""
    return [
        *(mark(Stage.BEGUN, at_ms, number), mark(Stage.CUT, at_ms + 1, number), mark(Stage.ASKED, at_ms + 2, number)),
        *(mark(Stage.SOUND, at_ms + 5, number), mark(Stage.PLAYED, at_ms + 6, number)),
        *(mark(Stage.NET, at_ms + 4, process=VOICE), mark(Stage.AT_VOICE, at_ms + 3, 7, VOICE)),
        *(mark(Stage.FRAME, at_ms + 9, process=SOUND), mark(Stage.AT_OUTPUT, at_ms + 8, process=SOUND)),
        mark(Stage.ENDED, at_ms + 100, number),
    ]


def spans(marks: list[Mark]) -> list[str]:
    events = TraceEvents(OWN)
    made = [*events.add(marks), *events.end()]
    return [event["name"].removeprefix("until ") for event in made if event["ph"] == "X"]


LED = [Stage.KEY_IN_CORE, Stage.FOUND, Stage.BEGUN]
STAGES = [Stage.CUT, Stage.ASKED, Stage.AT_VOICE, Stage.NET, Stage.SOUND, Stage.PLAYED, Stage.AT_OUTPUT, Stage.FRAME]


def test_each_stage_of_a_reading_is_as_long_as_it_took() -> None:
    events = TraceEvents(OWN)
    made = [*events.add(press(10) + reading(1, 13)), *events.end()]
    whole, *parts, ended = [event for event in made if event["ph"] == "X"]
    assert (whole["name"], whole["ts"], whole["dur"]) == ("key at Harken to first frame heard", 10_000, 12_000)
    assert [part["name"] for part in parts] == [f"until {stage}" for stage in (*LED, *STAGES)]
    assert sum(part["dur"] for part in parts) == whole["dur"]
    assert (ended["name"], ended["dur"]) == ("until reading ended", 91_000)


def test_a_reading_that_another_one_follows_keeps_its_stages_and_not_its_key() -> None:
    marks = press(10) + reading(1, 13) + press(200) + reading(2, 203)
    first = ["key at Harken to first frame heard", *LED, *STAGES, Stage.ENDED]
    assert spans(marks) == first + first


def test_a_reading_without_a_key_has_none_of_an_earlier_command() -> None:
    stop = [mark(Stage.KEY, 200), mark(Stage.KEY_IN_CORE, 5001), mark(Stage.FOUND, 5002)]  # stop, and then the menu
    assert spans(press(10) + reading(1, 13) + stop + reading(2, 5003))[len(LED) + len(STAGES) + 2 :] == [
        *("key at the core to first frame heard", Stage.FOUND, Stage.BEGUN, *STAGES, Stage.ENDED)
    ]


def test_of_a_prepared_reading_the_voice_s_part_is_not_counted() -> None:
    marks = [
        *press(10),
        *(mark(Stage.BEGUN, 13, 1), mark(Stage.CUT, 14, 1), mark(Stage.PREPARED, 15, 1), mark(Stage.ASKED, 16, 1)),
        *(mark(Stage.AT_VOICE, 16.5, 8, VOICE), mark(Stage.SOUND, 17, 1)),
    ]
    assert spans(marks)[1:] == [*LED, Stage.CUT, Stage.PREPARED, Stage.SOUND]


def test_nothing_is_marked_while_nobody_collects() -> None:
    timeline.mark(Stage.CUT, 1)
    timeline.take_over([["segment cut", 1, 1, 1, "x", 1, "x"]], 2, "neural")
    assert timeline.take() == []


@pytest.mark.usefixtures("collecting")
def test_a_child_sends_its_marks_with_what_it_has_to_say_anyway() -> None:
    timeline.mark(Stage.NET, 3)
    read, write = os.pipe()
    frames.write(write, 1, b"sound")
    frames.write(write, 1, {"is": "done"})
    frames.write(write, 1, {"is": "done"})
    sound, first, second = (frame for frame in (frames.read(read), frames.read(read), frames.read(read)) if frame)
    os.close(read)
    os.close(write)
    assert sound.body == b"sound"
    timeline.take_over(first.json()[frames.MARKS], 99, "neural")
    (found,) = timeline.take()
    assert (found.stage, found.number, found.process, found.process_name) == (Stage.NET, 3, 99, "neural")
    assert second.json() == {"is": "done"}


@pytest.mark.usefixtures("collecting")
@pytest.mark.parametrize(
    "found",
    [
        *(None, "net's answer", [1], [[]], {"a": 1}, [["secret", 1, 1, 1, "x", 1, "x"]]),
        *([["segment cut", "secret", 1, 1, "x", 1, "x"]], [["segment cut", 1, 1, 1, "x", 1, "x", "secret"]]),
        [["segment cut", 1, "secret", 1, "x", 1, "x"]],
    ],
)
def test_what_is_no_mark_is_left_out(found: object) -> None:
    timeline.take_over(found, 99, "neural")
    assert timeline.take() == []


def test_where_no_file_can_be_the_user_is_told_and_nothing_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def start_tray() -> int:
        raise AssertionError

    assert main(["--trace", str(tmp_path)], start_tray) == 1
    assert "The timeline can't be written to" in capsys.readouterr().err
    assert not timeline.is_collecting()


def test_the_file_is_whole_also_without_a_reading(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    with tracing(str(path)):
        assert timeline.is_collecting()
    assert [event["name"] for event in json.loads(path.read_text()) if event["ph"] == "i"] == [Stage.COMMAND]
    assert not timeline.is_collecting()
