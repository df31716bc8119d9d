"""Fuzzes every parser of foreign bytes, guided by coverage: `make fuzz`.

    python -m tests.fuzz [--seconds N] [--jobs N] [--keep] [TARGET ...]

Each target runs in a process of its own (atheris, which is libFuzzer) for so many seconds, beginning with the kept
corpus. An input that raises, crashes, takes a minute or 2 GB is a finding: it is left in build/fuzz, and named. With
--keep what reached new code joins the corpus, and so should every finding once it is mended:
tests/unit/test_fuzz_corpus.py runs the corpus in every test run.
"""

from __future__ import annotations

import argparse
import importlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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
    if options.one:
        return _fuzz(options.one, options.targets)
    wanted = options.targets or corpus.names()
    if unknown := set(wanted) - set(corpus.names()):
        print(f"fuzz: no such target: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda name: _run(name, options.seconds, is_kept=options.keep), wanted))
    print(f"fuzz: {sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default: 60)")
    parser.add_argument("--jobs", type=int, default=2, help="targets at once (default: 2)")
    parser.add_argument("--keep", action="store_true", help="let what reached new code join the corpus")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(name: str, seconds: int, *, is_kept: bool) -> bool:
    """Fuzz one target in a process of its own. Whether nothing was found."""
    folder = _FOLDER / name
    found = folder / "found"
    found.mkdir(parents=True, exist_ok=True)
    corpus.write_out(name, folder / "corpus")
    arguments = [f"-max_total_time={seconds}", "-print_final_stats=1", f"-artifact_prefix={folder}/", *_LIMITS]
    done = _child(name, [*arguments, str(found), str(folder / "corpus")])
    (folder / "log.txt").write_text(done.stderr, "utf-8")
    count = _COUNT.search(done.stderr)
    is_clean = done.returncode == 0 and count is not None
    print(f"--- {name}: {int(count[1]) if count else 0:,} inputs, {'clean' if is_clean else 'FOUND'}", flush=True)
    if not is_clean:
        print("\n".join(done.stderr.splitlines()[-40:]), flush=True)
    elif is_kept:
        corpus.keep(name, found, _KEPT_INPUTS, _KEPT_BYTES)
    return is_clean


def _child(name: str, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.fuzz", "--one", name, "--", *arguments]
    return subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
    )


def _fuzz(name: str, arguments: list[str]) -> int:
    """In the child: libFuzzer takes over and ends the process."""
    import atheris

    with atheris.instrument_imports(include=_WATCHED):
        targets = importlib.import_module("tests.fuzz.targets")
    atheris.Setup([sys.argv[0], *arguments], targets.TARGETS[name])
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
