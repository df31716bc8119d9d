"""What the rest of the desktop sees of a reading, and Harken of the desktop: the whole app, other people's programs."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from reader.support.app_id import ENTRY
from tests.desktop.desk import Desk, wait_for
from tests.desktop.recorder import RATE_HZ

LONG = " ".join(f"This is sentence number {n} of a text that takes a while to be read aloud." for n in range(1, 30))


def begin_reading(desk: Desk) -> None:
    desk.start_program([sys.executable, "-m", "ui.launch", "speak", "--text", LONG], "speak")
    desk.wait_for_record("state", state="speaking")


def player(desk: Desk, *command: str) -> str:
    return desk.output(["playerctl", "-p", "harken", *command]).strip()


@pytest.fixture
def settings_file(desk: Desk) -> Iterator[Path]:
    path = desk.home / ".config" / "harken" / "settings.toml"
    yield path
    path.unlink()
    wait_for(lambda: desk.setting("voice.speed") == 1, "the defaults")


def test_media_keys_work_a_reading_and_are_others_at_other_times(desk: Desk) -> None:
    assert player(desk, "status") == ""
    begin_reading(desk)
    wait_for(lambda: player(desk, "status") == "Playing", "the player")
    assert player(desk, "metadata", "--format", "{{title}}").startswith("Harken")
    assert "sentence" not in player(desk, "metadata")
    player(desk, "pause")
    desk.wait_for_record("state", state="paused")
    wait_for(lambda: player(desk, "status") == "Paused", "the player to pause")
    player(desk, "play-pause")
    desk.wait_for_record("state", 2, state="speaking")
    player(desk, "next")
    wait_for(lambda: any("number 2" in text for text in desk.spoken()), "the next sentence")
    player(desk, "stop")
    desk.wait_for_record("state", state="idle")
    wait_for(lambda: player(desk, "status") == "", "the player's end")


def test_the_screen_does_not_lock_during_a_reading(desk: Desk, tmp_path: Path) -> None:
    held = tmp_path / "held"
    saver = desk.start_program([sys.executable, "-m", "tests.fakes.screensaver", str(held)], "screensaver")
    wait_for(held.exists, "the screen saver")
    for _ in range(2):
        begin_reading(desk)
        wait_for(lambda: held.read_text() == "1", "the screen to be held")
        desk.harken_call("stop")
        wait_for(lambda: held.read_text() == "0", "the screen to be free")
        desk.begin()
    desk.end(saver)


def volumes(desk: Desk) -> dict[str, int]:
    """How loud each program is in the mixer, in percent."""
    found = {}
    for part in desk.output(["pactl", "list", "sink-inputs"]).split("Sink Input #")[1:]:
        name = re.search(r'application\.name = "(.*)"', part)
        percent = re.search(r"Volume:.*? (\d+)%", part)
        assert name
        assert percent
        found["music" if name.group(1) == "music" else "harken"] = int(percent.group(1))
    return found


def test_other_programs_are_quiet_while_harken_speaks(desk: Desk, settings_file: Path, tmp_path: Path) -> None:
    tone = 3000 * np.sin(np.arange(RATE_HZ * 60) * 2 * np.pi * 440 / RATE_HZ)
    (tmp_path / "tone.raw").write_bytes(tone.astype("<i2").tobytes())
    what = ["--format=s16le", f"--rate={RATE_HZ}", "--channels=1", "--client-name=music", str(tmp_path / "tone.raw")]
    music = desk.start_program(["pacat", "--playback", *what], "music")
    wait_for(lambda: volumes(desk).get("music") == 100, "the music")
    settings_file.write_text("[sound]\nothers_volume = 30\n")
    wait_for(lambda: desk.setting("sound.others_volume") == 30, "the setting")
    begin_reading(desk)
    wait_for(lambda: volumes(desk) == {"music": 30, "harken": 100}, "the music to be quiet")
    desk.harken_call("pause")
    wait_for(lambda: volumes(desk)["music"] == 100, "the music during a pause")
    desk.harken_call("resume")
    wait_for(lambda: volumes(desk)["music"] == 30, "the music after it")
    desk.harken_call("stop")
    wait_for(lambda: volumes(desk)["music"] == 100, "the music to be back")
    desk.end(music)


def test_what_is_edited_in_the_file_is_heard_at_once(desk: Desk, settings_file: Path) -> None:
    begin_reading(desk)
    settings_file.write_text("[voice]\nspeed = 2.0\n")
    desk.wait_for_record("speed", speed=2.0)
    beside = settings_file.with_suffix(".swp")
    beside.write_text("[voice]\nspeed = 3.0\n[voice.hologram]\nsize = 1\n")
    os.replace(beside, settings_file)  # as most editors do
    desk.wait_for_record("speed", speed=3.0)
    assert desk.notices() == []
    settings_file.write_text("[voice]\nspeed = = 1\n")
    desk.wait_for_record("notice")
    assert "can't be read" in desk.notices()[0]
    assert settings_file.read_text() == "[voice]\nspeed = = 1\n"
    settings_file.write_text('[voice]\nspeed = "fast"\n')
    desk.wait_for_record("notice", 2)
    assert "voice.speed" in desk.notices()[1]
    assert desk.harken_output("status", "--json").count('"speed": 3.0') == 1
    desk.harken_call("settings", "set", "reading.clipboard", "on")
    assert '"fast"' in settings_file.read_text()  # the mistake is the user's to mend
    settings_file.write_text("[voice]\nspeed = 1.5\n")
    desk.wait_for_record("speed", speed=1.5)
    assert len(desk.notices()) == 2


def test_start_at_login_makes_an_entry(desk: Desk, settings_file: Path) -> None:
    entry = desk.home / ".config" / "autostart" / ENTRY
    assert desk.harken_call("settings", "set", "system.start_at_login", "on") == 0
    assert "Exec=" in entry.read_text()
    assert desk.call(["desktop-file-validate", str(entry)]) == 0
    assert desk.harken_call("settings", "set", "system.start_at_login", "off") == 0
    assert not entry.exists()


def test_it_ends_without_a_word_in_the_log(desktop: Desk) -> None:
    assert desktop.harken
    desktop.harken.terminate()
    assert desktop.harken.wait(10) == 0
    logs = "".join(path.read_text() for path in desktop.home.rglob("harken.log"))
    assert "never retrieved" not in logs
    assert "Traceback" not in logs
