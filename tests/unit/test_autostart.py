"""Start at login: the entry is the truth, whoever changed it."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reader.desktop import launch
from reader.desktop.xdg_autostart import XdgAutostart
from reader.desktop.xdg_menu_entry import XdgMenuEntry
from reader.errors import SettingsError
from reader.support.app_id import APP_ID, ENTRY, OLD_ENTRY

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
    return tmp_path / "config" / "autostart" / ENTRY


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
    (folders / ENTRY).write_text("[Desktop Entry]\nType=Application\nName=Harken\nExec=harken\n")
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


class TestOldName:
    """An older Harken called its entry otherwise."""

    @pytest.fixture
    def old(self, entry: Path) -> Path:
        entry.parent.mkdir(parents=True)
        return entry.with_name(OLD_ENTRY)

    @pytest.mark.parametrize("line", ["Hidden=false", "Hidden=true", "X-GNOME-Autostart-enabled=false"])
    def test_what_it_says_holds_under_the_new_one(
        self, autostart: XdgAutostart, entry: Path, old: Path, line: str
    ) -> None:
        text = f"[Desktop Entry]\nType=Application\nName=Harken\nExec=harken --mine\n{line}\n"
        old.write_text(text)
        assert autostart.is_on() is (line == "Hidden=false")
        assert (old.exists(), entry.read_text()) == (False, text)

    def test_two_become_one(self, autostart: XdgAutostart, entry: Path, old: Path) -> None:
        autostart.set(True)
        shutil.copyfile(entry, old)
        assert autostart.is_on()
        assert [file.name for file in entry.parent.iterdir()] == [ENTRY]
        shutil.copyfile(entry, old)
        autostart.set(False)
        assert list(entry.parent.iterdir()) == []

    def test_a_packages_is_hidden_where_the_new_one_holds(
        self, autostart: XdgAutostart, entry: Path, old: Path, folders: Path
    ) -> None:
        (folders / OLD_ENTRY).write_text("[Desktop Entry]\nType=Application\nName=Harken\nExec=harken\n")
        assert autostart.is_on()
        autostart.set(True)
        assert (value(entry, "Hidden"), value(old, "Hidden")) == ("false", "true")
        assert autostart.is_on()
        autostart.set(False)
        assert not autostart.is_on()
        assert value(old, "Hidden") == "true"


class TestMenuEntry:
    """A desktop gives keys only to programs that it knows by an entry."""

    @pytest.fixture
    def data(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "share"))
        return tmp_path / "data" / "applications" / ENTRY

    @pytest.fixture
    def package(self, tmp_path: Path, data: Path) -> Path:
        file = tmp_path / "share" / "applications" / ENTRY
        file.parent.mkdir(parents=True)
        return file

    def test_one_is_made_where_there_is_none_and_removed_again(self, data: Path) -> None:
        menu = XdgMenuEntry(lambda: [sys.executable, "-m", "ui.launch"])
        assert not menu.remove()
        menu.make()
        assert value(data, "Exec") == f"{sys.executable} -m ui.launch"
        assert Path(value(data, "Icon")).is_file()
        if shutil.which("desktop-file-validate"):
            done = subprocess.run(["desktop-file-validate", str(data)], capture_output=True, text=True, check=False)
            assert (done.returncode, done.stdout) == (0, "")
        assert menu.remove()
        assert not data.exists()

    def test_the_session_bus_can_start_it(self, data: Path, tmp_path: Path) -> None:
        if not shutil.which("dbus-run-session"):
            pytest.skip("dbus-run-session is not installed")
        started = tmp_path / "started"
        program = tmp_path / 'it\'s a "program" of 50% \\ $HOME'
        program.write_text(f'#!/bin/sh\necho "$1 $HARKEN_FOR_COMMAND" >"{started}"\n')
        program.chmod(0o755)
        menu = XdgMenuEntry(lambda: [str(program), "a b"])
        menu.make()
        service = data.parents[1] / f"dbus-1/services/{APP_ID}.service"
        call = f"dbus-send --session --dest={APP_ID} / org.freedesktop.DBus.Peer.Ping"
        waits = f'until [ -s "{started}" ]; do sleep 0.01; done'
        command = ["dbus-run-session", "--", "sh", "-c", f"{call}; {waits}"]
        subprocess.run(command, check=True, capture_output=True, timeout=30)
        assert started.read_text() == "a b 1\n"
        program.rename(tmp_path / "moved")
        XdgMenuEntry(lambda: [str(tmp_path / "moved")]).make()
        assert f"{tmp_path}/moved" in service.read_text()
        menu.remove()
        assert not service.exists()

    def test_a_service_file_of_others_stays(self, data: Path) -> None:
        service = data.parents[1] / f"dbus-1/services/{APP_ID}.service"
        service.parent.mkdir(parents=True)
        service.write_text(f"[D-BUS Service]\nName={APP_ID}\nExec=/gone/harken\n")
        menu = XdgMenuEntry(lambda: [sys.executable])
        menu.make()
        menu.remove()
        assert "/gone/harken" in service.read_text()

    def test_a_packages_is_enough(self, data: Path, package: Path) -> None:
        package.write_text("[Desktop Entry]\nType=Application\nName=Harken\nExec=harken\nTryExec=sh\n")
        XdgMenuEntry(lambda: [sys.executable]).make()
        assert not data.exists()

    def test_a_packages_whose_program_is_not_found_counts_as_none(self, data: Path, package: Path) -> None:
        """A portal then says "App info not found"."""
        package.write_text("[Desktop Entry]\nType=Application\nName=Harken\nExec=harken\nTryExec=/no/such/harken\n")
        XdgMenuEntry(lambda: [sys.executable]).make()
        assert value(data, "TryExec") == sys.executable

    def test_one_whose_program_has_moved_is_mended_and_the_users_own_is_left(self, data: Path) -> None:
        XdgMenuEntry(lambda: ["/gone/harken"]).make()
        menu = XdgMenuEntry(lambda: [sys.executable])
        menu.make()
        assert value(data, "TryExec") == sys.executable
        own = "[Desktop Entry]\nType=Application\nName=Mine\nExec=/gone/harken\nTryExec=/gone/harken\n"
        data.write_text(own)
        menu.make()
        assert data.read_text() == own
        assert not menu.remove()

    @pytest.mark.noisy
    def test_a_folder_that_can_not_be_written_holds_up_nothing(
        self, data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "data").write_text("a file where the folder should be")
        XdgMenuEntry(lambda: [sys.executable]).make()
        assert "no menu entry" in caplog.text


def test_the_name_is_one_everywhere() -> None:
    root = Path(__file__).parents[2]
    linux = root / "packaging" / "linux"
    assert "." in APP_ID
    assert (linux / ENTRY).is_file()
    metainfo = (linux / f"{APP_ID}.metainfo.xml").read_text()
    assert f"<id>{APP_ID}</id>" in metainfo
    assert f'<launchable type="desktop-id">{ENTRY}</launchable>' in metainfo
    assert f"app-id: {APP_ID}\n" in (linux / f"{APP_ID}.yml").read_text()
    assert f"<string>{APP_ID}</string>" in (root / "packaging/macos/Info.plist").read_text()
    kept_at = {root / "reader/support/app_id.py"}
    code = [path for folder in ("reader", "ui") for path in (root / folder).rglob("*.py") if path not in kept_at]
    assert [path for path in code if APP_ID in path.read_text(encoding="utf-8")] == []


def test_a_folder_that_cant_be_looked_into_has_no_entry(
    autostart: XdgAutostart, entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    autostart.set(True)
    stat = os.stat

    def refused(path: str | Path, *values: Any, **named: Any) -> os.stat_result:
        if str(path).startswith(str(entry.parent)):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return stat(path, *values, **named)

    monkeypatch.setattr(os, "stat", refused)
    assert not autostart.is_on()
