"""Prints the figures of the README: `python -m tests.bench`. Takes some ten minutes; `--presses 3` is a quick look.

Everything is measured in one run on one machine, Harken beside the script that a Linux user would write
today, so that the ratios mean something; the milliseconds are this machine's.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
from collections.abc import Sequence

from tests.bench import footprint, holds, latency, script
from tests.bench.texts import TEXTS
from tests.desktop.desk import Desk, missing

_STARTS = 5
_IDLE_S = 20.0
_WATCH_S = 20.0


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--presses", type=int, default=20, help="key presses a row (20)")
    presses = parser.parse_args().presses
    if lacking := missing():
        print("Install these first: " + ", ".join(lacking), file=sys.stderr)
        return 1
    with Desk(tray=True) as desk:
        script.install(desk)
        starts = [_start(desk) for _ in range(_STARTS)]
        idle = footprint.idle(desk, _IDLE_S)
        assert desk.harken
        fresh = footprint.memory_mb(desk.harken.pid)
        sounds, stops = latency.key_to_sound(desk, presses)
        focus = latency.focus_to_sound(desk, presses)
        changes = latency.interruptions(desk, presses)
        floor = latency.floor(desk, presses)
        used = footprint.memory_mb(desk.harken.pid)
        footprint.stop(desk)
        _print_latency(presses, sounds, focus, stops, changes, floor)
        _print_footprint(starts, idle, fresh, used)
        _print_command_line(desk)
    print()
    return holds.main()


def _start(desk: Desk) -> tuple[float, float, float]:
    if desk.harken:
        footprint.stop(desk)
    return footprint.start_up(desk)


def _print_latency(
    presses: int,
    sounds: dict[str, dict[str, latency.Times]],
    focus: dict[str, latency.Times],
    stops: dict[str, latency.Times],
    changes: dict[str, tuple[latency.Times, latency.Times]],
    floor: latency.Times,
) -> None:
    print(f"{presses} presses a row, milliseconds, median / 95th percentile, and the ratio of the medians.")
    print(f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}.\n")
    header = ["", "script: xsel \\| espeak-ng", "Harken, eSpeak", "ratio", "Harken, neural", "ratio"]
    rows = [[f"key to first sound: {text}", *_compared(found)] for text, found in sounds.items()]
    word = {latency.SCRIPT.name: next(iter(sounds.values()))[latency.SCRIPT.name]}
    rows.append(["Tab to first sound of the control, beside the script's key for a text", *_compared(word | focus)])
    rows.append(["stop key to silence", *_compared(stops)])
    for i, what in enumerate(("new selection: old voice silent", "new selection: new voice heard")):
        rows.append([what, *_compared({name: pair[i] for name, pair in changes.items()})])
    rows.append(["floor of the measurement: a player killed", str(floor), "", "", "", ""])
    _print_table(header, rows)
    recognised = ", ".join(f"{name} {len(new.ms)}" for name, (_, new) in changes.items())
    print(f"\nChanges recognised in the recording, of {presses}: {recognised}.\n")


def _compared(found: dict[str, latency.Times]) -> list[str]:
    base, *others = (found[program.name] for program in latency.PROGRAMS)
    cells = [str(base)]
    for other in others:
        ratio = f"{other.median / base.median:.2f}" if other.ms and base.ms and base.median else "–"
        cells += [str(other), ratio]
    return cells


def _print_footprint(
    starts: Sequence[tuple[float, float, float]], idle: footprint.Idle, fresh: dict[str, float], used: dict[str, float]
) -> None:
    keys, ready, warm = (statistics.median(times) for times in zip(*starts, strict=True))
    rows = [
        ["start to keys taken, warm disk", f"{keys:.2f} s"],
        ["start to commands taken, too", f"{ready:.2f} s"],
        ["start to all voices ready", f"{warm:.2f} s"],
        [f"idle for {_IDLE_S:.0f} s: CPU", f"{idle.cpu_percent:.3f} %"],
        ["idle: wake-ups, all processes", f"{idle.wake_ups:.1f} a second"],
        ["memory (PSS) when started", _memory(fresh)],
        ["memory after all the readings above", _memory(used)],
    ]
    _print_table(["Harken in the tray", ""], rows)


def _memory(by_kind: dict[str, float]) -> str:
    parts = ", ".join(f"{kind} {size:.0f}" for kind, size in sorted(by_kind.items()))
    return f"{sum(by_kind.values()):.0f} MB ({parts})"


def _print_command_line(desk: Desk) -> None:
    rows = []
    for name in ("a sentence", "a book, 200 KB"):
        path = desk.home / "text.txt"
        path.write_text(TEXTS[name], encoding="utf-8")
        spoken = footprint.speak(desk, path, _WATCH_S)
        later = f"{spoken.late_mb:.0f} MB" if spoken.late_mb else "it is over"
        memory = f"{spoken.early_mb:.0f} MB, {_WATCH_S:.0f} s later {later}"
        rows.append([f"`harken speak`, {name}", f"{spoken.first_sound_s:.2f} s", memory])
    written = footprint.write(desk, path)
    rows.append(
        ["`harken speak --out`, the book", f"{written.times_real_time:.0f}× real time", f"{written.peak_mb:.0f} MB"]
    )
    print()
    _print_table(["without the tray app", "start to first sound", "memory (PSS)"], rows)


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in (header, ["---"] * len(header), *rows):
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
