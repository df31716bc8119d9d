"""Sizes of what `make package` made, and how long the frozen Harken takes to start: `make bench-package`."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from pathlib import Path

from tests.desktop.desk import Desk, wait_for

ROOT = Path(__file__).parents[2]
_STARTS = 7


def main() -> None:
    """Print both tables."""
    print("| package | download | installed |\n| --- | --- | --- |")
    bundle = ROOT / "build/bundle/harken"
    for pattern, folder in {"*.deb": ROOT / "build/deb/usr", "*linux*.tar.gz": bundle, "*.whl": None}.items():
        for path in (ROOT / "dist").glob(pattern):
            installed = f"{_bytes(folder) / 1e6:.0f} MB" if folder else "as its dependencies are"
            print(f"| {path.name} | {path.stat().st_size / 1e6:.0f} MB | {installed} |")
    with Desk(tray=True) as desk:
        del desk.env["PYTHONPATH"]
        desk.program = [str(bundle / "harken")]
        desk.start_harken()  # the disk is warm from here on
        starts = [_start(desk) for _ in range(_STARTS)]
        commands = [_command(desk) for _ in range(_STARTS)]
    print("\n| frozen, warm disk, median / slowest of 7 | |\n| --- | --- |")
    print(f"| start to icon, keys and commands taken | {statistics.median(starts):.2f} / {max(starts):.2f} s |")
    print(f"| `harken status` | {statistics.median(commands):.2f} / {max(commands):.2f} s |")


def _start(desk: Desk) -> float:
    assert desk.harken
    desk.end(desk.harken)
    log = desk.home / ".local/state/harken/log/harken.log"
    before = log.read_text().count("keys and commands are taken")
    begun = time.monotonic()
    desk.harken = desk.start_program(desk.program, "harken")
    wait_for(lambda: log.read_text().count("keys and commands are taken") > before, "Harken")
    desk.tray_window()
    taken = time.monotonic() - begun
    assert desk.harken_call("doctor") == 0
    return taken


def _command(desk: Desk) -> float:
    begun = time.monotonic()
    done = subprocess.run([*desk.program, "status", "--json"], env=desk.env, check=True, capture_output=True)
    assert json.loads(done.stdout)["state"]
    return time.monotonic() - begun


def _bytes(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


if __name__ == "__main__":
    main()
