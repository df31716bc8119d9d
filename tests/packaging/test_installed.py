"""The .deb, and then the bundle: checked by Debian's own tools, installed, used by an ordinary user, removed."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reader.support.app_id import ENTRY
from tests.desktop.desk import wait_for
from tests.packaging import smoke
from tests.packaging.clean_root import AS_USER, USER, CleanRoot, UserDesk, needs_root
from tests.packaging.conftest import BUILD, DIST, ROOT, made
from tests.packaging.smoke import READ, TEXT

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


def start_from_menu(desk: UserDesk, entry: Path | None = None) -> None:
    """Start what the desktop entry starts, and wait until it is warm."""
    entry = entry or desk.root.folder / f"usr/share/applications/{ENTRY}"
    command = re.search(r"^Exec=(.*)$", entry.read_text(), re.MULTILINE)
    assert command
    desk.program[len(desk.inside) :] = shlex.split(command.group(1))
    desk.start_harken()


# ---- before it is installed ----


def test_lintian_finds_nothing(package: Path) -> None:
    command = ["lintian", "--fail-on", "error,warning", "--allow-root", str(package)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_menu_entry_and_the_metainfo_are_sound() -> None:
    subprocess.run(["desktop-file-validate", str(BUILD / f"share/applications/{ENTRY}")], check=True)
    (metainfo,) = (BUILD / "share/metainfo").iterdir()
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", str(metainfo)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


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
    desk.close_windows()


def test_harken_key_asks_it(desk: UserDesk) -> None:
    """From outside, where the desktop's programs are."""
    key = [*AS_USER, str(desk.root.folder / "usr/bin/harken-key")]
    before = desk.harken_output("settings", "get", "sound.volume")
    assert desk.complain([*key, "quieter"]) == (0, "")
    assert desk.harken_output("settings", "get", "sound.volume") != before
    assert desk.complain([*key, "louder"]) == (0, "")
    assert desk.harken_output("settings", "get", "sound.volume") == before


@pytest.mark.parametrize(
    "check",
    [smoke.all_parts, smoke.german_windows, smoke.a_crash],
    ids=lambda check: check.__name__,
)
def test_nothing_was_lost_in_freezing(desk: UserDesk, check: Callable[[UserDesk], None]) -> None:
    check(desk)


def test_settings_are_changed_and_kept(desk: UserDesk) -> None:
    assert desk.harken_run("settings", "set", "voice.id", "espeak/").returncode == 0
    assert desk.harken_run("settings", "set", "keys.stop", "Ctrl+Alt+S").returncode == 0
    assert desk.harken_run("settings", "set", "system.start_at_login", "on").returncode == 0
    entry = (desk.home / f".config/autostart/{ENTRY}").read_text()
    assert "Exec=/usr/lib/harken/harken" in entry


def test_an_action_of_the_menu_entry_starts_it_first(desk: UserDesk) -> None:
    assert desk.harken
    desk.end(desk.harken)
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    desk.begin()
    entry = (desk.root.folder / f"usr/share/applications/{ENTRY}").read_text()
    action = re.search(r"^\[Desktop Action read-selection\]$.*?^Exec=(.*?)$", entry, re.MULTILINE | re.DOTALL)
    assert action
    done = desk.run(*shlex.split(action.group(1)))
    assert done.returncode == 0, done.stderr
    desk.wait_for_record("segment")
    desk.keyboard.press("ctrl+alt+s")
    desk.wait_for_record("ended", whole=False)
    desk.close_windows()
    running = smoke.pid(desk)
    assert running
    os.kill(running, signal.SIGTERM)
    wait_for(lambda: not smoke.pid(desk), "its end")


# ---- upgraded and removed ----


def home_files(desk: UserDesk) -> dict[Path, bytes]:
    """What the user has, the keyring's files among them."""
    return {path: path.read_bytes() for path in desk.home.rglob("*") if path.is_file() and not path.is_symlink()}


