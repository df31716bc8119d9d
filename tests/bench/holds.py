"""What holds the loop longest: over all tests when they were run last, and over the texts of tests/nasty_texts.py.

The running Harken gets each of those twice: selected, with the key, and from the command line. It reads for a moment,
and the stop key follows. What was too long is measured twice more, as a machine may take the processor away in the
middle and its clock runs on: what Harken does itself, it does each time. `python -m tests.bench.holds` prints this.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from reader.support import holds
from tests.check import hold_folders
from tests.desktop.desk import Desk, wait_for
from tests.holds import LIMIT_MS, TABLE, Hold, Holds, table
from tests.nasty_texts import NASTY

_CHARS = 100_000
_SELECTED_CHARS = 1_000_000
_MOMENT_S = 0.4
_AGAIN = 2  # times


def over_tests() -> list[str]:
    """As lines: what the last `make test` has measured."""
    tables = [folder / TABLE for folder in hold_folders() if (folder / TABLE).exists()]
    if not tables:
        return ["no tests were run: `make test` measures them"]
    groups = [(path.parent.parent.name, path.read_text(encoding="utf-8").splitlines()) for path in tables]
    return [
        "; ".join(f"{name}: {lines[0]}" for name, lines in groups),
        *(line for _, lines in groups for line in lines[1:]),
    ]


def over_texts() -> list[str]:
    """As lines: what the texts do to a Harken of its own."""
    folder = Path(tempfile.mkdtemp(prefix="harken-holds-"))
    os.environ[holds.VARIABLE] = str(folder)
    measured = Holds(folder)
    with Desk() as desk:
        desk.start_harken()
        measured.look("start")
        for kind in NASTY:
            _measure(desk, measured, kind)
        first = list(measured.all)
        long = [hold for hold in first if hold.is_ours and not hold.excuse and hold.judged_ms >= LIMIT_MS]
        again = [
            _measure_again(desk, measured, kind)
            for kind in sorted({_kind(hold) for hold in long} & NASTY.keys())
            for _ in range(_AGAIN)
        ]
        assert desk.harken
        desk.end(desk.harken)
    return [*table(first), *(_compared(hold, again) for hold in long)]


def _kind(hold: Hold) -> str:
    return hold.where.rpartition(",")[0]


def _measure(desk: Desk, measured: Holds, kind: str) -> None:
    _select(desk, NASTY[kind](_SELECTED_CHARS))
    measured.look(f"{kind}, selected")
    _pipe(desk, NASTY[kind](_CHARS))
    measured.look(f"{kind}, piped")


def _measure_again(desk: Desk, measured: Holds, kind: str) -> list[Hold]:
    assert desk.harken
    desk.end(desk.harken)
    desk.start_harken()  # each process notes what took longer than ever in it
    measured.look("start")
    known = len(measured.all)
    _measure(desk, measured, kind)
    return measured.all[known:]


def _compared(hold: Hold, again: list[list[Hold]]) -> str:
    """What took `hold.judged_ms` once, and how long it took each time its text was read again."""
    times = [
        max((other.judged_ms for other in holds if other.what == hold.what), default=0.0)
        for holds in again
        if any(_kind(other) == _kind(hold) for other in holds)
    ]
    then = " and ".join(f"{ms:.1f} ms" if ms else "less than 1 ms" for ms in times) or "not measured again"
    return f"{hold.what} [{hold.where}]: {hold.judged_ms:.1f} ms, then {then}"


def _select(desk: Desk, text: str) -> None:
    """Have somebody own the selection, press the key, and stop after a moment."""
    path = desk.home / "selected.txt"
    path.write_bytes(text.encode("utf-8", "replace"))
    desk.call(["xclip", "-selection", "primary", "-in", str(path)])
    desk.keyboard.press("super+alt+r")
    _hear_a_moment(desk)


def _pipe(desk: Desk, text: str) -> None:
    """Have the command line read it, and stop after a moment."""
    speaking = subprocess.Popen(
        [*desk.program, "speak"], env=desk.env, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert speaking.stdin
    with contextlib.suppress(BrokenPipeError), speaking.stdin:  # it may be over before all is written
        speaking.stdin.write(text.encode("utf-8", "replace"))
    _hear_a_moment(desk)
    desk.harken_call("stop")
    speaking.wait(20)


def _hear_a_moment(desk: Desk) -> None:
    with contextlib.suppress(AssertionError, ValueError):  # it is still being searched, or has no word
        wait_for(lambda: any(r["event"] == "segment" for r in desk.records()), "a word", _MOMENT_S)
    desk.keyboard.press("super+alt+x")
    desk.quiet()
    desk.begin()


def main() -> int:
    """Print both, and return the exit code."""
    for title, lines in (("over all tests", over_tests()), ("over nasty texts", over_texts())):
        print(f"\n{title}: {lines[0]}\n")
        print("\n".join(lines[1:]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
