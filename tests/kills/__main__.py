"""The whole: `python -m tests.kills [--seed N] [--sentences 300] [--kills 200] [MODE …]`. Takes an hour.

Prints a line a mode, and fails with the first that lost something. Where none of the processes is there at a moment,
nobody is killed, so some modes take more moments (`--kills 400`) for as many kills.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests import kills
from tests.desktop.desk import desk
from tests.kills import Outcome, aloud, polly

_FORMATS = {"pcm": "pcm", "mp3": "mp3", "ogg": "ogg_vorbis"}
_PROGRAM = [sys.executable, "-m", "ui.launch"]


def _sentences(count: int) -> list[str]:
    """For two voices, five by turns."""
    pairs = zip(kills.english(count), kills.german(count), strict=True)
    return [english if i // 5 % 2 == 0 else german for i, (english, german) in enumerate(pairs)]


def _file(count: int, ends: int, seed: int) -> Outcome:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with tempfile.TemporaryDirectory() as name:
        folder, sentences = Path(name), kills.english(count)
        _, whole = kills.write_file(sentences, folder, _PROGRAM, env, kills=0, seed=seed, name="whole")
        outcome, found = kills.write_file(sentences, folder, _PROGRAM, env, kills=ends, seed=seed, name="killed")
    assert outcome.voices != {"neural/heart"} or found == whole, "the file is another"
    return outcome


def _aloud(act: Callable[..., Outcome], *, with_tray: bool = True, **more: int) -> Callable[[int, int, int], Outcome]:
    def run(count: int, ends: int, seed: int) -> Outcome:
        with desk() as made:
            if with_tray:
                made.start_harken()
            return act(made, _sentences(count), kills=ends, seed=seed, **more)

    return run


def _polly(output_format: str) -> Callable[[int, int, int], polly.Outcome]:
    def run(count: int, ends: int, seed: int) -> polly.Outcome:
        with tempfile.TemporaryDirectory() as name:
            return asyncio.run(polly.read(Path(name), output_format, count, kills=ends, seed=seed, pace=3.0))

    return run


def _polly_file(output_format: str) -> Callable[[int, int, int], Outcome]:
    def run(count: int, ends: int, seed: int) -> Outcome:
        with tempfile.TemporaryDirectory() as name:
            return polly.into_file(Path(name), output_format, kills.english(count), kills=ends, seed=seed, pace=10.0)

    return run


def _polly_aloud(output_format: str) -> Callable[[int, int, int], Outcome]:
    def run(count: int, ends: int, seed: int) -> Outcome:
        with desk() as made:
            return polly.aloud(made, output_format, kills.english(count), kills=ends, seed=seed)

    return run


_MODES: dict[str, Callable[[int, int, int], Outcome | polly.Outcome]] = {
    "file": _file,
    "alone": _aloud(aloud.alone, with_tray=False),
    "tray": _aloud(aloud.through_tray),
    "paused": _aloud(aloud.through_tray, pauses=40),
    "interrupting": _aloud(aloud.interrupting),
    "polly-mp3": _polly("mp3"),
    "polly-ogg": _polly("ogg_vorbis"),
    **{f"polly-file-{name}": _polly_file(made) for name, made in _FORMATS.items()},
    **{f"polly-aloud-{name}": _polly_aloud(made) for name, made in _FORMATS.items()},
}


def main() -> int:
    """Run what is asked for and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sentences", type=int, default=300)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("modes", nargs="*", metavar="MODE", help=", ".join(_MODES))
    options = parser.parse_args()
    for mode in options.modes or _MODES:
        outcome = _MODES[mode](options.sentences, options.kills, options.seed)
        print(f"{mode}: {outcome}", flush=True)
        outcome.check()
    return 0


if __name__ == "__main__":
    sys.exit(main())
