"""Sizes of what `make package` made, and how long the frozen Harken takes to start: `make bench-package`.

Beside it stand others that read aloud on a desktop, as apt says of them in a clean Debian 12: KMouth, which speaks the
clipboard with eSpeak NG, and Orca, the screen reader. KMouth's start is measured there, up to its window.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import time
from pathlib import Path

from tests.desktop.desk import Desk, wait_for
from tests.packaging.clean_root import CleanRoot, UserDesk, needs_root

ROOT = Path(__file__).parents[2]
_STARTS = 7
_PEERS = {"KMouth, with eSpeak NG": ["kmouth", "espeak-ng"], "Orca": ["orca"]}


def main() -> None:
    """Print the tables."""
    bundle = ROOT / "build/bundle/harken"
    print("| package | download | installed |\n| --- | --- | --- |")
    for pattern, folder in {"*.deb": ROOT / "build/deb/usr", "*linux*.tar.gz": bundle}.items():
        for path in (ROOT / "dist").glob(pattern):
            print(f"| {path.name} | {path.stat().st_size / 1e6:.0f} MB | {_bytes(folder) / 1e6:.0f} MB |")
    kmouth: list[float] = []
    if reason := needs_root():
        print(f"others are left out: {reason}")
    else:
        with CleanRoot(ROOT / "build/clean-root/bench") as root:
            _sizes(root)
            kmouth = _start_kmouth(root)
    with Desk(tray=True) as desk:
        del desk.env["PYTHONPATH"]
        desk.program = [str(bundle / "harken")]
        desk.start_harken()  # the disk is warm from here on
        starts = [_start(desk) for _ in range(_STARTS)]
        commands = [_command(desk) for _ in range(_STARTS)]
    print(f"\n| warm disk, median / slowest of {_STARTS} | |\n| --- | --- |")
    print(f"| start to icon, keys and commands taken | {_told(starts)} |\n| `harken status` | {_told(commands)} |")
    if kmouth:
        print(f"| KMouth: start to its window | {_told(kmouth)} |")


def _told(taken_s: list[float]) -> str:
    return f"{statistics.median(taken_s):.2f} / {max(taken_s):.2f} s"


def _sizes(root: CleanRoot) -> None:
    """What apt would have to fetch and unpack in a system that has nothing of a desktop yet."""
    (package,) = (ROOT / "dist").glob("harken_*.deb")
    shutil.copy(package, root.folder / "tmp")
    print("\n| in a clean Debian 12, with all they depend on | download | installed |\n| --- | --- | --- |")
    for name, packages in {"Harken": [f"/tmp/{package.name}"], **_PEERS}.items():
        command = ["apt-get", "install", "--assume-no", "--no-install-recommends", *packages]
        done = subprocess.run(["chroot", str(root.folder), *command], check=False, capture_output=True, text=True)
        download = re.search(r"Need to get (?:[\d.,]+ \w+/)?([\d.,]+ \w+)", done.stdout)
        installed = re.search(r"After this operation, ([\d.,]+ \w+)", done.stdout)
        assert download
        assert installed
        print(f"| {name} | {download.group(1)} | {installed.group(1)} |")


def _start_kmouth(root: CleanRoot) -> list[float]:
    root.run("apt-get", "install", "-y", "-q", "--no-install-recommends", *_PEERS["KMouth, with eSpeak NG"])
    with UserDesk(root) as desk:

        def start() -> float:
            begun = time.monotonic()
            process = desk.start_program([*desk.inside, "/usr/bin/kmouth"], "kmouth")
            wait_for(lambda: desk.find_windows("kmouth"), "KMouth")
            taken = time.monotonic() - begun
            desk.end(process)
            wait_for(lambda: not desk.find_windows("kmouth"), "KMouth's end")
            return taken

        start()
        return [start() for _ in range(_STARTS)]


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
