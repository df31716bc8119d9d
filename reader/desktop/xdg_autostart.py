"""Start at login on Linux: an entry in the user's autostart folder (freedesktop.org's Desktop Application Autostart).

Desktops' own tools remove such an entry or switch it off in it. One in a folder of the system, which a package may
bring, holds for all users unless the user has one of the same name.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from reader.errors import SettingsError
from reader.support import files
from reader.support.i18n import translate

_NAME = "harken.desktop"
# What has to stand in quotes in a command line, and what in quotes still has to be marked.
_RESERVED = re.compile(r"[\s\"'\\><~|&;$*?#()`]")
_MARKED = re.compile(r'(["`$\\])')


class XdgAutostart:
    """Implements Autostart."""

    def __init__(self, command: Callable[[], list[str]]) -> None:
        """`command` starts Harken."""
        self._command = command

    def is_on(self) -> bool:
        """An entry whose program has moved is brought up to date."""
        own = _own_file()
        found = next((file for file in (own, *_system_files()) if os.path.isfile(file)), None)
        if found is None:
            return False
        entry = _read(found)
        is_on = entry.get("Hidden") != "true" and entry.get("X-GNOME-Autostart-enabled") != "false"
        if is_on and found == own and not shutil.which(entry.get("TryExec", "sh")):
            with contextlib.suppress(SettingsError):
                self.set(True)
        return is_on

    def set(self, is_on: bool) -> None:
        own = _own_file()
        is_systems = any(map(os.path.isfile, _system_files()))
        try:
            if is_on or is_systems:
                own.parent.mkdir(parents=True, exist_ok=True)
                files.write_text(own, _entry(self._command(), is_hidden=not is_on))
            else:
                own.unlink(missing_ok=True)
        except OSError as error:
            sentence = translate("reader", "{file} can't be changed: {why}.")
            raise SettingsError(sentence.format(file=own, why=error.strerror)) from error


def _own_file() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "autostart" / _NAME


def _system_files() -> list[Path]:
    folders = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    return [Path(folder) / "autostart" / _NAME for folder in folders.split(":") if folder]


def _read(file: Path) -> dict[str, str]:
    """The keys of the entry's own group; one that can't be read has none."""
    entry: dict[str, str] = {}
    group = ""
    with contextlib.suppress(OSError, files.DamagedFileError):
        for line in files.read_text(file).splitlines():
            if line.startswith("["):
                group = line.strip()
            elif group == "[Desktop Entry]" and "=" in line and not line.startswith("#"):
                key, _, value = line.partition("=")
                entry[key.strip()] = value.strip()
    return entry


def _entry(command: list[str], *, is_hidden: bool) -> str:
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Name=Harken",
        f"Comment={_escaped(translate('reader', 'Reads selected text aloud'))}",
        f"Exec={_escaped(' '.join(map(_quoted, command)))}",
        f"TryExec={_escaped(command[0])}",
        "Icon=harken",
        "Terminal=false",
        f"Hidden={str(is_hidden).lower()}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(argument: str) -> str:
    """An argument as the standard has it in command lines, where a percent sign begins a field code."""
    argument = argument.replace("%", "%%")
    if argument and not _RESERVED.search(argument):
        return argument
    marked = _MARKED.sub(r"\\\1", argument)
    return f'"{marked}"'


def _escaped(value: str) -> str:
    """A value as it stands in the file."""
    return value.replace("\\", "\\\\").replace("\n", "\\n")
