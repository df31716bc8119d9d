"""What Harken costs while it does nothing, how much memory it holds, and how soon it is ready."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.desktop import hearing
from tests.desktop.desk import Desk, wait_for
from tests.desktop.recorder import RATE_HZ

HARKEN = [sys.executable, "-m", "ui.launch"]


@dataclass(frozen=True)
class Idle:
    """Per second, over all of Harken's processes and threads."""

    cpu_percent: float
    wake_ups: float


def process_tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for parent in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def idle(desk: Desk, seconds: float) -> Idle:
    """Watch for a while. Nobody presses anything."""
    assert desk.harken
    before, began = spent(desk.harken.pid), time.monotonic()
    wait_for(lambda: time.monotonic() - began > seconds, "time to pass", seconds * 2)
    after, length_s = spent(desk.harken.pid), time.monotonic() - began
    return Idle((after[0] - before[0]) / length_s * 100, (after[1] - before[1]) / length_s)


def spent(pid: int) -> tuple[float, int]:
    """(CPU seconds, voluntary switches) so far of a process and its descendants. See proc(5): schedstat, status."""
    cpu_s, wake_ups = 0.0, 0
    for process in process_tree(pid):
        for task in Path(f"/proc/{process}/task").iterdir():
            cpu_s += int((task / "schedstat").read_text().split()[0]) / 1e9
            found = re.search(r"^voluntary_ctxt_switches:\s*(\d+)", (task / "status").read_text(), re.MULTILINE)
            wake_ups += int(found.group(1)) if found else 0
    return cpu_s, wake_ups


def memory_mb(pid: int) -> dict[str, float]:
    """Proportional set size by kind of process, in MB."""
    found = {}
    for process in process_tree(pid):
        with contextlib.suppress(OSError):
            arguments = Path(f"/proc/{process}/cmdline").read_text().split("\0")
            is_child = "reader.workers" in arguments
            kind = arguments[arguments.index("reader.workers") + 1] if is_child else "tray and core"
            pss = re.search(r"^Pss:\s*(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
            found[kind] = int(pss.group(1)) / 1024 if pss else 0.0
    return found


def peak_mb(pid: int) -> float:
    """The most memory a process has held so far, in MB (proc(5): VmHWM). Without its children.

    What getrusage calls maxrss also counts what the process that started it held.
    """
    found = re.search(r"^VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found.group(1)) / 1024 if found else 0.0


def start_up(desk: Desk) -> tuple[float, float, float]:
    """Start the tray app. Returns (seconds until keys are taken, until texts are found, until all voices are warm)."""
    log = desk.home / ".local" / "state" / "harken" / "log" / "harken.log"
    log.unlink(missing_ok=True)
    desk.skip_first_steps()
    began = time.monotonic()
    desk.harken = desk.start_program(HARKEN, "harken")

    def says(*words: str) -> bool:
        text = log.read_text() if log.exists() else ""
        return all(word in text for word in words)

    wait_for(lambda: says(" keys are taken"), "keys")
    keys_s = time.monotonic() - began
    wait_for(lambda: says("keys and commands are taken"), "commands")
    ready_s = time.monotonic() - began
    wait_for(lambda: says("sound: warm", "voices: warm"), "voices")
    return keys_s, ready_s, time.monotonic() - began


def stop(desk: Desk) -> None:
    """End the tray app."""
    assert desk.harken
    desk.end(desk.harken)


@dataclass(frozen=True)
class Speaking:
    """`harken speak`: seconds to the first sound, peak memory in MB then and at the end of what was watched."""

    first_sound_s: float
    early_mb: float
    late_mb: float


def speak(desk: Desk, path: Path, watch_s: float) -> Speaking:
    """Have the command line read a file aloud, by itself, for a while."""
    began = time.monotonic()
    process = subprocess.Popen([*HARKEN, "speak", str(path)], env=desk.env, start_new_session=True)
    try:
        first = wait_for(lambda: hearing.first_sound(desk.recorder.since(began)), "sound")
        early = sum(memory_mb(process.pid).values())
        until = time.monotonic() + watch_s
        wait_for(lambda: time.monotonic() > until or process.poll() is not None, "time to pass", watch_s * 2)
        late = sum(memory_mb(process.pid).values())
        return Speaking(first / RATE_HZ, early, late)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


@dataclass(frozen=True)
class Writing:
    """`harken speak --out`: how many times faster than it would be heard, and the most memory it took, in MB."""

    times_real_time: float
    peak_mb: float


def write(desk: Desk, path: Path) -> Writing:
    """Have the command line read a file into a WAV file, to its end."""
    out = desk.home / "out.wav"
    began = time.monotonic()
    command = [*HARKEN, "speak", str(path), "--engine", "espeak", "--out", str(out)]
    process = subprocess.Popen(command, env=desk.env, start_new_session=True)
    peak = 0.0
    done = threading.Event()

    def wait() -> None:
        process.wait()
        done.set()

    threading.Thread(target=wait, daemon=True).start()
    while not done.wait(0.5):
        peak = max(peak, sum(memory_mb(process.pid).values()))
    assert process.returncode == 0
    took_s = time.monotonic() - began
    heard_s = (os.path.getsize(out) - 44) / 2 / 24000
    return Writing(heard_s / took_s, peak)
