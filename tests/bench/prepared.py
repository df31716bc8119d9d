"""What it brings and costs to prepare each selection: `python -m tests.bench.prepared`, in some five minutes.

Key to first sound with and without, beside the script, in one run on one desktop, and of a new selection that is made
while something is read; the CPU that a selection costs, over all of Harken's processes; and what a hundred selections
cost that are made by dragging.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

from tests.bench import footprint, script
from tests.bench.latency import ESPEAK, NEURAL, PROGRAMS, SCRIPT, Program, Times, interruptions, press_and_hear, stop
from tests.bench.texts import TEXTS
from tests.desktop.desk import Desk, missing, wait_for

_SETTLED_S = 0.5
_DRAGGED = 100


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.prepared", description=__doc__)
    parser.add_argument("--presses", type=int, default=10, help="key presses a row (10)")
    presses = parser.parse_args().presses
    if lacking := missing():
        print("Install these first: " + ", ".join(lacking), file=sys.stderr)
        return 1
    with Desk(tray=True) as desk:
        script.install(desk)
        desk.start_harken()
        desk.restart_texts()
        print(
            "| key to first sound, ms, median / 95th percentile | script | eSpeak | ratio | eSpeak, prepared | ratio |",
            end="",
        )
        print(" neural | ratio | neural, prepared | ratio |\n" + "| --- " * 10 + "|")
        for name, text in TEXTS.items():
            print(f"| {name} | " + " | ".join(_row(desk, text, presses)) + " |", flush=True)
        _print_interruptions(desk, presses)
        _print_costs(desk, presses)
    return 0


def _row(desk: Desk, text: str, presses: int) -> list[str]:
    desk.open_text(text)
    base = _times(desk, text, SCRIPT, presses)
    cells = [str(base)]
    for program in (ESPEAK, NEURAL):
        for is_on in ("off", "on"):
            desk.harken_call("settings", "set", "reading.prepare", is_on)
            found = _times(desk, text, program, presses)
            cells += [str(found), f"{found.median / base.median:.2f}"]
    desk.close_windows()
    return cells


def _times(desk: Desk, text: str, program: Program, presses: int) -> Times:
    program.prepare(desk)
    found = Times()
    for _ in range(presses):
        select(desk, text)
        found.ms.append(press_and_hear(desk, program))
        stop(desk, program)
    return found


def select(desk: Desk, text: str) -> None:
    """Anew, and let what follows from it come to its end."""
    desk.keyboard.press("Home")
    desk.select_all(text)
    _pass(_SETTLED_S)


def _pass(seconds: float) -> None:
    begun_s = time.monotonic()
    wait_for(lambda: time.monotonic() - begun_s > seconds, "time to pass", 2 * seconds + 1)


def _print_interruptions(desk: Desk, presses: int) -> None:
    print("\n| a new selection is read instead, ms | script | eSpeak, prepared | ratio | neural, prepared | ratio |")
    print("| --- " * 6 + "|")
    found = interruptions(desk, presses, _SETTLED_S)
    for row, what in enumerate(("the old voice is silent", "the new voice is heard")):
        times = [found[program.name][row] for program in PROGRAMS]
        ratios = [f"{each} | {each.median / times[0].median:.2f}" for each in times[1:]]
        print(f"| {what} | {times[0]} | {' | '.join(ratios)} |", flush=True)


def _print_costs(desk: Desk, times: int) -> None:
    assert desk.harken
    pid = desk.harken.pid
    text = TEXTS["an article"]
    desk.open_text(text)
    print("\n| an article is selected: CPU of all of Harken's processes | ms, median / most | wake-ups |")
    print("| --- | --- | --- |")
    for name, program, is_on in (
        ("nothing is prepared", ESPEAK, "off"),
        ("eSpeak", ESPEAK, "on"),
        ("neural", NEURAL, "on"),
    ):
        desk.harken_call("settings", "set", "reading.prepare", is_on)
        program.prepare(desk)
        spent_ms, wake_ups = [], []
        for _ in range(times):
            desk.keyboard.press("Home")
            _pass(_SETTLED_S)
            before = footprint.spent(pid)
            desk.keyboard.press("ctrl+a")
            _pass(_SETTLED_S)
            after = footprint.spent(pid)
            spent_ms.append((after[0] - before[0]) * 1000)
            wake_ups.append(after[1] - before[1])
        cells = f"{statistics.median(spent_ms):.1f} / {max(spent_ms):.1f} | {statistics.median(wake_ups):.0f}"
        print(f"| {name} | {cells} |", flush=True)
    before = footprint.spent(pid)
    for _ in range(_DRAGGED):
        desk.keyboard.press("shift+Left")
    dragged = footprint.spent(pid)
    print(
        f"| neural, {_DRAGGED} selections without a pause, together | {(dragged[0] - before[0]) * 1000:.1f} | ", end=""
    )
    print(f"{dragged[1] - before[1]} |")


if __name__ == "__main__":
    sys.exit(main())
