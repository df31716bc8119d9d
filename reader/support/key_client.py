"""Finds `harken-key`, which passes commands to the running Harken within milliseconds: for desktop shortcuts."""

from __future__ import annotations

import contextlib
import importlib.resources
import os
import shutil
import sys
import sysconfig
from pathlib import Path

from reader.support import files

NAME = "harken-key"
_PROGRAM = "harken"  # it is next to this program, and looks for it


def path() -> str:
    """Its path; "" if there is none. Blocks for small files."""
    if image := os.environ.get("APPIMAGE"):
        return _copy(image)
    folders = [Path(sys.executable).parent] if getattr(sys, "frozen", False) else []
    folders += [Path(sys.argv[0]).absolute().parent, Path(sysconfig.get_path("scripts"))]
    for folder in folders:
        if os.access(folder / NAME, os.X_OK):
            return str(folder / NAME)
    source = str(importlib.resources.files("resources").joinpath(NAME))  # in a checkout
    return shutil.which(NAME) or (source if os.access(source, os.X_OK) else "")


def shown() -> str:
    """What people type to run it: without the folder if that isn't needed."""
    found = path()
    return NAME if found and shutil.which(NAME) else found


def folder() -> Path:
    """Where an AppImage keeps its copy, with a link to itself: its own files exist only while it runs."""
    state = os.environ.get("XDG_STATE_HOME", "")
    return (Path(state) if state.startswith("/") else Path.home() / ".local/state") / "harken"


def _copy(image: str) -> str:
    own = folder()
    with contextlib.suppress(OSError):
        own.mkdir(parents=True, exist_ok=True)
        files.write_text(own / NAME, importlib.resources.files("resources").joinpath(NAME).read_text("utf-8"))
        (own / NAME).chmod(0o755)
        link = own / _PROGRAM
        if not link.is_symlink() or os.readlink(link) != image:
            link.unlink(missing_ok=True)
            link.symlink_to(image)
        return str(own / NAME)
    return ""
