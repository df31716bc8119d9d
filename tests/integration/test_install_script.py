"""packaging/linux/install.sh with a small bundle: it removes what it has installed, and nothing else."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from reader.support.app_id import APP_ID

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the script is Linux's")

SCRIPT = Path(__file__).parents[2] / "packaging" / "linux" / "install.sh"
ENTRY = "[Desktop Entry]\nName=Harken\nExec=harken\nTryExec=harken\n\n[Desktop Action stop]\nExec=harken-key stop\n"
SERVICE = "[D-BUS Service]\nName=example.harken.Harken\nExec=/usr/bin/env HARKEN_FOR_COMMAND=1 /usr/bin/harken\n"
FILES = {
    "harken": "#!/bin/sh\necho purged >>\"$HOME/purged\"\n",
    "harken-key": "#!/bin/sh\n",
    "LICENSE": "", "NOTICE": "", "sbom.cdx.json": "",
    "_internal/base.zip": "library",
    "_internal/with spaces/Lorem ipsum.txt": "a file of a library",
    "_internal/odd/-n [a] $(b) `c` 'd' \"e\" \\f é": "odd",
    f"share/applications/{APP_ID}.desktop": ENTRY,
    f"share/dbus-1/services/{APP_ID}.service": SERVICE,
    "share/icons/hicolor/scalable/apps/harken.svg": "<svg/>",
    "share/man/man1/harken.1": "",
    "share/bash-completion/completions/harken": "",
    "share/zsh/vendor-completions/_harken": "",
    "share/fish/vendor_completions.d/harken.fish": "",
    f"share/metainfo/{APP_ID}.metainfo.xml": "",
}  # fmt: skip
OTHERS = {
    ".local/bin/other": "another program",
    ".local/lib/other/data": "its data",
    ".local/share/applications/other.desktop": "its entry",
    ".local/share/icons/hicolor/scalable/apps/other.svg": "its icon",
}
EMPTY = ".local/share/other/waits/for files"


@dataclass
class User:
    """Somebody with a home folder, and a bundle that was unpacked in it."""

    home: Path
    bundle: Path

    def run(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return self.run_script(self.bundle / "install.sh", *arguments, **env)

    def run_script(self, script: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        given = {"HOME": str(self.home), "PATH": os.environ["PATH"], **env}
        command = ["sh", str(script), *arguments]
        return subprocess.run(command, env=given, check=False, capture_output=True, text=True, cwd=self.home)

    def install(self, **env: str) -> None:
        done = self.run(**env)
        assert (done.returncode, done.stderr) == (0, "")

    def everything(self) -> dict[str, str]:
        """What is in the home folder: folders, links and where they lead, files and what is in them."""
        found = {}
        for path in self.home.rglob("*"):
            name = str(path.relative_to(self.home))
            if path.is_symlink():
                found[name] = os.readlink(path)
            else:
                found[name] = "folder" if path.is_dir() else path.read_text()
        return found


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def make_bundle(folder: Path, files: dict[str, str]) -> Path:
    write(folder, files)
    (folder / "_internal" / "link.so").symlink_to("base.zip")
    shutil.copyfile(SCRIPT, folder / "install.sh")
    for name in ("harken", "harken-key"):
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def user(tmp_path: Path) -> User:
    home = tmp_path / "home of somebody"
    home.mkdir()
    write(home, OTHERS)
    (home / EMPTY).mkdir(parents=True)
    return User(home, make_bundle(tmp_path / "unpacked bundle", FILES))


def test_what_was_there_is_there_afterwards_and_nothing_else(user: User) -> None:
    before = user.everything()
    user.install()
    installed = user.everything()
    assert installed[".local/bin/harken"] == "../lib/harken/harken"
    assert installed[".local/bin/harken-key"] == "../lib/harken/harken-key"
    assert installed[".local/share/zsh/site-functions/_harken"] == ""
    assert installed[".local/lib/harken/_internal/link.so"] == "base.zip"
    assert (user.home / ".local/lib/harken/harken").stat().st_mode & stat.S_IXUSR
    done = user.run("--remove")
    assert done.returncode == 0, done.stderr
    assert user.everything() == before


def test_the_installed_script_removes_its_own_installation(user: User) -> None:
    before = user.everything()
    prefix = user.home / "elsewhere"
    user.install(PREFIX=str(prefix))
    user.install()
    done = user.run_script(prefix / "lib/harken/install.sh", "--remove")
    assert done.returncode == 0, done.stderr
    assert not prefix.exists()
    assert (user.home / ".local/bin/harken").is_symlink()
    user.run("--remove")
    assert user.everything() == before


def test_a_users_own_files_in_harkens_folders_stay(user: User) -> None:
    user.install()
    own = {
        ".local/lib/harken/notes.txt": "mine", ".local/lib/harken/_internal/with spaces/mine": "mine",
        ".local/share/icons/hicolor/scalable/apps/mine.svg": "mine", ".local/share/man/man1/mine.1": "mine",
    }  # fmt: skip
    write(user.home, own)
    user.install()  # an upgrade
    assert own.items() <= user.everything().items()
    user.run("--remove")
    left = user.everything()
    assert own.items() <= left.items()
    assert not [name for name in left if "harken" in Path(name).name.lower() and left[name] != "folder"]
    user.install()  # and they are in nobody's way
    user.run("--remove")
    assert user.everything() == left


def test_what_is_another_programs_is_not_replaced(user: User) -> None:
    theirs = {".local/bin/harken": "pipx's", f".local/share/applications/{APP_ID}.desktop": "the user's own entry"}
    write(user.home, theirs)
    done = user.run()
    assert done.returncode == 0
    assert all(str(user.home / name) in done.stderr for name in theirs)
    user.run("--remove")
    assert theirs.items() <= user.everything().items()


def test_a_link_that_became_another_programs_stays(user: User) -> None:
    user.install()
    link = user.home / ".local/bin/harken"
    link.unlink()
    link.symlink_to("../share/pipx/harken")
    user.run("--remove")
    assert os.readlink(link) == "../share/pipx/harken"


def test_another_program_of_the_name_is_not_mixed_with(user: User) -> None:
    write(user.home, {".local/lib/harken/harken": "theirs"})
    before = user.everything()
    done = user.run()
    assert (done.returncode, "Choose another folder" in done.stderr) == (2, True)
    assert user.everything() == before


@pytest.mark.parametrize("name", ["a b", 'it\'s $HOME, & "so"', "50%", "back\\slash", "`tick`", "-n", "ünïcode"])
def test_odd_names_of_folders(user: User, name: str) -> None:
    before = user.everything()
    prefix = user.home / name
    user.install(PREFIX=str(prefix))
    entry = prefix / f"share/applications/{APP_ID}.desktop"
    # GLib reads the entry as every desktop does.
    read = subprocess.run(
        [sys.executable, "-c", READ_ENTRY, str(entry)], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert read == [f"{prefix}/lib/harken/harken", f"{prefix}/lib/harken/harken-key", "stop"]
    if shutil.which("dbus-run-session"):
        start_through_bus(prefix / "share", user.home)
        (user.home / "purged").unlink()
    assert user.run("--remove", PREFIX=str(prefix)).returncode == 0
    assert user.everything() == before


def start_through_bus(data: Path, home: Path) -> None:
    """Have a session bus start Harken, which notes that, by the service file in a folder of data."""
    env = {**os.environ, "XDG_DATA_HOME": str(data), "XDG_DATA_DIRS": str(data), "HOME": str(home)}
    call = f"dbus-send --session --dest={APP_ID} / org.freedesktop.DBus.Peer.Ping"
    waits = 'until [ -e "$HOME/purged" ]; do sleep 0.01; done'
    command = ["dbus-run-session", "--", "sh", "-c", f"{call}; {waits}"]
    subprocess.run(command, env=env, check=True, capture_output=True, timeout=30)


# What a desktop makes of Exec: the text unescaped, then the command line unquoted, then field codes.
READ_ENTRY = """
import configparser, re, shlex, sys
entry = configparser.RawConfigParser(strict=False)
entry.optionxform = str
entry.read(sys.argv[1], encoding="utf-8")
for group in ("Desktop Entry", "Desktop Action stop"):
    text = re.sub(r"\\\\\\\\(.)", r"\\\\1", entry[group]["Exec"])
    quoted, rest = re.fullmatch(r'"((?:[^"\\\\\\\\]|\\\\\\\\.)*)"(.*)', text).groups()
    print(re.sub(r"\\\\\\\\(.)", r"\\\\1", quoted).replace("%%", "%"), *rest.split(), sep="\\n")
