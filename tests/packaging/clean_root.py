"""A Debian of its own to install into, and an ordinary user in it with a desktop. Needs root, to make it and to mount.

The system is made once (debootstrap, half a minute) and copied for each use. Desktop, sound server and other programs
run outside, as the same user; only Harken runs inside, so that it finds nothing there but what its package brought.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.desktop.desk import TIED, Desk
from tests.packaging.conftest import BUILD

USER = 65534  # nobody: known to every system, which D-Bus wants
AS_USER = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
_BUS = """<busconfig><type>session</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy>
<servicedir>/usr/share/dbus-1/services</servicedir></busconfig>
"""
# A system that nobody keeps need not survive a power cut.
_HASTE = {"DPKG_FORCE": "unsafe-io"}
# Changed by any installation, and by no one's fault.
_CHANGING = (
    "/var/lib/dpkg/",
    "/var/lib/apt/",
    "/var/cache/",
    "/var/log/",
    "/etc/ld.so.cache",
    "/proc/",
    "/tmp/",
    "/run/",
)


class CleanRoot:
    """The system. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mounts: list[Path] = []

    def __enter__(self) -> Self:
        base = BUILD / "clean-root"
        if not (base / "made").exists():
            _make(base)
        shutil.rmtree(self.folder, ignore_errors=True)
        subprocess.run(["cp", "-a", "--reflink=auto", str(base / "root"), str(self.folder)], check=True)
        self._mount(["-t", "proc", "proc"], "proc")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for place in reversed(self._mounts):
            subprocess.run(["umount", "--lazy", str(place)], check=False)
        subprocess.run(["rm", "-rf", "--one-file-system", str(self.folder)], check=True)

    def share(self, folder: Path) -> None:
        """Have a folder inside too, at the same place."""
        self._mount(["--bind", str(folder)], str(folder).lstrip("/"))

    def _mount(self, what: list[str], where: str) -> None:
        place = self.folder / where
        place.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", *what, str(place)], check=True)
        self._mounts.append(place)

    def run(self, *command: str) -> str:
        """Run a command inside as root and return what it prints. Raises AssertionError when it fails."""
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        env |= _HASTE
        done = subprocess.run(
            ["chroot", str(self.folder), *command], check=False, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def install(self, package: Path) -> None:
        """Install a .deb with apt, and what it depends on."""
        shutil.copy(package, self.folder / "tmp")
        self.run(
            "apt-get", "install", "-y", "-q", "--no-install-recommends", "--allow-downgrades", f"/tmp/{package.name}"
        )

    def files(self) -> dict[str, str]:
        """Every file and what is in it, but for what any installation changes."""
        found = {}
        for folder, folders, names in os.walk(self.folder):
            inside = folder.removeprefix(str(self.folder)) + "/"
            if inside.startswith(_CHANGING):
                folders.clear()
                continue
            for name in [*names, *folders]:
                path = Path(folder, name)
                if (inside + name).startswith(_CHANGING):
                    continue
                if path.is_symlink():
                    found[inside + name] = f"-> {path.readlink()}"
                elif path.is_file():
                    found[inside + name] = hashlib.sha256(path.read_bytes()).hexdigest()
                else:
                    found[inside + name] = ""
        return found


def _make(base: Path) -> None:
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir(parents=True)
    root = base / "root"
    with (base / "log").open("wb") as log:
        command = ["debootstrap", "--variant=minbase", "bookworm", str(root)]
        subprocess.run(command, check=True, stdout=log, stderr=log, env=os.environ | _HASTE)
    for name in ("resolv.conf", "apt/apt.conf.d", "apt/sources.list.d"):  # a machine may reach a mirror of its own
        source, target = Path("/etc", name), root / "etc" / name
        if source.is_dir():
            for file in source.iterdir():
                if file.is_file() and not file.name.startswith(("docker", "20packagekit", "50appstream", "70debconf")):
                    shutil.copy(file, target)
        elif source.exists():
            shutil.copy(source, target)
    if any((root / "etc/apt/sources.list.d").iterdir()):
        (root / "etc/apt/sources.list").unlink()  # debootstrap's own, which names the same once more
    inside = ["chroot", str(root)]
    subprocess.run([*inside, "apt-get", "update", "-qq"], check=True)
    (base / "made").touch()


class UserDesk(Desk):
    """A desktop of an ordinary user, who works inside a clean root."""

    def __init__(self, root: CleanRoot) -> None:
        super().__init__(tray=True)
        self.root = root
        self.env |= {"PULSE_SERVER": f"unix:{self.runtime}/pulse/native", "PATH": "/usr/sbin:/usr/bin:/bin"}
        del self.env["PYTHONPATH"]
        state = self.home / ".local/state/harken"
        state.mkdir(parents=True)
        for path in (self.folder, self.runtime, self.home, *state.parents[:2], state):
            os.chown(path, USER, USER)
        root.share(self.folder)
        self.program = [*self.inside, "/usr/bin/harken"]

    @property
    def inside(self) -> list[str]:
        """What makes a command run inside, as the user."""
        return ["chroot", f"--userspec={USER}:{USER}", str(self.root.folder)]

    def start_program(self, command: Sequence[str], name: str, **more: Any) -> subprocess.Popen[bytes]:
        """As the user."""
        is_inside = command[0] == "chroot"
        return super().start_program(command if is_inside else [*AS_USER, *command], name, **more)

    def _start_bus(self) -> None:
        """A bus that root may use too, to look at the user's desktop from outside."""
        config, socket = self.folder / "bus.conf", self.folder / "bus"
        config.write_text(_BUS.format(socket=socket))
        read, write = os.pipe()
        command = [*TIED, "dbus-daemon", f"--config-file={config}", "--nofork", f"--print-address={write}"]
        self.start_program(command, "dbus", pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as file:
            self.env["DBUS_SESSION_BUS_ADDRESS"] = file.readline().strip()

    def run(self, *command: str, feed: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command inside as the user, to its end; `feed` is its standard input."""
        return subprocess.run(
            [*self.inside, *command],
            env=self.env | env, check=False, capture_output=True, text=True, timeout=120, input=feed,
        )  # fmt: skip

    def harken_run(self, *arguments: str, feed: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """A command line of Harken's, to its end."""
        return self.run(*self.program[len(self.inside) :], *arguments, feed=feed, **env)


def needs_root() -> str:
    """Why clean roots can't be made here, or ""."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root can make a system of its own"
    with contextlib.suppress(StopIteration):
        return f"{next(p for p in ('debootstrap', 'setpriv') if not shutil.which(p))} is missing"
    return ""
