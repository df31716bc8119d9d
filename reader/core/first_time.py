"""What the user is told only once: an empty file remembers it. Small files; any thread."""

from __future__ import annotations

import logging
import os

from reader.settings.paths import settings_file, state_folder

log = logging.getLogger(__name__)

_LEFT_OUT = "left-out-told"
_FIRST_STEPS = "first-steps-shown"


def is_first_left_out() -> bool:
    """Whether nothing had ever been left out of a text before; from now on something has."""
    try:
        state_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        (state_folder() / _LEFT_OUT).touch(exist_ok=False)
    except FileExistsError:
        return False
    except OSError as error:  # else the user would be told every time
        log.warning("first time: %s", error)
        return False
    return True


def is_new_user() -> bool:
    """Whether the first steps were never shown, and nothing is set yet. Ask before the core starts."""
    return not any(os.path.lexists(path) for path in (state_folder() / _FIRST_STEPS, settings_file()))


def note_first_steps() -> None:
    """Remember that they have been shown."""
    try:
        state_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        (state_folder() / _FIRST_STEPS).touch()
    except OSError as error:
        log.warning("first steps: %s", error)
