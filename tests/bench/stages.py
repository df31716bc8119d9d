"""Where the time from a key to the first frame goes, stage by stage: `python -m tests.bench.stages [--presses N]`.

It reads the file that `harken --trace` writes: each text is selected again and the key pressed, with and without what
was prepared, for each voice. A row is a stage (reader/support/timeline.py), a cell the median of what led to it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reader.support.timeline import Stage
from tests.bench.latency import ESPEAK, NEURAL, Program, press_and_hear, stop
from tests.bench.prepared import select
from tests.bench.texts import TEXTS
from tests.desktop.desk import Desk, missing

_WHOLE = f"{Stage.PRESSED} to {Stage.FRAME}"


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stages", description=__doc__)
    parser.add_argument("--presses", type=int, default=10, help="key presses of each (10)")
    presses = parser.parse_args().presses
    if lacking := missing():
        print("Install these first: " + ", ".join(lacking), file=sys.stderr)
        return 1
    for program in (ESPEAK, NEURAL):
        columns = {}
        for is_on, how in (("off", ""), ("on", ", prepared")):
            for text, spans in measure(program, is_on, presses).items():
                columns[f"{text.partition(',')[0]}{how}"] = spans
        _print(program.name, columns)
    return 0


def measure(program: Program, is_on: str, presses: int) -> dict[str, dict[str, list[float]]]:
    """{text: {what a span is called: ms of each press}}, of a Harken of its own."""
    with Desk(tray=True) as desk:
        trace = desk.folder / "trace.json"
        usual = desk.program
        desk.program = [*usual, "--trace", str(trace)]
        desk.start_harken()
        desk.program = usual
        desk.restart_texts()
        desk.harken_call("settings", "set", "reading.prepare", is_on)
        program.prepare(desk)
        for text in TEXTS.values():
            desk.open_text(text)
            for _ in range(presses):
                select(desk, text)
                press_and_hear(desk, program)
                stop(desk, program)
            desk.close_windows()
        assert desk.harken
        desk.end(desk.harken)
        return _by_text(trace, presses)


def _by_text(trace: Path, presses: int) -> dict[str, dict[str, list[float]]]:
    """The readings of the file, in the order in which they were: so many of each text."""
    readings = list(_readings(json.loads(trace.read_text())))
    assert len(readings) == presses * len(TEXTS), len(readings)
    found = {}
    for number, text in enumerate(TEXTS):
        spans: dict[str, list[float]] = {}
        for reading in readings[number * presses : (number + 1) * presses]:
            for name, ms in reading.items():
                spans.setdefault(name, []).append(ms)
        found[text] = spans
    return found


def _readings(events: Iterable[dict[str, Any]]) -> Iterable[dict[str, float]]:
    """Of each reading that a key has begun, its spans in ms."""
    reading: dict[str, float] = {}
    for event in events:
        if event["ph"] == "X":
            if event["name"] == _WHOLE:
                if reading:
                    yield reading
                reading = {}
            reading[event["name"]] = event["dur"] / 1000
    if reading:
        yield reading


def _print(title: str, columns: dict[str, dict[str, list[float]]]) -> None:
    names = [f"until {stage}" for stage in Stage if any(f"until {stage}" in spans for spans in columns.values())]
    print(f"\n| {title}: ms, median | " + " | ".join(columns) + " |")
    print("| --- " * (len(columns) + 1) + "|")
    for name in [*(name for name in names if name != f"until {Stage.ENDED}"), _WHOLE]:
        cells = [f"{statistics.median(spans[name]):.1f}" if name in spans else "–" for spans in columns.values()]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
