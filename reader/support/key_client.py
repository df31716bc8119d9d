"""Where `harken-key` is, which has the running Harken obey within milliseconds: for a desktop's own keys."""

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
_PROGRAM = "harken"  # beside which it lies, and looks for it


def path() -> str:
    """Its path; "" where there is none. Blocks for small files."""
    if image := os.environ.get("APPIMAGE"):
        return _copy(image)
    folders = [Path(sys.executable).parent] if getattr(sys, "frozen", False) else []
    folders += [Path(sys.argv[0]).absolute().parent, Path(sysconfig.get_path("scripts"))]
    for folder in folders:
        if os.access(folder / NAME, os.X_OK):
            return str(folder / NAME)
    source = str(importlib.resources.files("resources").joinpath(NAME))  # of a checkout
    return shutil.which(NAME) or (source if os.access(source, os.X_OK) else "")


def shown() -> str:
    """As people type it: without its folder where that need not be said."""
    found = path()
    return NAME if found and shutil.which(NAME) else found


def folder() -> Path:
    """Where an AppImage has its copy, with a link to itself: what is in it is there only while it runs."""
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
