"""A desk with Windows on which Harken comes out of its installer, and what of this Windows is another than before."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from tests.windows.desk import WindowsDesk, wait_for
from tests.windows.wine import HANG_S, PYTHON

_VERSION = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion"
UNINSTALL, RUN = rf"{_VERSION}\Uninstall\Harken", rf"{_VERSION}\Run"
APPROVED = rf"{_VERSION}\Explorer\StartupApproved\Run"
PROGRAM = "C:\\users\\{user}\\AppData\\Local\\Programs\\Harken\\{name}"
# Wine's own: how its console looks, written down by the first program that has one, and the key of its keyring.
_OF_WINE = ("HKEY_CURRENT_USER\\Console", "HKEY_CURRENT_USER\\Software\\Wine")
# The removal program, which can't remove itself, and what it calls: Windows removes them when it starts the next time.
_LEFT_BY_NSIS = re.compile(r"Temp/(~nsu\w*|ns\w+)\.tmp/")

Registry = dict[str, dict[str, str]]


def difference(old: Registry, new: Registry) -> Registry:
    """The values that are others now, by their key; what is gone is "". Keys without values are nothing."""
    found = {}
    for key in old.keys() | new.keys():
        before, now = old.get(key, {}), new.get(key, {})
        if changed := {name: now.get(name, "") for name in before | now if before.get(name) != now.get(name)}:
            found[key] = changed
    return found


class InstalledDesk(WindowsDesk):
    """As the desk, but nothing of Harken is there before it is installed."""

    def __init__(self, packages: Path) -> None:
        super().__init__()
        (self._installer,) = packages.glob("harken-*.exe")
        self._before: tuple[set[str], Registry]

    def start_reading(self) -> None:
        # A fault is to end the program, not to show a window about it.
        no_window = ("HKCU\\Software\\Wine\\WineDbg", "/v", "ShowCrashDialog", "/t", "REG_DWORD", "/d", "0", "/f")
        assert self.there.run("reg", "add", *no_window)[0] == 0
        self._before = self._there_now(), self.registry()
        self.install()
        self.skip_first_steps_there()
        self.start_there(self._inside_path("harken.exe"))
        self.wait_for_record("keys")

    @property
    def program_file(self) -> Path:
        """Where this system sees harken.exe."""
        return self.there.home / "AppData/Local/Programs/Harken/harken.exe"

    @property
    def pid(self) -> int:
        """Of the Harken that runs; 0 without one."""
        code, printed = self.command("status", "--json")
        return int(json.loads(printed)["pid"]) if code == 0 else 0

    def install(self) -> None:
        """Run the installer, silently, and wait for its end. A Harken that it starts is recorded."""
        assert self.start_there(f"Z:{self._installer}", "/S").wait(HANG_S) == 0

    def remove(self, *how: str) -> None:
        """Have Harken remove itself, and wait until its program is gone."""
        assert self.start_there(self._inside_path("uninstall.exe"), "/S", *how).wait(HANG_S) == 0
        wait_for(lambda: not self.program_file.with_name("uninstall.exe").exists(), "the end of the removal")

    def command(self, *arguments: str, feed: str = "", limit_s: float = HANG_S) -> tuple[int, str]:
        """The exit code of a command of the installed Harken, and all it printed."""
        stdin = subprocess.PIPE if feed else subprocess.DEVNULL
        with self.there.start(self._inside_path("harken.exe"), *arguments, stdin=stdin) as process:
            printed, _ = process.communicate(feed or None, timeout=limit_s)
        return process.returncode, printed.replace("\r\n", "\n")

    def end_by_a_fault(self, pid: int) -> None:
        """Have a process of Windows' do what no program may."""
        assert self.there.run(PYTHON, "-m", "tests.windows.inside", "fault", str(pid))[0] == 0

    def changed(self) -> tuple[set[str], Registry]:
        """The user's files that were not there before, and the values of the registry that are others."""
        files = {path for path in self._there_now() if not _LEFT_BY_NSIS.match(path)}
        registry = difference(self._before[1], self.registry())
        return files ^ self._before[0], {key: of for key, of in registry.items() if not key.startswith(_OF_WINE)}

    def registry(self) -> Registry:
        """The user's, by key and name."""
        file = self.there.c / "registry.txt"
        assert self.there.run("reg", "export", "HKCU", "C:\\registry.txt", "/y")[0] == 0
        found: Registry = {}
        values: dict[str, str] = {}
        for line in file.read_text("utf-16").replace("\\\n", "").splitlines():
            if line.startswith("["):
                values = found.setdefault(line[1:-1], {})
            elif "=" in line:
                name, _, value = line.partition("=")
                values[name.strip('"')] = value
        return found

    def _there_now(self) -> set[str]:
        found = set()
        for folder, _, names in os.walk(self.there.home):  # which passes over what goes meanwhile
            found |= {str((Path(folder) / name).relative_to(self.there.home)) for name in names}
        return found

    def _inside_path(self, name: str) -> str:
        return PROGRAM.format(user=self.there.home.name, name=name)
