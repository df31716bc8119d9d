"""Entries by which a Linux desktop starts a program: freedesktop.org's Desktop Entry Specification."""

from __future__ import annotations

import contextlib
import re
import shutil
from pathlib import Path

from reader.support import files

# What must be quoted in a command line, and what must be escaped inside the quotes.
_RESERVED = re.compile(r"[\s\"'\\><~|&;$*?#()`]")
_MARKED = re.compile(r'(["`$\\])')


def read(file: Path) -> dict[str, str]:
    """The keys in the entry's main group; empty if it can't be read."""
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
    """Whether its program exists. Desktops ignore entries whose program doesn't."""
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
    """An argument as the standard quotes it in command lines, where a percent sign starts a field code."""
    argument = argument.replace("%", "%%")
    if argument and not _RESERVED.search(argument):
        return argument
    marked = _MARKED.sub(r"\\\1", argument)
    return f'"{marked}"'


def _escaped(value: str) -> str:
    """A value, escaped for the file."""
    return value.replace("\\", "\\\\").replace("\n", "\\n")
