"""What Harken costs is within tests/budgets.toml: counts and ratios, so that a busy machine changes nothing."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from reader.capture import x11
from reader.flow import Source
from tests.bench import footprint
from tests.bench.texts import TEXTS
from tests.desktop.desk import Desk, wait_for
from tests.fakes import x11_owner

BUDGETS: dict[str, Any] = tomllib.loads((Path(__file__).parents[1] / "budgets.toml").read_text(encoding="utf-8"))
_WATCHED_S = 5.0
_BARE = (
    "from PySide6.QtWidgets import QApplication, QLabel\n"
    "app = QApplication([])\n"
    "label = QLabel('Bare')\n"
    "label.show()\n"
    "print('shown', flush=True)\n"
    "app.exec()\n"
)


def within(part: str, **found: float) -> None:
    """All that was found is within its budget; all of it is told if not."""
    budget = BUDGETS[part]
    assert found.keys() <= budget.keys()
    over = {name: (value, budget[name]) for name, value in found.items() if value > budget[name]}
    assert not over, f"{part}: {over}"


@pytest.fixture
def calm(desk: Desk) -> Desk:
    """A Harken whose voices are warm and that has come to rest."""
    known = [-1.0]

    def is_at_rest() -> bool:
        assert desk.harken
        known.append(footprint.spent(desk.harken.pid)[0])
        return known[-1] - known[-2] < 0.002

    wait_for(lambda: "voices: warm" in log_of(desk), "warm voices")
    wait_for(is_at_rest, "Harken at rest")
    return desk


def log_of(desk: Desk) -> str:
    """What it has logged."""
    return (desk.home / ".local/state/harken/log/harken.log").read_text(encoding="utf-8")


def test_at_rest(calm: Desk) -> None:
    assert calm.harken
    pids = footprint.process_tree(calm.harken.pid)
    bare = subprocess.Popen([sys.executable, "-c", _BARE], env=calm.env, stdout=subprocess.PIPE)
    assert bare.stdout
    with bare:
        assert bare.stdout.readline() == b"shown\n"
        bare_mb = sum(footprint.memory_mb(bare.pid).values())
        mine_mb = sum(footprint.memory_mb(calm.harken.pid).values())
        bare.kill()
    within(
        "at_rest",
        processes=len(pids),
        threads=sum(len(os.listdir(f"/proc/{pid}/task")) for pid in pids),
        descriptors=sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids),
        memory=mine_mb / bare_mb,
    )
    within("at_rest", wake_ups=footprint.idle(calm, _WATCHED_S).wake_ups)


async def test_a_key_press(monkeypatch: pytest.MonkeyPatch) -> None:
    with Desk(sound=False, bus=False) as desk:
        monkeypatch.setenv("DISPLAY", desk.display)
        command = [sys.executable, "-m", "tests.fakes.x11_owner", "utf8"]
        owner = subprocess.Popen(command, env=desk.env)
        try:
            await asyncio.to_thread(wait_for, lambda: desk.find_windows("owner"), "the owner's window")
            place = await x11.open_place(lambda: None)
            await place.look()  # names of the server's are asked for once
            await place.read(Source.SELECTION)
            connection = place._watcher.display.display
            before = connection.request_serial
            await place.look()
            captured = await place.read(Source.SELECTION)
            within("a_key_press", requests=connection.request_serial - before)
            assert captured.text == x11_owner.TEXT
            await place.close()
        finally:
            owner.kill()
            owner.wait()


def test_a_recording(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("\n\n".join([TEXTS["an article"]] * 4), encoding="utf-8")
    peer = spent_by(["espeak-ng", "-v", "en-us", "-f", str(text), "-w", str(tmp_path / "peer.wav")])
    harken = [sys.executable, "-m", "ui.launch", "speak", "--engine", "espeak", "--out", str(tmp_path / "mine.wav")]
    within("a_recording", cpu=spent_by([*harken, str(text)]) / peer)


def spent_by(command: list[str]) -> float:
    """Seconds of the processor, of a command and its children."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], check=True, capture_output=True, text=True)
    return float(done.stdout.splitlines()[-1])