""".replace("\\\\", "\\")


def test_a_folder_with_a_line_break_is_refused(user: User) -> None:
    before = user.everything()
    assert user.run(PREFIX=str(user.home / "two\nlines")).returncode == 2
    assert user.everything() == before


def test_the_users_folder_for_data_is_used_and_left(user: User) -> None:
    before = user.everything()
    user.install(XDG_DATA_HOME=str(user.home / "my data"))
    assert (user.home / f"my data/applications/{APP_ID}.desktop").exists()
    assert user.run("--remove").returncode == 0  # wherever the variable points by now
    assert user.everything() == before


def test_a_new_version_leaves_nothing_of_the_old_one(user: User, tmp_path: Path) -> None:
    before = user.everything()
    user.install()
    fewer = {name: text for name, text in FILES.items() if "base.zip" not in name and "man1" not in name}
    fewer["_internal/base.zip"] = "a newer library"
    newer = User(user.home, make_bundle(tmp_path / "newer", fewer))
    newer.install()
    found = newer.everything()
    assert found[".local/lib/harken/_internal/base.zip"] == "a newer library"
    assert ".local/share/man/man1/harken.1" not in found
    newer.run("--remove")
    assert newer.everything() == before


@pytest.fixture(params=["listed", "not listed"])
def older(request: pytest.FixtureRequest, user: User) -> User:
    """An older version is installed, whose list had only what is outside its own folder; or which had none."""
    local = user.home / ".local"
    listed = ["bin/harken", "share/applications/harken.desktop"]  # as the entry was called then
    listed += [name for name in FILES if name.startswith(("share/icons", "share/man"))]
    write(local, dict.fromkeys(listed[1:], "older"))
    write(local / "lib/harken", {"harken": "older", "LICENSE": "", "install.sh": "older", "_internal/old.so": "older"})
    (local / "bin/harken").symlink_to("../lib/harken/harken")
    if request.param == "listed":
        (local / "lib/harken/installed-files").write_text("".join(f"{name}\n" for name in listed))
    return user


def test_an_older_version_is_upgraded_and_removed(older: User) -> None:
    write(older.home, {".local/lib/harken/notes.txt": "mine"})
    older.install()
    found = older.everything()
    assert ".local/lib/harken/_internal/old.so" not in found
    assert "older" not in found.values()
    older.run("--remove")
    left = older.everything()
    assert OTHERS.items() <= left.items()
    assert left[EMPTY] == "folder"
    assert left[".local/lib/harken/notes.txt"] == "mine"
    assert [name for name, text in left.items() if text != "folder" and name not in OTHERS] == [
        ".local/lib/harken/notes.txt"
    ]


def test_an_older_version_is_removed_by_the_new_script(older: User) -> None:
    assert older.run("--remove").returncode == 0
    left = older.everything()
    assert {name for name, text in left.items() if text != "folder"} == OTHERS.keys()
    assert left[EMPTY] == "folder"


@pytest.mark.parametrize("is_upgrade", [False, True], ids=["new", "upgrade"])
def test_one_that_broke_off_anywhere_is_removed_or_finished(user: User, tmp_path: Path, is_upgrade: bool) -> None:
    """The script is killed at each of the programs it calls, in turn."""
    before = user.everything()
    tools, count = tmp_path / "tools", tmp_path / "count"
    tools.mkdir()
    for name in ("cp", "mkdir", "mv", "ln", "rm"):
        tool = tools / name
        real = shutil.which(name)
        tool.write_text(
            f'#!/bin/sh\nleft=$(($(cat "{count}") - 1))\necho $left >"{count}"\n'
            f'[ $left -ne 0 ] || kill -9 $PPID\nexec {real} "$@"\n'
        )
        tool.chmod(0o755)
    broken = 0
    for calls in range(1, 200):
        if is_upgrade:
            user.install()
        count.write_text(str(calls))
        done = user.run(PATH=f"{tools}:{os.environ['PATH']}")
        if done.returncode == 0:
            break
        broken += 1
        if calls % 2:
            user.install()
        assert user.run("--remove").returncode == 0
        left = user.everything()
        assert {name: text for name, text in left.items() if before.get(name) != text} == {}
        assert before.items() <= left.items()
    else:
        pytest.fail("it was never whole")
    assert broken > 10


def test_purge_asks_harken_and_then_removes_it(user: User) -> None:
    before = user.everything()
    user.install()
    assert user.run("--purge").returncode == 0
    assert user.everything() == {**before, "purged": "purged\n"}


def test_where_nothing_is_installed_nothing_is_removed(user: User) -> None:
    before = user.everything()
    done = user.run("--remove")
    assert (done.returncode, "Harken is not installed in" in done.stdout) == (0, True)
    assert user.everything() == before
