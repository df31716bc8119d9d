"""The .deb: checked by Debian's own tools, installed with apt, used by an ordinary user, upgraded, removed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.desk import wait_for
from tests.packaging.clean_root import USER, CleanRoot, UserDesk, needs_root
from tests.packaging.conftest import BUILD, DIST, ROOT, made

TEXT = "This sentence is read in a system of its own. And so is the one behind it, which is a little longer."
READ = "super+alt+r"
NEXT_VERSION = "99.0"

pytestmark = pytest.mark.skipif(bool(needs_root()), reason=needs_root())


@pytest.fixture(scope="module")
def package() -> Path:
    return made("harken_[0-9]*_*.deb")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CleanRoot]:
    with CleanRoot(BUILD / "clean-root" / "used") as made_root:
        yield made_root


@pytest.fixture(scope="module")
def before(root: CleanRoot) -> dict[str, str]:
    return root.files()


@pytest.fixture(scope="module")
def desk(root: CleanRoot, before: dict[str, str], package: Path, request: pytest.FixtureRequest) -> Iterator[UserDesk]:
    """The user's desktop, with Harken installed and started from the menu."""
    root.install(package)
    with UserDesk(root) as made_desk:
        yield made_desk
        if request.session.testsfailed:
            print(made_desk.report())


def start_from_menu(desk: UserDesk) -> None:
    """Start what the desktop entry starts, and wait until it is warm."""
    entry = (desk.root.folder / "usr/share/applications/harken.desktop").read_text()
    command = re.search(r"^Exec=(.*)$", entry, re.MULTILINE)
    assert command
    desk.program[len(desk.inside) :] = command.group(1).split()
    desk.start_harken()


# ---- before it is installed ----


def test_lintian_finds_nothing(package: Path) -> None:
    command = ["lintian", "--fail-on", "error,warning", "--allow-root", str(package)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_menu_entry_and_the_metainfo_are_sound() -> None:
    subprocess.run(["desktop-file-validate", str(BUILD / "share/applications/harken.desktop")], check=True)
    (metainfo,) = (BUILD / "share/metainfo").iterdir()
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", str(metainfo)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_checksums_are_right() -> None:
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], check=True, cwd=DIST)


# ---- used ----


def test_it_is_started_from_its_menu_entry_and_reads_what_is_selected(desk: UserDesk) -> None:
    start_from_menu(desk)
    assert desk.harken
    assert Path(f"/proc/{desk.harken.pid}").stat().st_uid == USER
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    desk.begin()
    desk.keyboard.press(READ)
    assert desk.wait_for_record("segment")["voice"] == "neural/heart"
    desk.wait_for_record("ended", whole=True)
    assert " ".join(desk.spoken()) == TEXT


def test_the_icon_and_the_keys_stop_it(desk: UserDesk) -> None:
    desk.begin()
    desk.click_tray(1)
    desk.wait_for_record("segment")
    desk.keyboard.press("super+alt+x")
    desk.wait_for_record("ended", whole=False)


def test_all_its_parts_work(desk: UserDesk) -> None:
    rows = {row["part"]: row for row in json.loads(desk.harken_output("doctor", "--json"))}
    assert rows["keys"]["chosen"] == "x11 grabs"
    assert "at-spi" in rows["text"]["chosen"]
    assert rows["voice neural"]["chosen"] == "1 voice"
    assert int(rows["voice espeak"]["chosen"].split()[0]) > 100
    assert rows["sound"]["chosen"] != "none"


def test_settings_are_changed_and_kept(desk: UserDesk) -> None:
    assert desk.harken_run("settings", "set", "voice.id", "espeak/").returncode == 0
    assert desk.harken_run("settings", "set", "keys.stop", "Ctrl+Alt+S").returncode == 0
    assert desk.harken_run("settings", "set", "system.start_at_login", "on").returncode == 0
    entry = (desk.home / ".config/autostart/harken.desktop").read_text()
    assert "Exec=/usr/lib/harken/harken" in entry


# ---- upgraded and removed ----


def upgrade() -> Path:
    command = [sys.executable, "packaging/build.py", "--quick", "--reuse", "--version", NEXT_VERSION, "deb"]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return made(f"harken_{NEXT_VERSION}_*.deb")


def test_an_upgrade_and_a_downgrade_keep_the_settings(desk: UserDesk, root: CleanRoot, package: Path) -> None:
    file = desk.home / ".config/harken/settings.toml"
    file.write_text(file.read_text() + '\n[future]\n# of a version to come\nkind = "unknown"\n')
    sums = (DIST / "SHA256SUMS").read_text()
    newer = upgrade()
    try:
        for version in (newer, package):
            assert desk.harken
            desk.end(desk.harken)
            root.install(version)
            start_from_menu(desk)
            assert desk.harken_output("settings", "get", "voice.id") == "espeak/\n"
            assert desk.harken_run("settings", "set", "voice.speed", "1.2").returncode == 0
            assert 'kind = "unknown"' in file.read_text()
            assert "# of a version to come" in file.read_text()
            assert (desk.home / ".config/autostart/harken.desktop").exists()
            desk.open_text(TEXT)
            desk.select_all(TEXT)
            desk.begin()
            desk.keyboard.press(READ)
            desk.wait_for_record("segment")
            desk.keyboard.press("ctrl+alt+s")
            desk.wait_for_record("ended", whole=False)
            desk.close_windows()
    finally:
        newer.unlink()
        (DIST / "SHA256SUMS").write_text(sums)


def test_removal_leaves_the_root_as_it_was(desk: UserDesk, root: CleanRoot, before: dict[str, str]) -> None:
    assert desk.harken
    desk.end(desk.harken)
    root.run("apt-get", "purge", "-y", "-q", "--autoremove", "harken")
    after = root.files()
    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} == set()
    assert wait_for(lambda: (desk.home / ".config/harken/settings.toml").exists(), "the user's settings")
