"""What commands take of the processor, beside `python -c pass`: `python -m tests.bench.cold`.

By the processor's time, which a busy machine changes little, in turns. A Harken without display and sound runs
for those commands that ask one, and its bytecode is kept, as an installed one has it.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fakes import instance

_TIMES = 7
_PASS = [sys.executable, "-c", "pass"]
_HARKEN = [sys.executable, "-m", "ui.launch"]
_RUNNING = {
    "`harken stop`": ["stop"],
    "`harken status`": ["status"],
    "`harken speak --text hi`": ["speak", "--text", "hi"],
}
_ALONE = {
    "`harken speak --text hi --out F`": ["speak", "--text", "hi", "--out"],
    "`harken speak --text hi --engine espeak --out F`": ["speak", "--text", "hi", "--engine", "espeak", "--out"],
}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "runtime").mkdir(mode=0o700)
        os.environ |= {"HOME": folder, "XDG_RUNTIME_DIR": str(home / "runtime"), "HARKEN_AUDIO": "none"}
        os.environ |= {"PYTHONPYCACHEPREFIX": str(home / "bytecode")}
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        print("| command | CPU, ms: median | of `python -c pass` |\n| --- | --- | --- |")
        asyncio.run(_beside_a_running_one(home))
        _show({name: [*_HARKEN, *words, str(home / "out.wav")] for name, words in _ALONE.items()}, " alone")


async def _beside_a_running_one(home: Path) -> None:
    async with instance.running(home / "settings.toml"):
        commands = {name: [*_HARKEN, *words] for name, words in _RUNNING.items()}
        await asyncio.to_thread(_show, commands, ", one is running")


def _show(commands: dict[str, list[str]], where: str) -> None:
    found: dict[str, list[float]] = {}
    for turn in range(_TIMES + 1):
        for name, command in {"": _PASS, **commands}.items():
            spent_ms = _spent_ms(command)
            if turn:  # the first one makes the bytecode
                found.setdefault(name, []).append(spent_ms)
    least = statistics.median(found.pop(""))
    for name, times in found.items():
        median = statistics.median(times)
        print(f"| {name}{where} | {median:.0f} | {median / least:.1f} |", flush=True)


def _spent_ms(command: list[str]) -> float:
    """Of the command and all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


if __name__ == "__main__":
    main()
