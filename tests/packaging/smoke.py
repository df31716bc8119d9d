"""What every package must be able to do once it is installed: all that freezing or a missing file could have lost."""

from __future__ import annotations

import json
import os
import signal

from tests.desktop.accessible import Watcher
from tests.desktop.desk import Desk, wait_for

TEXT = "This sentence is read in a system of its own. And so is the one behind it, which is a little longer."
READ = "super+alt+r"


def read_and_stop(desk: Desk, stop: str = "super+alt+x") -> None:
    """Select in somebody else's program, read with a key, and stop with another."""
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    desk.begin()
    desk.keyboard.press(READ)
    desk.wait_for_record("segment")
    desk.keyboard.press(stop)
    desk.wait_for_record("ended", whole=False)
    desk.close_windows()


def all_parts(desk: Desk) -> None:
    """Keys, selection, focus, both voices, sound."""
    rows = {row["part"]: row for row in json.loads(desk.harken_output("doctor", "--json"))}
    assert rows["keys"]["chosen"] == "x11 grabs"
    assert "at-spi" in rows["text"]["chosen"]
    assert rows["voice neural"]["chosen"] == "1 voice"
    assert int(rows["voice espeak"]["chosen"].split()[0]) > 100
    assert rows["sound"]["chosen"] != "none"


def german_windows(desk: Desk) -> None:
    """Translations, of Harken's texts and Qt's; the settings window; the guide behind F1. Harken is started again."""
    assert desk.harken_call("settings", "set", "system.language", "de") == 0
    assert desk.harken
    desk.end(desk.harken)
    desk.start_harken()
    assert desk.harken_call("settings", "open") == 0
    wait_for(lambda: any("Einstellungen" in title for title in _titles(desk)), "the settings in German")
    before = _titles(desk)
    desk.focus(max(desk.find_windows("harken")))
    desk.keyboard.press("F1")
    wait_for(lambda: len(_titles(desk)) > len(before), "the guide")
    assert desk.harken_call("settings", "set", "system.language", "") == 0


def _titles(desk: Desk) -> list[str]:
    watcher = Watcher(desk)
    try:
        ours = [window for window in watcher.windows() if watcher.application(window) == "harken"]
        return [str(watcher.read(window, "Accessible", "Name")) for window in ours]
    finally:
        watcher.close()


def a_crash(desk: Desk) -> None:
    """A fault in a library: it is reported, Harken starts again by itself, and tells of it once."""
    desk.begin()
    before = pid(desk)
    assert before  # 0 would be the test itself
    os.kill(before, signal.SIGSEGV)
    wait_for(lambda: pid(desk) not in (0, before), "another Harken")
    folder = desk.home / ".local/state/harken/crashes"
    (report,) = [path for path in folder.glob("*-fault.txt") if path.stat().st_size]
    wait_for(report.with_suffix(".told").exists, "the user's being told")
    assert "Segmentation fault" in report.read_text()
    assert str(report) in desk.harken_output("doctor")


def pid(desk: Desk) -> int:
    """Of the Harken that runs; 0 without one."""
    try:
        return int(json.loads(desk.harken_output("status", "--json"))["pid"])
    except (ValueError, KeyError):
        return 0
