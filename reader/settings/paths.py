"""Where Harken keeps things. Folders are made when asked for, never on import."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

import platformdirs

from reader.errors import InstanceError
from reader.support import foreign
from reader.support.files import reason
from reader.support.i18n import translate

_APP = "harken"


def settings_file() -> Path:
    """The settings, a TOML file. Its folder may not exist."""
    return Path(platformdirs.user_config_dir(_APP, appauthor=False, roaming=True)) / "settings.toml"


def log_file() -> Path:
    """The log. Its folder may not exist."""
    return Path(platformdirs.user_log_dir(_APP, appauthor=False)) / "harken.log"


def state_folder() -> Path:
    """What Harken notes for itself and nobody else needs: may not exist."""
    return Path(platformdirs.user_state_dir(_APP, appauthor=False))


def crash_folder() -> Path:
    """Reports of crashes: may not exist."""
    return state_folder() / "crashes"


def shown(path: Path) -> str:
    """A path as people are shown it: short, and without their name, where the system writes ~ for the home folder."""
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home
        home = Path("/")
    if sys.platform == "win32" or home == Path("/") or not path.is_relative_to(home):
        return foreign.shown(path, foreign.SENTENCE_CHARS)
    return foreign.shown(Path("~") / path.relative_to(home), foreign.SENTENCE_CHARS)


def socket_address() -> str:
    """Where the running instance listens: a socket in a folder that only this user may enter.

    Raises InstanceError when the folder is somebody else's, or what stands in its place is no folder.
    """
    if sys.platform == "win32":
        return "harken"  # not yet: see ipc/server.py
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    # The standard: one that is not absolute counts as none.
    folder = Path(runtime) if runtime.startswith("/") else Path(tempfile.gettempdir()) / f"harken-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A folder that everybody may write to may have a link of anybody's by that name, which is not followed.
        found = folder.stat() if runtime.startswith("/") else folder.lstat()
    except OSError as error:
        sentence = translate(
            "reader", "{folder} can't be used ({reason}). Set XDG_RUNTIME_DIR to a folder of your own."
        )
        raise InstanceError(sentence.format(folder=folder, reason=reason(error))) from error
    is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    if not is_own or stat.S_IMODE(found.st_mode) & 0o077:
        sentence = translate(
            "reader", "Other users can open {folder}. Restrict it to yourself (mode 700), then start Harken again."
        )
        raise InstanceError(sentence.format(folder=folder))
    return str(folder / "harken.sock")
