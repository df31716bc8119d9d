from pathlib import Path

from reader.hotkeys.chord import Chord
from reader.hotkeys.conflicts import likely_owner

CHORD = Chord.parse("Super+Alt+R")


def machine(tmp_path: Path, *processes: str) -> Path:
    tmp_path.mkdir()
    for pid, name in enumerate(processes, 100):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "comm").write_text(name + "\n")
    return tmp_path


def test_a_program_whose_settings_name_the_chord_is_named(tmp_path: Path) -> None:
    proc = machine(tmp_path / "proc", "bash", "openbox", "xbindkeys")
    home = tmp_path / "home"
    home.mkdir()
    (home / ".xbindkeysrc").write_text('"read.sh"\n  Mod4 + Alt + r\n')
    assert likely_owner(CHORD, home, proc) == "xbindkeys"


def test_otherwise_those_running_are(tmp_path: Path) -> None:
    proc = machine(tmp_path / "proc", "bash", "openbox", "xbindkeys")
    assert "Openbox, xbindkeys" in likely_owner(CHORD, tmp_path, proc)


def test_no_known_program(tmp_path: Path) -> None:
    assert likely_owner(CHORD, tmp_path, machine(tmp_path / "proc", "bash")) == "another program"
