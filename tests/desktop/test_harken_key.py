"""A desktop's own key and the session bus start Harken where it is not running, and do what was asked all the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.desktop.xdg_menu_entry import XdgMenuEntry
from reader.support.app_id import APP_ID
from tests.desktop.desk import Desk

ROOT = Path(__file__).parents[2]
TEXT = "A key of the desktop itself has this read. It was bound by hand."

pytestmark = pytest.mark.desktop


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """With harken-key among its programs, and a session bus that knows Harken."""
    made = Desk(tray=True)
    made.env["XDG_DATA_HOME"] = str(made.home / ".local/share")  # a bus asks the system for a user's home
    with made:
        programs = made.home / "programs"
        programs.mkdir()
        (programs / "harken-key").symlink_to(ROOT / "resources/harken-key")
        (programs / "harken").write_text(f'#!/bin/sh\nexec {sys.executable} -m ui.launch "$@"\n')
        (programs / "harken").chmod(0o755)
        made.env["PATH"] = f"{programs}:{made.env['PATH']}"
        made.skip_first_steps()
        yield made


@pytest.fixture
def without_harken(desk: Desk) -> Iterator[Desk]:
    desk.begin()
    yield desk
    desk.close_windows()
    desk.harken_call("quit")


def key(desk: Desk, *words: str) -> tuple[int, str]:
    """(exit code, what it says)."""
    done = subprocess.run(["harken-key", *words], env=desk.env, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


def shown(desk: Desk) -> list[str]:
    """What Harken says where it is started a second time, and opens its window."""
    return [sentence for sentence in desk.notices() if sentence.startswith("Harken is running.")]


def test_it_starts_harken_which_reads_and_then_it_asks_over_the_bus(without_harken: Desk) -> None:
    desk = without_harken
    text = " ".join([TEXT] * 20)  # so that it is still being read when all else has been asked
    desk.open_text(text)
    desk.select_all(text)
    assert key(desk, "stop") == (1, "harken: Harken is not running. Start it with “harken”.\n")
    assert key(desk, "read") == (0, "harken: Harken was not running and is being started.\n")
    desk.wait_for_record("segment")
    desk.wait_for_record("notice", sentence="Harken was not running and has been started.")
    rows = desk.harken_output("doctor")
    assert f"d-bus: {APP_ID}" in rows
    assert key(desk, "pause-resume") == (0, "")
    desk.wait_for_record("state", state="paused")
    assert key(desk, "stop") == (0, "")
    desk.wait_for_record("ended", whole=False)
    assert shown(desk) == []


def test_two_presses_while_it_starts_start_one_and_open_nothing(without_harken: Desk) -> None:
    desk = without_harken
    pressed = [subprocess.Popen(["harken-key", "louder"], env=desk.env, stderr=subprocess.PIPE) for _ in range(3)]
    assert [process.wait(60) for process in pressed] == [0, 0, 0]
    for process in pressed:
        process.communicate()
    assert desk.harken_call("doctor") == 0
    assert shown(desk) == []


def test_a_call_over_the_bus_starts_it(without_harken: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = without_harken
    monkeypatch.setenv("XDG_DATA_HOME", str(desk.home / ".local/share"))
    monkeypatch.setenv("XDG_DATA_DIRS", "/nowhere")
    XdgMenuEntry(lambda: [sys.executable, "-m", "ui.launch"]).make()
    call = ["gdbus", "call", "--session", "--timeout", "60", "-d", APP_ID, "-o", f"/{APP_ID.replace('.', '/')}"]
    bus = "org.freedesktop.DBus"  # which reads folders that were made after its start when it is told to
    assert desk.call(["gdbus", "call", "--session", "-d", bus, "-o", "/", "-m", f"{bus}.ReloadConfig"]) == 0
    assert desk.complain([*call, "-m", f"{APP_ID}.Say", TEXT]) == (0, "")
    desk.wait_for_record("ended", whole=True)
    assert " ".join(desk.spoken()) == TEXT
