"""What a minute of speech takes of the processor, at 1x and 3x: `python -m tests.bench.work`.

Of all of Harken's processes, beside espeak-ng's own program on the same text. Starting is not counted: it is the
difference between a long text and a short one, each made into a file.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path

from tests.bench.texts import TEXTS

_LONG, _SHORT = TEXTS["an article"] * 3, TEXTS["a sentence"]
_SPEEDS = (1, 3)
_ESPEAK_WPM = 175  # its own at 1x

# Makes a file of a text at a speed.
_Make = Callable[[str, int, Path], list[str]]


def _harken(voice: str) -> _Make:
    return lambda text, speed, out: [
        *(sys.executable, "-m", "ui.launch", "speak", "--text", text),
        *("--voice", voice, "--lang", "en", "--rate", str(speed), "--out", str(out)),
    ]


_PROGRAMS: dict[str, _Make] = {
    "espeak-ng": lambda text, speed, out: ["espeak-ng", "-s", str(_ESPEAK_WPM * speed), "-w", str(out), text],
    "Harken, eSpeak": _harken("espeak/en-us"),
    "Harken, neural": _harken("neural/heart"),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.work", description=__doc__)
    parser.add_argument("--times", type=int, default=2, help="how often (2)")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "runtime").mkdir(mode=0o700)
        os.environ |= {"HOME": folder, "XDG_RUNTIME_DIR": str(home / "runtime")}
        print("| CPU for a minute of speech, seconds, median | " + " | ".join(_PROGRAMS) + " |")
        print("| --- |" + " --- |" * len(_PROGRAMS))
        for speed in _SPEEDS:
            cells = [_a_minute(make, speed, home / "out.wav", times) for make in _PROGRAMS.values()]
            print(f"| at {speed}x | " + " | ".join(f"{cell:.2f}" for cell in cells) + " |", flush=True)


def _a_minute(make: _Make, speed: int, out: Path, times: int) -> float:
    found = []
    for _ in range(times):
        (long_cpu_s, long_s), (short_cpu_s, short_s) = (_spent(make(t, speed, out), out) for t in (_LONG, _SHORT))
        found.append((long_cpu_s - short_cpu_s) / (long_s - short_s) * 60)
    return statistics.median(found)


def _spent(command: list[str], out: Path) -> tuple[float, float]:
    """(CPU, what is heard), in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with wave.open(str(out)) as file:
        heard_s = file.getnframes() / file.getframerate()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, heard_s


if __name__ == "__main__":
    main()
