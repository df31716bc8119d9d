"""Where Harken stores things. Folders are created on demand, never on import."""

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
    """The user's pronunciations, a CSV table next to the settings."""
    return settings_file().with_name("pronunciations.csv")


def log_file() -> Path:
    """The log. Its folder may not exist."""
    return Path(platformdirs.user_log_dir(_APP, appauthor=False)) / "harken.log"


def state_folder() -> Path:
    """What Harken records for its own use; may not exist."""
    return Path(platformdirs.user_state_dir(_APP, appauthor=False))


def crash_folder() -> Path:
    """Crash reports; may not exist."""
    return state_folder() / "crashes"


def shown(path: Path) -> str:
    """A path as shown to people: short, and without their name, on systems that write ~ for the home folder."""
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home
        home = Path("/")
    if sys.platform == "win32" or home == Path("/") or not path.is_relative_to(home):
        return foreign.shown(path, foreign.SENTENCE_CHARS)
    return foreign.shown(Path("~") / path.relative_to(home), foreign.SENTENCE_CHARS)
