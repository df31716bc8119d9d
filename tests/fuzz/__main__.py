"""Fuzzes every parser of foreign bytes, guided by coverage: `make fuzz`.

    python -m tests.fuzz [--seconds N] [--jobs N] [--seed N] [--keep] [TARGET ...]

Each target runs in a process of its own (atheris, which is libFuzzer) for so many seconds, beginning with the kept
corpus. Importing the code so that it is watched takes 8 s: it is done once, and the processes are forked. An input
that raises, crashes, takes a minute or 2 GB is a finding: it is left in build/fuzz, and named. With --keep what reached
new code joins the corpus, and so should every finding once it is mended: tests/unit/test_fuzz_corpus.py runs the corpus
in every test run.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import os
import re
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from tests.fuzz import corpus

_FOLDER = Path("build") / "fuzz"
# The packages whose code is watched for coverage: ours, and the parsers it hands foreign bytes to.
_WATCHED = ["reader", "h2", "hpack", "hyperframe", "h11", "tomlkit", "email"]
# In seconds of wall time, of which a busy machine may give a process little: what hangs is found all the same.
_LIMITS = ["-timeout=60", "-rss_limit_mb=2048", "-max_len=4096"]
# What one corpus keeps, the shortest first: enough to begin with, and quick to run in every test.
_KEPT_INPUTS, _KEPT_BYTES = 60, 20_000
_COUNT = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


def main() -> int:
    """Fuzz what is asked for and return the exit code: 1 if there was a finding."""
    options = _options()
    wanted = options.targets or corpus.names()
    if unknown := set(wanted) - set(corpus.names()):
        print(f"fuzz: no such target: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    results = _run(wanted, options)
    print(f"fuzz: {sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default: 60)")
    parser.add_argument("--jobs", type=int, default=2, help="targets at once (default: 2)")
    parser.add_argument(
        "--seed", type=int, default=0, help="1 or more: begin as every time (default: as no other time)"
    )
    parser.add_argument("--keep", action="store_true", help="let what reached new code join the corpus")
    return parser.parse_args()


def _run(names: Sequence[str], options: argparse.Namespace) -> list[bool]:
    """Fuzz each target in a process of its own. Of each, whether nothing was found."""
    targets = _watched()
    waiting, running = deque(names), dict[int, str]()
    results = []
    while waiting or running:
        while waiting and len(running) < options.jobs:
            name = waiting.popleft()
            running[_start(name, targets[name], options)] = name
        process, status = os.wait()
        results.append(_report(running.pop(process), os.waitstatus_to_exitcode(status), is_kept=options.keep))
    return results


def _watched() -> dict[str, Any]:
    """The targets, with all they call imported so that atheris sees where an input leads; it names every module."""
    import atheris

    with contextlib.redirect_stderr(io.StringIO()), atheris.instrument_imports(include=_WATCHED):
        found: dict[str, Any] = importlib.import_module("tests.fuzz.targets").TARGETS
    return found


def _start(name: str, target: Any, options: argparse.Namespace) -> int:
    """Begin to fuzz a target. Returns the number of its process."""
    folder = _FOLDER / name
    found = folder / "found"
    found.mkdir(parents=True, exist_ok=True)
    corpus.write_out(name, folder / "corpus")
    arguments = [
        f"-max_total_time={options.seconds}",
        f"-seed={options.seed}",
        "-print_final_stats=1",
        f"-artifact_prefix={folder}/",
        *_LIMITS,
    ]
    sys.stdout.flush()
    process = os.fork()
    if not process:
        _fuzz(target, [*arguments, str(found), str(folder / "corpus")], folder / "log.txt")
    return process


def _fuzz(target: Any, arguments: list[str], log: Path) -> NoReturn:
    """In the child: libFuzzer takes over and ends the process, by an exit at which it keeps what it has found."""
    import atheris

    nothing = os.open(os.devnull, os.O_RDWR)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for number, to in enumerate((nothing, written, written)):
        os.dup2(to, number)
    atheris.Setup([sys.argv[0], *arguments], target)
    atheris.Fuzz()
    sys.exit()


def _report(name: str, code: int, *, is_kept: bool) -> bool:
    """Say what became of a target. Whether nothing was found."""
    folder = _FOLDER / name
    log = (folder / "log.txt").read_text("utf-8", errors="replace")
    count = _COUNT.search(log)
    is_clean = code == 0 and count is not None
    print(f"--- {name}: {int(count[1]) if count else 0:,} inputs, {'clean' if is_clean else 'FOUND'}", flush=True)
    if not is_clean:
        print("\n".join(log.splitlines()[-40:]), flush=True)
    elif is_kept:
        corpus.keep(name, folder / "found", _KEPT_INPUTS, _KEPT_BYTES)
    return is_clean


if __name__ == "__main__":
    sys.exit(main())
