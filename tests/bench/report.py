"""All benches in one report: `make bench`, or some of them: `make bench PARTS="keys text"`, `make bench QUICK=1`.

Each part is a bench that can be run by itself. What it prints goes into report.md as it is, its figures into
report.json, and its tables into pictures (docs/bench/). A part that fails or takes too long is named in the report, and
the others are run all the same; all of them together end within 25 minutes.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reader.support import files
from tests.bench.tables import plot, tables

_ROOT = Path(__file__).parents[2]
_ALL_S = 24 * 60.0
_END_S = 20.0  # for a part to tidy up


@dataclass(frozen=True)
class Part:
    """A bench: what it tells, its module, and what it is told; with `quick` it is a quick look."""

    title: str
    module: str
    arguments: Sequence[str] = ()
    quick: Sequence[str] = ()


PARTS = {
    "keys": Part(
        "Key to sound, stop, new selection, start, idle, memory, beside the script",
        "tests.bench",
        ("--presses", "8"),
        ("--presses", "1"),
    ),
    "prepared": Part(
        "Key to sound with and without a prepared selection",
        "tests.bench.prepared",
        ("--presses", "8"),
        ("--presses", "1"),
    ),
    "stages": Part(
        "Where the time from the key to the first frame goes",
        "tests.bench.stages",
        ("--presses", "6"),
        ("--presses", "1"),
    ),
    "work": Part("What a minute of speech takes of the processor", "tests.bench.work", (), ("--times", "1")),
    "cold": Part("What commands take", "tests.bench.cold"),
    "text": Part("The text stage, and memory as the text grows", "tests.bench.text"),
    "speechd": Part("Beside speech-dispatcher's eSpeak NG", "tests.bench.speechd"),
    "added": Part(
        "An added voice beside piper-tts",
        "tests.bench.added_voices",
        ("--readings", "5"),
        ("--times", "1", "--readings", "1"),
    ),
    "polly": Part("Polly's stand-in beside the official SDK", "tests.bench.polly"),
}


@dataclass(frozen=True)
class Outcome:
    """What a part has printed, how long it took, and why it is not whole, "" if it is."""

    printed: str
    seconds: float
    problem: str


def main() -> int:
    """Run the parts, write the report, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.report", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (all)")
    parser.add_argument("--quick", action="store_true", help="a look at whether it works: figures of one press each")
    parser.add_argument("--out", type=Path, default=_ROOT / "docs" / "bench", help="the folder (docs/bench)")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    until_s = time.monotonic() + _ALL_S
    outcomes = {}
    for name in options.parts or PARTS:
        print(f"## {PARTS[name].title}\n", flush=True)
        outcomes[name] = outcome = run(PARTS[name], quick=options.quick, limit_s=until_s - time.monotonic())
        print(f"\n{outcome.problem or 'done'}, {outcome.seconds:.0f} s\n", flush=True)
    write(options.out, outcomes)
    print(f"Written to {options.out}.")
    return int(any(outcome.problem for outcome in outcomes.values()))


def run(part: Part, *, quick: bool, limit_s: float) -> Outcome:
    """Run a bench, show what it prints, and end it when its time is over."""
    if limit_s <= _END_S:
        return Outcome("", 0.0, "not run: the time was over")
    command = [sys.executable, "-m", part.module, *(part.quick if quick else part.arguments)]
    began_s, printed, problem = time.monotonic(), "", ""
    process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        printed, _ = process.communicate(timeout=limit_s - _END_S)
        problem = f"ended with {process.returncode}" if process.returncode else ""
    except subprocess.TimeoutExpired:
        problem = "not whole: it took too long"
        printed = _end(process)
    except BaseException:  # whoever runs this has ended it
        _end(process)
        raise
    print(printed, end="", flush=True)
    return Outcome(printed, time.monotonic() - began_s, problem)


def _end(process: subprocess.Popen[str]) -> str:
    """End a bench, which ends what it has started. Returns what it has printed."""
    process.send_signal(signal.SIGINT)
    try:
        return process.communicate(timeout=_END_S)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0]


def write(folder: Path, outcomes: dict[str, Outcome]) -> None:
    """Put the report, its figures and its pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    load = os.getloadavg()[2]
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    lines = [
        "# Bench\n",
        f"`make bench` writes this: {date}, {machine}; load of the last quarter of an hour {load:.1f}.",
        "Compare the ratios, since the absolute values are this machine's. Bars are medians; the thin line goes on to",
        "the 95th percentile where there is one. [report.json](report.json) has all figures.\n",
    ]
    data: dict[str, Any] = {"date": date, "machine": machine, "load": load, "parts": {}}
    for name, outcome in outcomes.items():
        part = PARTS[name]
        lines.append(f"## {part.title}\n")
        lines.append(f"`{' '.join(['python -m', part.module, *part.arguments])}`, {outcome.seconds:.0f} s\n")
        lines += [f"**This part is {outcome.problem}.**\n"] if outcome.problem else []
        lines.append(outcome.printed.strip() + "\n")
        found = tables(outcome.printed)
        for number, table in enumerate(found, 1):
            title = f"{part.title}{f' ({number})' if number > 1 else ''}"
            if picture := plot(title, table):
                files.write_text(folder / f"{name}-{number}.svg", picture)
                lines.append(f"![{title}]({name}-{number}.svg)\n")
        data["parts"][name] = {
            "seconds": round(outcome.seconds, 1),
            "problem": outcome.problem,
            "tables": [{"columns": table.columns, "rows": table.records()} for table in found],
        }
    files.write_text(folder / "report.md", "\n".join(lines))
    files.write_text(folder / "report.json", json.dumps(data, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
