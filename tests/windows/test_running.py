"""Harken as it runs on Windows: its icon, its sound at a sound server, and commands to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.desktop.recorder import Recorder
from tests.windows.desk import LONG, WindowsDesk, wait_for
from tests.windows.wine import HANG_S, HARKEN, Windows

TEXT = "Harken reads this sentence on Windows."


@pytest.fixture
def there(reading: WindowsDesk) -> Windows:
    """Where Harken runs."""
    return reading.there


def status(there: Windows) -> dict[str, object]:
    code, printed = there.harken("status", "--json")
    assert code == 0, printed
    found: dict[str, object] = json.loads(printed)
    return found


def test_commands_reach_the_one_that_runs(there: Windows, reading: WindowsDesk) -> None:
    pid = status(there)["pid"]
    code, printed = there.harken()  # a second start shows the first one's window
    assert code == 0, printed
    since = reading.recorder.sound().size
    with there.start(*HARKEN, "speak", "--text", LONG) as speaking:
        reading.wait_for_record("segment", index=1)
        assert reading.heard_since(since) > 0.05
        code, printed = there.harken("stop")
        assert code == 0, printed
        speaking.communicate(timeout=HANG_S)
    wait_for(lambda: not reading.is_reading, "the end")
    assert status(there)["pid"] == pid


def test_what_it_keeps_is_not_removed_while_it_runs(there: Windows) -> None:
    code, printed = there.harken("purge", "--yes")
    assert code == 1
    assert "Harken is running. Quit it first" in printed
    assert status(there)["state"] == "idle"


def test_its_file_for_a_crash_stays_when_another_looks_for_old_ones(there: Windows) -> None:
    (kept,) = there.c.rglob("*-fault.txt")
    code, printed = there.python(
        "-c",
        "from reader.support.crashes import CrashWatch; from reader.settings.paths import crash_folder; "
        "watch = CrashWatch(crash_folder()); watch.start([]); watch.stop()",
    )
    assert (code, printed) == (0, "")
    assert kept.exists()


def test_texts_go_through_a_pipe_whole(there: Windows) -> None:
    code, printed = there.harken("voices", "--engine", "espeak")
    assert code == 0
    assert "ā" in printed


def test_a_file_is_read_to_its_end(there: Windows, tmp_path: Path) -> None:
    long, short = tmp_path / "long.txt", tmp_path / "short.txt"
    long.write_bytes(f"{TEXT}\n\n\x1a{TEXT} {TEXT}".encode())
    short.write_bytes(f"{TEXT}\n\n".encode())
    sizes = []
    for file in (long, short):
        out = file.with_suffix(".wav")
        code, printed = there.harken("speak", f"Z:{file}", "--out", f"Z:{out}", "--engine", "espeak")
        assert code == 0, printed
        sizes.append(out.stat().st_size)
    assert sizes[0] > 2 * sizes[1]


def test_the_chosen_output_is_the_one_that_plays(there: Windows, reading: WindowsDesk) -> None:
    """Wine lists each sink of the sound server, and the server's own choice beside them."""
    sink = [
        "pactl",
        "load-module",
        "module-null-sink",
        "sink_name=other",
        "sink_properties=device.description=Headphones",
    ]
    assert reading.call(sink) == 0
    other = Recorder(reading.env, "other.monitor")
    try:
        code, printed = there.harken("devices", "--json")
        assert code == 0, printed
        assert sorted(output["id"] for output in json.loads(printed)) == ["Headphones", "Null Output", "PulseAudio"]
        for name in ("Headphones", "Null Output"):
            assert there.harken("settings", "set", "sound.device", name)[0] == 0
            since = reading.recorder.sound().size, other.sound().size
            code, printed = there.harken("speak", "--text", TEXT, "--engine", "espeak")
            assert code == 0, printed
            assert "is not there" not in printed
            loud = (reading.heard_since(since[0]) > 0.05, float(abs(other.sound()[since[1] :]).max(initial=0)) > 0.05)
            assert loud == (name == "Null Output", name == "Headphones")
    finally:
        other.stop()
        assert there.harken("settings", "reset", "sound.device")[0] == 0
