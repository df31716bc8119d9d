"""The file by which the session bus starts Harken when a program calls it (D-Bus Specification: Starting Services)."""

from __future__ import annotations

import contextlib
import shlex
import shutil
from pathlib import Path

from reader.desktop.launch import FOR_COMMAND
from reader.support import files
from reader.support.app_id import APP_ID

# Marks files that Harken itself has written, and so may change and remove.
_OWN = "# Harken has made this file, and removes it with “harken purge”."


def text(command: list[str]) -> str:
    """A file that starts Harken with a command line."""
    started = shlex.join(["/usr/bin/env", f"{FOR_COMMAND}=1", *command])
    escaped = started.replace("\\", "\\\\").replace("\n", "\\n")
    return f"{_OWN}\n[D-BUS Service]\nName={APP_ID}\nExec={escaped}\n"


def is_own(file: Path) -> bool:
    """Whether Harken has written it."""
    return _read(file).startswith(_OWN)


def has_program(file: Path) -> bool:
    """Whether its program exists."""
    exec_line = next((line for line in _read(file).splitlines() if line.startswith("Exec=")), "")
    with contextlib.suppress(ValueError):
        words = shlex.split(exec_line.partition("=")[2].replace("\\\\", "\\"))
        return len(words) > 2 and bool(shutil.which(words[2]))
    return False


def _read(file: Path) -> str:
    with contextlib.suppress(OSError, files.DamagedFileError):
        return files.read_text(file)
    return ""
