"""Entries by which a Linux desktop starts a program: freedesktop.org's Desktop Entry Specification."""

from __future__ import annotations

import contextlib
import re
import shutil
from pathlib import Path

from reader.support import files

# What has to stand in quotes in a command line, and what in quotes still has to be marked.
_RESERVED = re.compile(r"[\s\"'\\><~|&;$*?#()`]")
_MARKED = re.compile(r'(["`$\\])')


def read(file: Path) -> dict[str, str]:
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


def has_program(entry: dict[str, str]) -> bool:
    """Whether what it starts is there. Desktops pass over an entry whose program is not."""
    return bool(shutil.which(entry.get("TryExec", "sh")))


def text(command: list[str], comment: str, **more: str) -> str:
    """An entry that starts Harken, with more keys."""
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Name=Harken",
        f"Comment={_escaped(comment)}",
        f"Exec={_escaped(' '.join(map(_quoted, command)))}",
        f"TryExec={_escaped(command[0])}",
        "Terminal=false",
        *(f"{key}={_escaped(value)}" for key, value in more.items()),
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