def upgrade() -> Path:
    command = [sys.executable, "packaging/build.py", "--quick", "--reuse", "--version", NEXT_VERSION, "deb"]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return made(f"harken_{NEXT_VERSION}_*.deb")


def test_an_upgrade_and_a_downgrade_keep_the_settings(desk: UserDesk, root: CleanRoot, package: Path) -> None:
    file = desk.home / ".config/harken/settings.toml"
    file.write_text(file.read_text() + '\n[future]\n# of a version to come\nkind = "unknown"\n')
    sums = (DIST / "SHA256SUMS").read_text()
    newer = upgrade()
    keyring = desk.home / ".local/share/keyrings/login.keyring"
    keyring.parent.mkdir(parents=True, exist_ok=True)
    keyring.write_bytes(b"entries")
    try:
        for version in (newer, package):
            assert desk.harken
            desk.end(desk.harken)
            had = home_files(desk)
            root.install(version)
            assert home_files(desk) == had
            start_from_menu(desk)
            assert desk.harken_output("settings", "get", "voice.id") == "espeak/\n"
            assert desk.harken_run("settings", "set", "voice.speed", "1.2").returncode == 0
            assert 'kind = "unknown"' in file.read_text()
            assert "# of a version to come" in file.read_text()
            assert (desk.home / f".config/autostart/{ENTRY}").exists()
            smoke.read_and_stop(desk, "ctrl+alt+s")
    finally:
        newer.unlink()
        (DIST / "SHA256SUMS").write_text(sums)


def test_removal_leaves_the_users_own_files(desk: UserDesk, root: CleanRoot) -> None:
    assert desk.harken
    desk.end(desk.harken)
    root.run("apt-get", "remove", "-y", "-q", "harken")  # what it depended on stays, for the next test
    assert not (root.folder / "usr/lib/harken").exists()
    assert (desk.home / ".config/harken/settings.toml").exists()


# ---- the bundle for every Linux, in the same system ----


def test_the_bundle_is_installed_by_its_script_and_removed_again(desk: UserDesk, root: CleanRoot) -> None:
    bundle = made("harken-*-linux-*.tar.gz")
    subprocess.run(["tar", "-xzf", str(bundle), "-C", str(desk.home), "--no-same-owner"], check=True)
    (folder,) = desk.home.glob("harken-*-linux-*")
    unpacked = desk.run(str(folder / "harken"), "--version")
    assert unpacked.stdout.startswith("harken ")
    home = {path for path in desk.home.rglob("*") if folder not in path.parents}
    prefix = desk.home / "other folder"
    prefix.mkdir()
    os.chown(prefix, USER, USER)
    done = desk.run(str(folder / "install.sh"), PREFIX=str(prefix))
    assert done.returncode == 0, done.stderr
    subprocess.run(["rm", "-r", str(folder)], check=True)
    subprocess.run(["desktop-file-validate", str(prefix / f"share/applications/{ENTRY}")], check=True)
    start_from_menu(desk, prefix / f"share/applications/{ENTRY}")
    smoke.all_parts(desk)
    smoke.read_and_stop(desk, "ctrl+alt+s")
    assert desk.harken
    desk.end(desk.harken)
    done = desk.run(str(prefix / "lib/harken/install.sh"), "--purge", PREFIX=str(prefix))
    assert done.returncode == 0, done.stderr
    left = set(desk.home.rglob("*")) - home
    ours = {path for path in left if prefix in path.parents or "harken" in str(path.relative_to(desk.home)).lower()}
    assert ours == set()  # the editor and the keyring leave things of theirs
    assert not (desk.home / ".config/harken").exists()
    assert not (desk.home / f".config/autostart/{ENTRY}").exists()


def test_purging_leaves_the_root_as_it_was(desk: UserDesk, root: CleanRoot, before: dict[str, str]) -> None:
    root.run("apt-get", "autoremove", "-y", "-q", "--purge")
    after = root.files()
    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} == set()
