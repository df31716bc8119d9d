"""A desktop's own key with `harken-key` behind it: `python -m tests.bench.desktop_key [FOLDER]`.

How long `harken-key` takes, beside `true` and the command itself; and from such a key, taken by xbindkeys, to the first
sound, beside Harken's own key in the same run. FOLDER has the frozen `harken` and `harken-key` (build/bundle/harken);
without it they are the checkout's.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.bench import latency
from tests.bench.latency import ESPEAK, Program, Times
from tests.bench.texts import TEXTS
from tests.desktop.desk import Desk, wait_for

ROOT = Path(__file__).parents[2]
_RUNS = 40
_PRESSES = 20
_KEYS = '"{program} read"\n  Shift + F9\n"{program} stop"\n  Shift + F10\n'


def main() -> int:
    """Measure, print, and return the exit code."""
    with Desk(tray=True) as desk:
        folder = Path(sys.argv[1]).absolute() if sys.argv[1:] else _checkout(desk)
        if sys.argv[1:]:
            del desk.env["PYTHONPATH"]
            desk.program = [str(folder / "harken")]
        desk.start_harken()
        _print("| what, in milliseconds | median / 95th percentile | fastest |", "| --- | --- | --- |")
        for name, times in _commands(desk, folder).items():
            _print(f"| {name} | {times.median:.1f} / {times.p95:.1f} | {min(times.ms):.1f} |")
        for name, times in _keys(desk, folder).items():
            _print(f"| key to first sound, a sentence, eSpeak: {name} | {times} | {min(times.ms):.0f} |")
    return 0


def _checkout(desk: Desk) -> Path:
    """A folder that has both as an installation has."""
    folder = desk.home / "programs"
    folder.mkdir()
    (folder / "harken-key").symlink_to(ROOT / "resources/harken-key")
    (folder / "harken").write_text(f'#!/bin/sh\nexec {sys.executable} -m ui.launch "$@"\n')
    (folder / "harken").chmod(0o755)
    return folder


def _commands(desk: Desk, folder: Path) -> dict[str, Times]:
    """In turns, so that all meet the same load."""
    commands = {
        "`true`": ["true"],
        "`harken-key stop`": [str(folder / "harken-key"), "stop"],
        "`harken stop`": [str(folder / "harken"), "stop"],
    }
    found = {name: Times() for name in commands}
    for _ in range(_RUNS):
        for name, command in commands.items():
            begun = time.monotonic()
            subprocess.run(command, env=desk.env, check=True, stdin=subprocess.DEVNULL)
            found[name].ms.append(1000 * (time.monotonic() - begun))
    return found


def _keys(desk: Desk, folder: Path) -> dict[str, Times]:
    keys = desk.home / "xbindkeysrc"
    keys.write_text(_KEYS.format(program=folder / "harken-key"))
    desk.start_program(["xbindkeys", "--nodaemon", "--file", str(keys)], "xbindkeys")
    settled = time.monotonic() + 1.0  # it says nowhere when it has the keys
    wait_for(lambda: time.monotonic() > settled, "xbindkeys")
    bound = Program("xbindkeys and harken-key", "shift+F9", "shift+F10", ESPEAK.prepare, ESPEAK.onset)
    programs = {"Harken's own": ESPEAK, bound.name: bound}
    found = {name: Times() for name in programs}
    text = TEXTS["a sentence"]
    desk.open_text(text)
    desk.select_all(text)
    ESPEAK.prepare(desk)
    for _ in range(_PRESSES):
        for name, program in programs.items():
            found[name].ms.append(latency.press_and_hear(desk, program))
            latency.stop(desk, program)
    return found


def _print(*lines: str) -> None:
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
