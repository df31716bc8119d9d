"""Where Harken keeps things. Folders are made when asked for, never on import."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

from reader.support import foreign

_APP = "harken"


def settings_file() -> Path:
    """The settings, a TOML file. Its folder may not exist."""
    return Path(platformdirs.user_config_dir(_APP, appauthor=False, roaming=True)) / "settings.toml"


def pronunciations_file() -> Path:
    """The user's list of pronunciations, a table (CSV), beside the settings."""
    return settings_file().with_name("pronunciations.csv")


def log_file() -> Path:
    """The log. Its folder may not exist."""
    return Path(platformdirs.user_log_dir(_APP, appauthor=False)) / "harken.log"


def state_folder() -> Path:
    """What Harken records only for itself; may not exist."""
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
