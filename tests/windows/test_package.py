"""Harken's packages for Windows: installed, used, installed again over a running one, removed, purged; the zip.

`python -m tests.windows package` makes them and runs these, one behind the other: each finds what the one before left.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import reader
from tests.windows.desk import FIRST, wait_for
from tests.windows.installed import APPROVED, RUN, UNINSTALL, InstalledDesk, difference

FOLDER = os.environ.get("HARKEN_WINDOWS_PACKAGES", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="“python -m tests.windows package” makes the packages first")
DOCUMENTS = Path(__file__).parents[1] / "data/documents"
# What stays of a Harken that was removed and not purged: settings, and what it has noted.
KEPT = ("AppData/Local/harken", "AppData/Roaming/harken")


@pytest.fixture(scope="module")
def installed() -> Iterator[InstalledDesk]:
    with InstalledDesk(Path(FOLDER)) as made:
        yield made


def test_it_is_where_windows_looks_for_programs(installed: InstalledDesk) -> None:
    assert installed.program_file.exists()
    menu = installed.there.home / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Harken.lnk"
    assert menu.exists()
    about = installed.registry()[UNINSTALL]
    assert about["DisplayVersion"] == f'"{reader.__version__}"'
    assert installed.command("--version") == (0, f"harken {reader.__version__}\n")


def test_a_key_reads_what_is_selected_in_another_program(installed: InstalledDesk) -> None:
    installed.begin()
    since = installed.recorder.sound().size
    installed.select_line(1)
    installed.keyboard.press("super+alt+a")
    installed.wait_for_record("ended", whole=True)
    assert installed.spoken() == [FIRST]
    assert installed.heard_since(since) > 0.05


def test_nothing_was_lost_by_freezing_it(installed: InstalledDesk) -> None:
    code, printed = installed.command("doctor", "--json")
    assert code == 0, printed
    rows = {row["part"]: row["chosen"] for row in json.loads(printed)}
    assert rows["keys"] == "registered hotkeys"
    assert "copying" in rows["text"]
    assert rows["voice neural"] == "1 voice"
    assert int(rows["voice espeak"].split()[0]) > 100
    assert rows["sound"] != "none"
    # A module and a library of each kind that are looked for by name.
    for name, out in (("pdf/text-fpdf2.pdf", "a.mp3"), ("docx/text-pythondocx.docx", "a.wav")):
        code, printed = installed.command("speak", f"Z:{DOCUMENTS / name}", "--out", f"C:\\{out}", "--engine", "espeak")
        assert code == 0, printed
        assert (installed.there.c / out).stat().st_size > 10_000
    keys = "AKIAIOSFODNN7EXAMPLE\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
    assert installed.command("account", "set", feed=keys)[0] == 0
    assert installed.command("account", "forget")[0] == 0


def test_after_a_fault_in_a_library_it_starts_again_and_tells_of_it(installed: InstalledDesk) -> None:
    before = installed.pid
    installed.begin()
    installed.end_by_a_fault(before)
    wait_for(lambda: installed.pid not in (0, before), "another Harken")
    crashes = installed.there.home / "AppData/Local/harken/crashes"
    wait_for(lambda: list(crashes.glob("*.told")), "the user's being told")
    (report,) = [path for path in crashes.glob("*-fault.txt") if path.stat().st_size]
    assert "access violation" in report.read_text("utf-8")


def test_a_new_version_is_installed_over_a_running_one(installed: InstalledDesk) -> None:
    before = installed.pid
    assert installed.command("settings", "set", "system.start_at_login", "true")[0] == 0
    own, old = installed.program_file.with_name("my notes.txt"), installed.registry()
    own.write_text("the user's own")
    assert "harken.exe" in old[RUN]["Harken"]
    installed.begin()
    installed.install()
    wait_for(lambda: installed.pid not in (0, before), "another Harken")
    assert own.exists()
    new = installed.registry()
    assert (new[RUN], new[APPROVED]) == (old[RUN], old[APPROVED])
    installed.wait_for_record("keys")
    test_a_key_reads_what_is_selected_in_another_program(installed)


def test_what_is_removed_is_gone_and_what_is_the_users_stays(installed: InstalledDesk) -> None:
    installed.remove()
    assert installed.program_file.with_name("my notes.txt").exists()
    files, registry = installed.changed()
    assert {path for path in files if not path.startswith(KEPT)} == {"AppData/Local/Programs/Harken/my notes.txt"}
    assert registry == {}
    installed.program_file.with_name("my notes.txt").unlink()


def test_purged_it_has_never_been_there(installed: InstalledDesk) -> None:
    installed.install()
    assert installed.command("settings", "set", "voice.speed", "1.5")[0] == 0
    installed.remove("/PURGE")
    files, registry = installed.changed()
    assert registry == {}
    assert files == set()


def test_the_zip_runs_from_any_folder(installed: InstalledDesk) -> None:
    (packed,) = Path(FOLDER).glob("harken-*.zip")
    folder = installed.there.c / "Grüße & mehr"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    (program,) = folder.glob("*/harken.exe")
    command = f"C:\\Grüße & mehr\\{program.parent.name}\\harken.exe"
    assert installed.there.run(command, "--version") == (0, f"harken {reader.__version__}\n")
    out = f"{command.removesuffix('harken.exe')}ä.wav"
    assert installed.there.run(command, "speak", "--text", FIRST, "--out", out)[0] == 0
    assert (program.parent / "ä.wav").stat().st_size > 10_000


def test_what_is_said_to_differ_differs() -> None:
    assert difference({"a": {"x": "1"}, "b": {}}, {"a": {"x": "2"}, "c": {"y": "1"}}) == {
        "a": {"x": "2"}, "c": {"y": "1"},
    }  # fmt: skip
