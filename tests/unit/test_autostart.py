"""Start at login: the entry is the truth, whoever changed it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reader.desktop import launch
from reader.desktop.xdg_autostart import XdgAutostart
from reader.errors import SettingsError

AWKWARD = ["/opt/it's 100 %/har\"ken`$HOME`\\x", "-c", "print('a b; c')", ""]


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder of entries."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "system"))
    folder = tmp_path / "system" / "autostart"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    return tmp_path / "config" / "autostart" / "harken.desktop"


@pytest.fixture
def autostart() -> XdgAutostart:
    return XdgAutostart(lambda: [sys.executable, "-m", "ui.launch"])


def value(entry: Path, key: str) -> str:
    return next(line.partition("=")[2] for line in entry.read_text().splitlines() if line.startswith(f"{key}="))


def unescaped(text: str) -> str:
    return text.replace("\\\\", "\\")


def test_on_and_off(autostart: XdgAutostart, entry: Path) -> None:
    assert not autostart.is_on()
    autostart.set(True)
    assert autostart.is_on()
    assert entry.is_file()
    autostart.set(False)
    assert not autostart.is_on()
    assert not entry.exists()
    autostart.set(False)  # nothing is there, and nothing is wrong


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_desktop_switched_off_is_off(autostart: XdgAutostart, entry: Path, line: str) -> None:
    autostart.set(True)
    kept = [old for old in entry.read_text().splitlines() if not old.startswith("Hidden")]
    entry.write_text("\n".join([*kept, line, "[Another Group]", "Hidden=false"]))
    assert not autostart.is_on()
    autostart.set(True)
    assert autostart.is_on()


def test_a_packages_entry_is_switched_off_by_the_users_own(autostart: XdgAutostart, entry: Path, folders: Path) -> None:
    (folders / "harken.desktop").write_text("[Desktop Entry]\nType=Application\nName=Harken\nExec=harken\n")
    assert autostart.is_on()
    autostart.set(False)
    assert not autostart.is_on()
    assert value(entry, "Hidden") == "true"


def test_an_entry_whose_program_has_moved_is_mended(entry: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "old.AppImage", tmp_path / "new.AppImage"
    for file in (old, new):
        file.write_text("")
        file.chmod(0o755)
    XdgAutostart(lambda: [str(old)]).set(True)
    text = entry.read_text()
    assert XdgAutostart(lambda: [str(new)]).is_on()
    assert entry.read_text() == text  # it works, and may be as the user wants it
    old.unlink()
    assert XdgAutostart(lambda: [str(new)]).is_on()
    assert value(entry, "Exec") == value(entry, "TryExec") == str(new)


def test_a_command_of_any_characters_comes_out_again(entry: Path) -> None:
    XdgAutostart(lambda: AWKWARD).set(True)
    told = unescaped(value(entry, "Exec")).replace("%%", "%")
    # What stands in quotes is marked as for a shell.
    done = subprocess.run(["sh", "-c", f"printf '%s\\0' {told}"], capture_output=True, text=True, check=True)
    assert done.stdout.split("\0")[:-1] == AWKWARD
    assert unescaped(value(entry, "TryExec")) == AWKWARD[0]


@pytest.mark.parametrize("command", [[sys.executable], AWKWARD], ids=["plain", "awkward"])
def test_the_entry_is_valid(entry: Path, command: list[str]) -> None:
    if not shutil.which("desktop-file-validate"):
        pytest.skip("desktop-file-validate is not installed")
    XdgAutostart(lambda: command).set(True)
    done = subprocess.run(["desktop-file-validate", str(entry)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_folder_that_can_not_be_written_is_told(autostart: XdgAutostart, entry: Path) -> None:
    entry.parent.parent.mkdir()
    entry.parent.write_text("a file where the folder should be")
    with pytest.raises(SettingsError, match="can't be changed"):
        autostart.set(True)


class TestCommand:
    def test_an_app_image_is_started_by_its_own_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("APPIMAGE", "/elsewhere/Harken.AppImage")
        assert launch.command() == ["/elsewhere/Harken.AppImage"]

    def test_a_frozen_program_is_its_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        assert launch.command() == [sys.executable]

    def test_an_installed_package_has_a_script(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        script = tmp_path / "harken"
        script.write_text("")
        monkeypatch.setattr(sys, "argv", [str(script)])
        assert launch.command() == [str(script)]

    def test_a_checkout_starts_from_any_folder(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
        monkeypatch.setattr(sys, "argv", ["pytest"])
        command = launch.command()
        done = subprocess.run([*command, "--version"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0
        assert done.stdout.startswith("harken ")
