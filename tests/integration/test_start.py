"""`--start`: a command that starts Harken when none runs, as the entries of the desktop's menu do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reader import cli
from reader.desktop import launch
from reader.ipc.choose import socket_address

# A Harken that takes one message, notes it and ends.
_STAND_IN = """
import asyncio, json, sys
from reader.ipc.server import Server

async def run(address, note):
    done = asyncio.Event()
    async def answer(message, connection):
        open(note, "a").write(json.dumps(message) + "\\n")
        done.set()
        return {"ok": True}
    server = Server(address, answer)
    await server.start()
    await done.wait()
    await asyncio.sleep(0)
    await server.close()

asyncio.run(run(*sys.argv[1:]))
"""


def no_tray() -> int:
    raise AssertionError("it becomes the tray app itself")


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (["read", "selection", "--start"], {"do": "command", "command": "read-selection"}),
        (["settings", "open", "--start"], {"do": "open-settings"}),
    ],
)
def test_a_harken_is_started_and_told(
    arguments: list[str], asked: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "note"
    monkeypatch.setattr(launch, "command", lambda: [sys.executable, "-c", _STAND_IN, socket_address(), str(note)])
    start, started = launch.start, []

    def note_start() -> subprocess.Popen[bytes]:
        started.append(start())
        return started[-1]

    monkeypatch.setattr(launch, "start", note_start)
    assert cli.main(arguments, no_tray) == 0
    assert [process.wait(20) for process in started] == [0]
    (told,) = map(json.loads, note.read_text().splitlines())
    assert asked.items() <= told.items()


@pytest.mark.parametrize("command", [[sys.executable, "-c", "raise SystemExit(1)"], ["/no/such/harken"]])
def test_one_that_does_not_start_is_told(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "command", lambda: command)
    assert cli.main(["read", "--start"], no_tray) == cli.FAILED
    assert "Harken could not be started" in capsys.readouterr().err


def test_without_it_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "command", lambda: pytest.fail("started"))
    assert cli.main(["read"], no_tray) == cli.FAILED
